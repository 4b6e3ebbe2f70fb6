"""How a room likes its briefings: /settings, one message edited in place."""

from dataclasses import dataclass, replace
from typing import Any, ClassVar

from bot.commands.request import Request, plain_message
from bot.domain.callback import CallbackData
from bot.domain.message import Button, Message
from bot.domain.room import Length, RoomSettings, Silence, UsualLanguages
from bot.errors import ReaderError
from bot.store import Store
from bot.texts import sentence
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
# What else people call a length.
_TYPED_LENGTHS = {
    "short": Length.HEADLINES, "titles": Length.HEADLINES, "normal": Length.BRIEF,
    "medium": Length.BRIEF, "long": Length.DEEP, "full": Length.DEEP,
}  # fmt: skip
# The languages that topics are known in, and two that many articles are in beside them.
_LANGUAGES = ("en", "de", "es", "fr", "ko", "ru", "pt", "it")
_MAX_SENTENCES = 3
_PAGES = frozenset({"all", "curious"})
_LANGUAGES_PER_ROW = 5
_METHODS_PER_ROW = 3


@dataclass(frozen=True)
class SettingTapped(CallbackData):
    """The button that makes one choice: a setting's name, and the value chosen."""

    prefix: ClassVar[str] = "set"
    name: str
    value: str


class Preferences:
    """The use case of settings; ``method`` chooses sentences for rooms that chose none."""

    def __init__(self, store: Store, languages: UsualLanguages, *, method: str = "") -> None:
        self._store = store
        self._languages = languages
        self._method = method or DEFAULT_METHOD

    async def settings(self, request: Request, text: str = "") -> Message:
        """Return the room's settings, each with its choices as buttons.

        They are those that came with the request. A ``text`` that names a choice ("length deep",
        "deep", "silence night", "language de") makes it first, as ``choose`` does: one write.
        """
        tapped = _typed(text, self._languages.of(request.room))
        if tapped is not None:
            return await self.choose(request, tapped)
        return self._shown(request, request.room.settings)

    async def choose(self, request: Request, tapped: SettingTapped) -> Message:
        """Store a tapped choice, and return the settings anew; one write.

        A language is added to those the room reads, or taken away, so that the same tap twice
        leaves those it reads; "any" takes all away, and without the last, any is read. They hold
        from the next briefing on. A tapped page is shown, and nothing stored. Raises ReaderError
        for a choice that is offered no longer, and StoreUnavailable.
        """
        value, read = tapped.value, self._languages.of(request.room)
        choice: dict[str, Any]
        match tapped.name:
            case "page" if value in _PAGES:
                show = self._curious if value == "curious" else self._shown
                return show(request, request.room.settings)
            case "length" if value in set(Length):
                choice = {"length": Length(value)}
            case "sentences" if value in {str(n) for n in range(1, _MAX_SENTENCES + 1)}:
                choice = {"sentences": int(value)}
            case "language" if value == "any":
                choice = {"languages": ()}
            case "language" if value in _LANGUAGES:
                others = tuple(code for code in read if code != value)
                choice = {"languages": others if value in read else (*read, value)}
            case "method" if value in METHODS:
                choice = {"method": value}
            case "silence" if value in set(Silence):
                choice = {"silence": Silence(value)}
            case _:
                raise ReaderError("old-settings-button")
        settings = request.room.settings.choose(**choice)
        await self._store.chats.save_settings(request.room.id, settings)
        show = self._curious if tapped.name == "method" else self._shown
        return show(request, settings)

    def _shown(self, request: Request, settings: RoomSettings) -> Message:
        texts = request.texts
        languages = self._languages.of(replace(request.room, settings=settings))
        language_names = texts.join(languages, "plain") or texts._("any")
        length, silence = _LENGTHS[settings.length], _SILENCES[settings.silence]
        lines = [
            texts._("Tap to change how your briefings look."),
            "",
            texts._("Length: {length}", length=texts._(length)),
            texts._("Sentences a story: {n}", n=settings.sentences),
            texts._("Languages of articles: {languages}", languages=language_names),
            texts._("Without a sound: {when}", when=texts._(silence)),
        ]
        any_language = _button("language", "any", texts._("any"), chosen=not languages)
        codes = [_button("language", code, code, chosen=code in languages) for code in _LANGUAGES]
        choices = [any_language, *codes]
        keyboard = (
            tuple(
                _button("length", value, texts._(label), chosen=settings.length is value)
                for value, label in _LENGTHS.items()
            ),
            tuple(
                _button("sentences", str(n), str(n), chosen=settings.sentences == n)
                for n in range(1, _MAX_SENTENCES + 1)
            ),
            *(
                tuple(choices[at : at + _LANGUAGES_PER_ROW])
                for at in range(0, len(choices), _LANGUAGES_PER_ROW)
            ),
            tuple(
                _button("silence", value, f"🔕 {texts._(label)}", chosen=settings.silence is value)
                for value, label in _SILENCES.items()
            ),
        )
        curious = _button("page", "curious", texts._("For the curious"), chosen=False)
        return plain_message("\n".join(lines), (*keyboard, (curious,)))

    def _curious(self, request: Request, settings: RoomSettings) -> Message:
        """Return the page of methods, which are there to be compared."""
        texts = request.texts
        method = settings.method or self._method
        lines = [
            texts._("For the curious: who chooses the sentences of your briefing."),
            texts._(
                "{method} is made for this and reads best. The others are known from books and "
                "read worse: try them on your own news.",
                method=DEFAULT_METHOD,
            ),
            "",
            texts._("Summaries by: {method}", method=method),
        ]
        choices = [_button("method", name, name, chosen=name == method) for name in METHODS]
        rows = (
            tuple(choices[at : at + _METHODS_PER_ROW])
            for at in range(0, len(choices), _METHODS_PER_ROW)
        )
        back = _button("page", "all", texts._("All settings"), chosen=False)
        return plain_message("\n".join(lines), (*rows, (back,)))


def _typed(text: str, read: tuple[str, ...]) -> SettingTapped | None:
    """Return the choice that ``text`` names, None if it names none, or a language read already."""
    words = text.lower().replace(":", " ").replace("=", " ").split()
    name, value = (words[0], words[1]) if len(words) == 2 else ("", "".join(words))
    for length in Length:
        if length in {value, _TYPED_LENGTHS.get(value)} and name in {"", "length", "size"}:
            return SettingTapped("length", length.value)
    if name in {"silence", "sound", "silent"} and value in set(Silence):
        return SettingTapped("silence", value)
    if name == "sentences" and value in {str(n) for n in range(1, _MAX_SENTENCES + 1)}:
        return SettingTapped("sentences", value)
    if name in {"language", "languages"} and value in {*_LANGUAGES, "any"} - set(read):
        return SettingTapped("language", value)
    return None


def _button(name: str, value: str, label: str, *, chosen: bool) -> Button:
    return Button(text=f"✓ {label}" if chosen else label, data=SettingTapped(name, value).pack())
