"""What an edition said, read again: its content with the words of the texts that it quotes."""

from bot.domain.briefing import Briefing
from bot.domain.content import text_ids, with_words
from bot.store import Store
from bot.texts import Texts

__all__ = ["ContentReader"]


class ContentReader:
    """Reads contents back into briefings, of which messages can be made again."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def read(self, room_id: int, edition_id: int, texts: Texts) -> Briefing | None:
        """Return what an edition of a room said, None where no content of it is kept.

        It equals what was shown, and rendered with the same texts and options gives the same
        messages, unless an outlet got a better name since. Where a text is gone, its sentences
        say so in the language of ``texts``. Two queries. Raises StoreUnavailable.
        """
        briefing = await self._store.contents.get(room_id, edition_id)
        if briefing is None:
            return None
        articles = await self._store.contents.articles_of(text_ids(briefing))
        return with_words(briefing, articles, gone=texts._("This sentence is no longer stored."))
