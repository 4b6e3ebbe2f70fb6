"""The language the bot speaks in a room: /language. That of articles is among the settings."""

from bot.commands.preferences import LANGUAGES_PAGE, InterfaceTapped, SettingTapped
from bot.commands.request import Request, plain_message
from bot.domain.message import Button, Message
from bot.errors import ReaderError
from bot.store import Store
from bot.texts import LANGUAGES, texts_for
from bot.texts.language_names import find_language, native_name

__all__ = ["InterfaceTapped", "Languages"]

_PER_ROW = 3


class Languages:
    """The use case of the language of our sentences, which each room chooses for itself."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def language(self, request: Request, text: str) -> Message:
        """Speak the language that ``text`` names from now on, or show those to choose from.

        ``text`` is a code ("de") or a name in that language or in English, in any case. Languages
        of articles stay as they are. One write if it is one of ours. Raises ReaderError if it is
        none, and StoreUnavailable.
        """
        wanted = text.strip()
        if not wanted:
            return self._shown(request)
        found = find_language(wanted, LANGUAGES)
        if found is None:
            raise ReaderError("no-such-language", word=wanted[:40])
        return await self.choose(request, InterfaceTapped(found))

    async def choose(self, request: Request, tapped: InterfaceTapped) -> Message:
        """Speak a tapped language in the room from now on, or show those there are; one write.

        Raises ReaderError for one that is not offered any more, and StoreUnavailable.
        """
        if not tapped.language:
            return self._shown(request)
        if tapped.language not in LANGUAGES:
            raise ReaderError("old-button")
        settings = request.room.settings.choose(interface=tapped.language)
        await self._store.chats.save_settings(request.room.id, settings)
        # An admin who manages another room reads on in their own language.
        texts = request.texts if request.asker is not None else texts_for(tapped.language)
        name = native_name(tapped.language)
        answer = texts._("From now on I speak {language} here.", language=name)
        articles = _articles(texts._("Languages of articles"))
        return plain_message(answer, ((articles,),))

    def _shown(self, request: Request) -> Message:
        texts = request.texts
        spoken = texts_for(request.room.language).language
        buttons = [
            Button(
                text=f"✓ {native_name(code)}" if code == spoken else native_name(code),
                data=InterfaceTapped(code).pack(),
            )
            for code in LANGUAGES
        ]
        starts = range(0, len(buttons), _PER_ROW)
        rows = tuple(tuple(buttons[at : at + _PER_ROW]) for at in starts)
        question = texts._("Which language shall I speak here? Articles have their own setting.")
        return plain_message(question, (*rows, (_articles(texts._("Languages of articles")),)))


def _articles(label: str) -> Button:
    return Button(text=label, data=SettingTapped("page", LANGUAGES_PAGE).pack())
