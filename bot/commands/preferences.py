"""How a room likes its briefings: /settings, one message edited in place."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from bot.commands.request import Request, plain_message
from bot.domain.callback import CallbackData
from bot.domain.message import Button, Keyboard, Message
from bot.domain.room import Length, RoomSettings, Silence, UsualLanguages
from bot.errors import ReaderError
from bot.store import Store
from bot.texts import Texts, sentence
from summarizers import DEFAULT_METHOD, METHODS

__all__ = ["Preferences", "SettingTapped"]

_LENGTHS = {
    Length.HEADLINES: sentence("Headlines"),
    Length.BRIEF: sentence("Brief"),
    Length.DEEP: sentence("Deep"),
}
_SILENCES = {
    Silence.OFF: sentence("never"),
    Silence.NIGHT: sentence("at night"),
    Silence.ALWAYS: sentence("always"),
}
# What can be read: the languages that topics are known in, and the great ones beside them.
_LANGUAGES = ("en", "de", "es", "fr", "ko", "ru", "pt", "it")
_MAX_SENTENCES = 3
_PER_ROW = 4
# Offered in the chat: the default, sumy's best known, and the plain beginning.
_METHODS = tuple(name for name in ("centroid", "lexrank", "textrank", "lead") if name in METHODS)


@dataclass(frozen=True)
class SettingTapped(CallbackData):
    """The button that makes one choice: a setting's name, and the value chosen."""

    prefix: ClassVar[str] = "set"
    name: str
    value: str


class Preferences:
    """The use case of settings."""

    def __init__(self, store: Store, languages: UsualLanguages) -> None:
        self._store = store
        self._languages = languages

    async def settings(self, request: Request, _text: str = "") -> Message:
        """Show the room's settings, each with its choices as buttons."""
        return self._shown(request, request.room.settings)

    async def choose(self, request: Request, tapped: SettingTapped) -> Message:
        """Store a tapped choice, and show the settings anew; raise ReaderError on an old one."""
        name = tapped.name
        read = _VALUES.get(name)
        chosen = read(tapped.value, self._languages.of(request.room)) if read else None
        if chosen is None:
            raise ReaderError("old-settings-button")
        settings = request.room.settings.choose(**{_FIELDS.get(name, name): chosen})
        await self._store.chats.save_settings(request.room.id, settings)
        return self._shown(request, settings)

    def _shown(self, request: Request, settings: RoomSettings) -> Message:
        texts = request.texts
        languages = self._languages.of(replace(request.room, settings=settings))
        said = texts.join(languages, "plain") or texts._("any")
        length, silence = _LENGTHS[settings.length], _SILENCES[settings.silence]
        lines = [
            texts._("Tap to change how your briefings look."),
            "",
            texts._("Length: {length}", length=texts._(length)),
            texts._("Sentences a story: {n}", n=settings.sentences),
            texts._("Languages of articles: {languages}", languages=said),
            texts._("Summaries by: {method}", method=settings.method or DEFAULT_METHOD),
            texts._("Without a sound: {when}", when=texts._(silence)),
        ]
        return plain_message("\n".join(lines), _keyboard(settings, languages, texts))


def _length(value: str, _read: tuple[str, ...]) -> Length | None:
    return Length(value) if value in set(Length) else None


def _sentences(value: str, _read: tuple[str, ...]) -> int | None:
    return int(value) if value in {str(n) for n in range(1, _MAX_SENTENCES + 1)} else None


def _language(value: str, read: tuple[str, ...]) -> tuple[str, ...] | None:
    """Add a language to those that are ``read``, or take it away; "any" takes all away."""
    if value == "any":
        return ()
    if value not in _LANGUAGES:
        return None
    return tuple(code for code in read if code != value) if value in read else (*read, value)


def _method(value: str, _read: tuple[str, ...]) -> str | None:
    return value if value in _METHODS else None


def _silence(value: str, _read: tuple[str, ...]) -> Silence | None:
    return Silence(value) if value in set(Silence) else None


# What a button's value means, given the languages read now; None is an old button's.
_VALUES: dict[str, Callable[[str, tuple[str, ...]], Any]] = {
    "length": _length,
    "sentences": _sentences,
    "language": _language,
    "method": _method,
    "silence": _silence,
}
_FIELDS = {"language": "languages"}


def _keyboard(settings: RoomSettings, read: tuple[str, ...], texts: Texts) -> Keyboard:
    lengths = tuple(
        _button("length", one, texts._(said), chosen=settings.length is one)
        for one, said in _LENGTHS.items()
    )
    sentences = tuple(
        _button("sentences", str(n), str(n), chosen=settings.sentences == n)
        for n in range(1, _MAX_SENTENCES + 1)
    )
    any_language = _button("language", "any", texts._("any"), chosen=not read)
    languages = [
        any_language,
        *(_button("language", one, one, chosen=one in read) for one in _LANGUAGES),
    ]
    methods = tuple(
        _button("method", one, one, chosen=one == (settings.method or DEFAULT_METHOD))
        for one in _METHODS
    )
    silences = tuple(
        _button("silence", one, f"🔕 {texts._(said)}", chosen=settings.silence is one)
        for one, said in _SILENCES.items()
    )
    rows = [
        tuple(languages[at : at + _PER_ROW + 1]) for at in range(0, len(languages), _PER_ROW + 1)
    ]
    return (lengths, sentences, *rows, methods, silences)


def _button(name: str, value: str, label: str, *, chosen: bool) -> Button:
    return Button(text=f"✓ {label}" if chosen else label, data=SettingTapped(name, value).pack())
