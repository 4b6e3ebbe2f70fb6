"""Which outlet an address belongs to, by an id that stays, and what the outlet is called.

Ids and names are the catalogue's; an outlet that is not in it is known by its host, and where
several share a host by its section or name.
"""

import json
import unicodedata
from dataclasses import dataclass
from enum import IntEnum
from functools import cache, cached_property
from importlib import resources
from itertools import pairwise
from urllib.parse import parse_qsl, urlsplit

import regex

from bot.gather.http.urls import page_key
from bot.gather.pages.outlet_names import resembles
from bot.topics import load_topics
from bot.topics.fold import fold

__all__ = ["Naming", "OutletName", "Outlets", "load_outlets", "outlet_id"]

_MAX_NAME_CHARS = 80
# Hosts by which an outlet serves its feeds, beside the host of its pages.
_FEED_HOST = regex.compile(r"^(?:feeds?|rss\d?|xml|atom)\.(?=[^.]+\.)")
# How sites with many authors mark whose a path is: "/@name" and "/~name", or a folder of such.
_MARKED = regex.compile(r"[@~].+")
_FOLDERS = frozenset({"blogs", "users", "user", "u", "r", "channel", "channels"})
_PARAMETERS = frozenset({"channel_id", "playlist_id"})
# Where a title names the desk, the outlet and its slogan.
_BORDER = regex.compile(r"\s+[-–—|•·»›>~/]+\s+|[»›•|]\s+|\s+[»›•|]|::|:\s+")
# A longer part is a slogan, and so is one with a comma.
_MAX_NAME_WORDS = 6
# Words that stand in titles of feeds for the feed itself, not for whose it is.
_NO_NAMES = frozenset({
    "a", "all", "and", "article", "articles", "atom", "blog", "blogs", "channel", "content",
    "default", "entries", "feed", "feeds", "for", "from", "front", "full", "headline",
    "headlines", "home", "homepage", "index", "latest", "main", "my", "new", "news", "newest",
    "of", "on", "our", "page", "pages", "post", "posts", "recent", "rss", "rss1", "rss2", "site",
    "stories", "story", "text", "the", "title", "today", "top", "untitled", "update", "updates",
    "xml", "aktuell", "aktuelle", "aktuelles", "nachrichten", "startseite", "meldungen",
    "actualités", "actualité", "accueil", "flux", "toutes", "les", "noticias", "últimas",
    "inicio", "portada", "notizie", "ultime", "nieuws", "nyheter", "nyheder", "uutiset",
    "wiadomości", "zprávy", "haberler", "новости", "новини",
})  # fmt: skip
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")
# What names of outlets end in, and people leave out.
_NAME_ENDS = frozenset({"com", "news", "online"})
# Languages of feeds in Latin letters, of outlets whose own names are in others.
_LATIN = frozenset({"en", "de", "fr", "es", "pt", "it", "id", "ms", "tr", "vi", "sq", "ro"})


class Naming(IntEnum):
    """Where the name of an outlet comes from; the higher, the better."""

    HOST = 1
    FEED = 2
    PAGE = 3  # or who added the feed
    CATALOGUE = 4


@dataclass(frozen=True, slots=True)
class OutletName:
    """The name of the outlet with an id, and where it comes from."""

    outlet: str
    name: str
    naming: Naming


class Outlets:
    """The outlets of the catalogue. Immutable; made once, by ``load_outlets``."""

    def __init__(self, rows: list[dict[str, object]]) -> None:
        self._names = {str(row["id"]): str(row["name"]) for row in rows}
        self._english = {str(r["id"]): str(r["english"]) for r in rows if "english" in r}
        self._words = frozenset(str(row["id"]) for row in rows if row.get("word"))
        self._at: dict[str, str] = {}
        for row in rows:
            places = row["at"]
            assert isinstance(places, list)
            self._at |= dict.fromkeys(places, str(row["id"]))

    def __len__(self) -> int:
        """Return how many outlets there are."""
        return len(self._names)

    def id_of(self, url: str, title: str = "") -> str:
        """Return the id of the outlet whose feed or page is at ``url``, "" for no web address.

        The catalogue's where it knows the address, its folder or its host. Else the host, without
        "www." and the like, and what tells apart those that share one: the mark of an author in
        the path, or ``title``, the feed's, where that is a name and not the host's. The same for
        the same arguments; a feed keeps the id that it was given first. Never raises.
        """
        place = _Place.of(url)
        if place is None:
            return ""
        if (known := self._known(place)) is not None:
            return known
        if place.section:
            return f"{place.site}/{place.section}"
        name = _name_in(title, url, place)
        if name and not resembles(name, url):
            words = _WORD.findall(unicodedata.normalize("NFKC", name.casefold()))
            return f"{place.site}/{'-'.join(words) or '-'}"
        return place.site

    def name_of(self, outlet: str) -> OutletName | None:
        """Return the catalogue's name of the outlet with an id, None if it knows none; O(1)."""
        name = self._names.get(outlet)
        return OutletName(outlet, name, Naming.CATALOGUE) if name else None

    def name_for(self, outlet: str, language: str) -> str:
        """Return what the outlet with an id is called by readers of ``language`` (ISO 639).

        Its own name, or for the languages of other scripts than that its name in English, where
        it has one; "" for an outlet that is not in the catalogue. O(1).
        """
        own = self._names.get(outlet, "")
        english = self._english.get(outlet)
        return english if english and language in _LATIN else own

    def called(self, words: str) -> tuple[str, ...]:
        """Return the ids of the outlets called ``words``, those of that very name before others.

        Case, accents, punctuation, "the" and what names of outlets end in ("News") make no
        difference. A name that is an ordinary word ("Time") finds none. The first call takes
        some 0.05 s longer.
        """
        exact, short = _called(words), _short_name(words)
        found = (*self._called.get(exact, ()), *self._called.get(short, ()))
        return tuple(dict.fromkeys(found))

    @cached_property
    def _called(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for names in (self._names, self._english):
            for outlet, name in names.items():
                if outlet not in self._words:
                    for key in dict.fromkeys((_called(name), _short_name(name))):
                        found.setdefault(key, []).append(outlet)
        found.pop("", None)
        return found

    def named_by_feed(self, outlet: str, url: str, *, title: str, given: str = "") -> OutletName:
        """Return the best name of an outlet that its feed at ``url`` gives.

        That of the catalogue, else ``given`` by whoever added the feed, else in the feed's
        ``title``, without desk and slogan; else its host and section.
        """
        if known := self.name_of(outlet):
            return known
        place = _Place.of(url)
        host = _host(url)
        is_address = "." in given and given.lower() in url.lower()
        if given and not is_address:
            return OutletName(outlet, given[:_MAX_NAME_CHARS], Naming.PAGE)
        if place and (name := _name_in(title, url, place)):
            return OutletName(outlet, name, Naming.FEED)
        section = f"/{place.section}" if place and place.section else ""
        return OutletName(
            outlet, (place.site if section and place else host) + section, Naming.HOST
        )

    def named_by_page(self, outlet: str, url: str, name: str) -> OutletName | None:
        """Return the name that the page at ``url`` gives its outlet, None if it is no better.

        The name must resemble the host, which that of an agency or a publishing house does not,
        and an outlet that shares its host is not called by it.
        """
        name = name.strip()
        place = _Place.of(url)
        if outlet in self._names or place is None or outlet != place.site:
            return None
        is_name = 0 < len(name) <= _MAX_NAME_CHARS and not _is_generic(name) and "." not in name
        return OutletName(outlet, name, Naming.PAGE) if is_name and resembles(name, url) else None

    def _known(self, place: "_Place") -> str | None:
        """Return the id of the longest beginning of an address that the catalogue has."""
        whole = "/".join((place.host, *place.segments))
        if place.query and (found := self._at.get(f"{whole}?{place.query}")):
            return found
        for count in range(len(place.segments), -1, -1):
            found = self._at.get("/".join((place.host, *place.segments[:count])))
            if found is not None:
                # A host's own outlet does not speak for the authors who share the host.
                return None if place.section and count == 0 else found
        return None


@dataclass(frozen=True, slots=True)
class _Place:
    """An address, taken apart: ``site`` is the host of the outlet, "" no section of it."""

    host: str
    segments: tuple[str, ...]
    query: str
    site: str
    section: str

    @classmethod
    def of(cls, url: str) -> "_Place | None":
        if not _host(url):
            return None
        address, _, query = page_key(url).partition("?")
        host, *segments = address.split("/")
        section = next((part for part in segments[:3] if _MARKED.fullmatch(part)), "")
        for folder, name in pairwise(segments[:3]):
            if not section and folder in _FOLDERS and "." not in name:
                section = f"{folder}/{name}"
        for name, value in parse_qsl(query):
            if not section and name in _PARAMETERS:
                section = value
        return cls(host, tuple(segments), query, _FEED_HOST.sub("", host), section)


def _host(url: str) -> str:
    """Return the host of a web address, "" for anything else."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return parts.hostname or "" if parts.scheme.lower() in {"http", "https"} else ""


def _called(name: str) -> str:
    return " ".join(_WORD.findall(fold(name)))


def _short_name(name: str) -> str:
    """Return how people call an outlet: "bbc" for "BBC News", "guardian" for "The Guardian"."""
    words = _called(name).split()
    if len(words) > 1 and words[0] == "the":
        words = words[1:]
    if len(words) > 1 and words[-1] in _NAME_ENDS:
        words = words[:-1]
    return " ".join(words)


def _is_generic(name: str) -> bool:
    """Return whether words say what a feed holds (a topic, "Latest news"), not whose it is."""
    words = [word for word in _WORD.findall(name.casefold()) if word not in _NO_NAMES]
    return not words or load_topics().find(" ".join(words)) is not None


def _name_in(title: str, url: str, place: _Place) -> str:
    """Return the outlet's name in the title of its feed, "" if there is none.

    Of its parts that which resembles the host, else the first that is no topic; where an author
    shares the host, the host's own name is no part.
    """
    parts = [" ".join(part.split()) for part in _BORDER.split(" ".join(title.split()))]
    parts = [part for part in parts if 0 < len(part) <= _MAX_NAME_CHARS]
    own = [part for part in parts if resembles(part, url)]
    if place.section:
        return next((part for part in parts if part not in own and _is_name(part)), "")
    # "quay.example RSS" is of Quay, but the host says as much; "Quay News" is its name.
    own = [part for part in own if len(part) > 1]
    return next(iter(own), "") or next((part for part in parts if _is_name(part)), "")


def _is_name(part: str) -> bool:
    is_slogan = "," in part or len(part.split()) > _MAX_NAME_WORDS
    return not is_slogan and not _is_generic(part)


@cache
def load_outlets() -> Outlets:
    """Return the catalogue that comes with the program; read once, then cached.

    The first call blocks some 0.05 s while it reads a file of 3,000 rows.
    """
    text = resources.files("bot.gather.catalogue").joinpath("outlets.json").read_text("utf-8")
    return Outlets(json.loads(text))


def outlet_id(url: str, title: str = "") -> str:
    """Return ``Outlets.id_of`` of the catalogue that comes with the program."""
    return load_outlets().id_of(url, title)
