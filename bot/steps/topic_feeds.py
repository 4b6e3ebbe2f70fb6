"""Catalogue and store joined: which feeds are polled for what readers ask for."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.room import UsualLanguages
from bot.domain.subscription import SubscriptionKey, SubscriptionKind
from bot.gather.catalogue.sources import Source, Sources
from bot.store import Store
from bot.store.feeds import NewFeed
from bot.topics import languages_of_script

__all__ = ["new_feed", "renew_feeds", "sources_for"]

# Of the languages that share a script, those whose news is asked for own words.
_MAX_OWN_LANGUAGES = 2


def sources_for(
    sources: Sources, key: SubscriptionKey, languages: Sequence[str]
) -> tuple[Source, ...]:
    """Return the sources to poll for a topic or a reader's own words, at most twelve.

    In ``languages``, and before them in those that own words are written in, as far as their
    letters tell. None for the key of a feed.
    """
    if key.kind is SubscriptionKind.TOPIC:
        return sources.for_topic(key, languages=languages)
    if key.kind is not SubscriptionKind.QUERY:
        return ()
    words = key.removeprefix(SubscriptionKey.QUERY_PREFIX)
    own = languages_of_script(words)
    languages = tuple(dict.fromkeys((*own[:_MAX_OWN_LANGUAGES], *languages)))
    return sources.for_words(words, languages=languages)


def new_feed(source: Source) -> NewFeed:
    """Return a source as a feed to be stored, for all readers."""
    return NewFeed(
        url=source.feed_url,
        source=source.name,
        language=source.language,
        country=source.country,
        state_run=source.state_run,
        public=True,
    )


async def renew_feeds(
    store: Store, sources: Sources, languages: UsualLanguages, *, now: datetime
) -> bool:
    """Have the feeds of a new catalogue polled for what is read; return whether it was new.

    Each topic and each reader's words get the feeds that they would get if they were subscribed
    to today, for every language they are read in. Public feeds that are polled for nothing then
    sleep; subscriptions don't change. One query where the store knows this catalogue. Raises
    StoreUnavailable; nothing is changed then.
    """
    version = f"{sources.version} {','.join(languages.configured)}"
    if await store.topic_feeds.catalogue() == version:
        return False
    chosen: dict[SubscriptionKey, dict[str, NewFeed]] = {}
    for key, room_id in await store.topic_feeds.readers():
        room = await store.chats.get_room(room_id)
        if room is not None:
            read = languages.of(room) or (room.chat.spoken, "en")
            found = map(new_feed, sources_for(sources, key, read))
            chosen.setdefault(key, {}).update({feed.url: feed for feed in found})
    feeds = {key: tuple(found.values()) for key, found in chosen.items()}
    await store.topic_feeds.replace(feeds, version=version, now=now)
    return True
