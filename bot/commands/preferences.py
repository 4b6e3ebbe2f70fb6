"""How a room likes its briefings: /settings, one key a line, each leading to its choices."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from bot.commands.pages import button_label, button_rows
from bot.commands.questions import said
from bot.commands.request import Request, plain_message
from bot.domain.callback import CallbackData
from bot.domain.message import Button, Keyboard, Message
from bot.domain.room import Length, RoomSettings, Silence, UsualLanguages
from bot.errors import ReaderError
from bot.store import Store
from bot.texts import Texts, is_language, sentence
from summarizers import DEFAULT_METHOD, METHODS

__all__ = ["LANGUAGES_PAGE", "InterfaceTapped", "Preferences", "SettingTapped"]

_LENGTHS = {
    Length.HEADLINES: sentence("Headlines"),
    Length.BRIEF: sentence("Normal"),
    Length.DEEP: sentence("Deep"),
}
_SILENCES = {
    Silence.OFF: sentence("on"),
    Silence.NIGHT: sentence("off at night"),
    Silence.ALWAYS: sentence("off"),
}
# What else people call a length.
_TYPED_LENGTHS = {
    "short": Length.HEADLINES, "titles": Length.HEADLINES, "normal": Length.BRIEF,
    "medium": Length.BRIEF, "long": Length.DEEP, "full": Length.DEEP,
}  # fmt: skip
# The languages that most articles are in: offered first, before "More …".
_LANGUAGES = ("en", "de", "es", "fr", "ko", "ru", "pt", "it")
_MAX_SENTENCES = 3
# What may be typed in the place of a tap: by word, the setting and its values.
_TYPED: Mapping[str, tuple[str, frozenset[str]]] = {
    **dict.fromkeys(("silence", "sound", "silent"), ("silence", frozenset(Silence))),
    **dict.fromkeys(("language", "languages"), ("language", frozenset({"any"}))),
    "sentences": ("sentences", frozenset(map(str, range(1, _MAX_SENTENCES + 1)))),
}
LANGUAGES_PAGE = "languages"
# Of a longer list a key shows the first, and how many there are beside them.
_MAX_NAMED = 3
_CHOICES_PER_ROW = 3
# The Bot API allows 100 buttons below a message: these, and what leads elsewhere.
_MAX_LANGUAGES = 90


@dataclass(frozen=True)
class SettingTapped(CallbackData):
    """The button that makes one choice, or leads to a page: a setting's name, and the value."""

    prefix: ClassVar[str] = "set"
    name: str
    value: str


@dataclass(frozen=True)
class InterfaceTapped(CallbackData):
    """The button that names the language the bot speaks in a room; "" shows those there are."""

    prefix: ClassVar[str] = "speak"
    language: str


class Preferences:
    """The use case of settings; ``method`` chooses sentences for rooms that chose none."""

    def __init__(self, store: Store, languages: UsualLanguages, *, method: str = "") -> None:
        self._store = store
        self._languages = languages
        self._method = method or DEFAULT_METHOD

    async def settings(self, request: Request, text: str = "") -> Message:
        """Return the room's settings, each as a button that leads to its choices.

        They are those that came with the request. A ``text`` that names a choice ("length deep",
        "deep", "sound night", "language de") makes it first, as ``choose`` does: one write.
        """
        tapped = self._typed(request, text)
        if tapped is not None:
            return await self.choose(request, tapped)
        return self._page(request, "all", request.room.settings)

    async def choose(self, request: Request, tapped: SettingTapped) -> Message:
        """Store a tapped choice, and return the settings anew; one write.

        A language is read from now on ("reads") or no more ("drops"), so that a second tap changes
        nothing; "language", of buttons of former versions, turns it over. "any" takes all away,
        and the button it leaves brings them back ("only"); without the last, any is read. They
        hold from the next briefing on. A tapped page is shown, and nothing stored. Raises
        ReaderError for a choice that is offered no longer, and StoreUnavailable.
        """
        value, page = tapped.value, "all"
        choice: dict[str, Any]
        match tapped.name:
            case "page":
                return self._page(request, value, request.room.settings)
            case "length" if value in set(Length):
                choice = {"length": Length(value)}
            case "sentences" if value in {str(n) for n in range(1, _MAX_SENTENCES + 1)}:
                choice = {"sentences": int(value)}
            case "language" | "reads" | "drops" | "only":
                choice = {"languages": self._chosen_languages(request, tapped)}
                page = LANGUAGES_PAGE
            case "method" if value in METHODS:
                choice, page = {"method": value}, "curious"
            case "silence" if value in set(Silence):
                choice = {"silence": Silence(value)}
            case _:
                raise ReaderError("old-settings-button")
        settings = request.room.settings.choose(**choice)
        await self._store.chats.save_settings(request.room.id, settings)
        shown = self._page(request, page, settings)
        if page != LANGUAGES_PAGE or choice["languages"]:
            return shown
        # A tap must not cost a list of languages that was built with many.
        return replace(shown, keyboard=(*shown.keyboard[:-1], *self._back_to(request, shown)))

    def _chosen_languages(self, request: Request, tapped: SettingTapped) -> tuple[str, ...]:
        """Return the languages that the room reads after a tap."""
        value, read = tapped.value, self._languages.of(request.room)
        if tapped.name == "only":
            codes = tuple(dict.fromkeys(value.split(",")))
            if not all(map(is_language, codes)):
                raise ReaderError("old-settings-button")
            return codes
        if tapped.name == "language" and value == "any":
            return ()
        if value not in self._offered(request.room.settings):
            raise ReaderError("old-settings-button")
        others = tuple(code for code in read if code != value)
        if tapped.name == "drops" or (tapped.name == "language" and value in read):
            return others
        return read if value in read else (*read, value)

    def _back_to(self, request: Request, shown: Message) -> Keyboard:
        """Return the last row of ``shown`` below a button for the languages read so far."""
        texts, read = request.texts, self._languages.of(request.room)
        rows = shown.keyboard[-1:]
        if not read:
            return rows
        data = SettingTapped("only", ",".join(read)).pack
        names = texts.join([texts.language_name(code) for code in read], "plain")
        try:
            return ((Button(text=button_label(f"↩ {names}"), data=data()),), *rows)
        except ValueError:  # more languages than a button can carry
            return rows

    def _page(self, request: Request, page: str, settings: RoomSettings) -> Message:
        """Return a page of the settings; raise ReaderError for one that is not there."""
        match page:
            case "all":
                return self._all(request, settings)
            case "curious":
                return self._curious(request, settings)
            case "length":
                choices = [
                    _button("length", value, request.texts._(label), settings.length is value)
                    for value, label in _LENGTHS.items()
                ]
            case "sentences":
                choices = [
                    _button("sentences", str(n), str(n), settings.sentences == n)
                    for n in range(1, _MAX_SENTENCES + 1)
                ]
            case "sound":
                choices = [
                    _button("silence", value, request.texts._(label), settings.silence is value)
                    for value, label in _SILENCES.items()
                ]
            case "languages" | "more":
                return self._language_page(request, settings, is_whole=page == "more")
            case _:
                raise ReaderError("old-settings-button")
        line = self._lines(request, settings)[page]
        return plain_message(line, (tuple(choices), (_all_settings(request.texts),)))

    def _all(self, request: Request, settings: RoomSettings) -> Message:
        texts = request.texts
        lines = self._lines(request, settings)
        rows: list[tuple[Button, ...]] = []
        for page, line in lines.items():
            rows.append((_to(page, line),))
            if page == LANGUAGES_PAGE:  # what many add at first: one tap less
                rows += self._usual(request, settings)
        spoken = f"🗣 {texts.language_name(texts.language)}"
        rows.append((Button(text=spoken, data=InterfaceTapped("").pack()),))
        if request.room.chat.kind == "private":  # a group has no data of one person
            rows.append((Button(text=texts._("Your data"), data=said("privacy")),))
        rows.append((_to("curious", texts._("For the curious")),))
        head = texts._("Tap to change how your briefings look.")
        return plain_message("\n".join([head, "", *lines.values()]), tuple(rows))

    def _usual(self, request: Request, settings: RoomSettings) -> Keyboard:
        """Return the languages read and the usual ones, with "any" before them."""
        texts = request.texts
        read = self._languages.of(replace(request.room, settings=settings))
        codes = list(dict.fromkeys([*read[:_MAX_NAMED], *_LANGUAGES]))
        any_language = _button("language", "any", texts._("any"), not read)
        choices = [
            # The code is what some know a language by, whatever it is called in their own.
            _button("drops" if code in read else "reads", code,
                    f"{texts.language_name(code)} ({code})", code in read)
            for code in codes
        ]  # fmt: skip
        return button_rows([any_language, *choices], _CHOICES_PER_ROW)

    def _lines(self, request: Request, settings: RoomSettings) -> dict[str, str]:
        """Return what is set, by the page that changes it."""
        texts = request.texts
        read = self._languages.of(replace(request.room, settings=settings))
        names = [texts.language_name(code) for code in read[:_MAX_NAMED]]
        if len(read) > _MAX_NAMED:
            names.append(f"+{len(read) - _MAX_NAMED}")
        languages = texts.join(names, "plain") or texts._("any")
        length, silence = _LENGTHS[settings.length], _SILENCES[settings.silence]
        return {
            "length": texts._("Length: {length}", length=texts._(length)),
            "sentences": texts._("Sentences a story: {n}", n=settings.sentences),
            LANGUAGES_PAGE: texts._("Languages: {languages}", languages=languages),
            "sound": texts._("Sound: {when}", when=texts._(silence)),
        }

    def _language_page(
        self, request: Request, settings: RoomSettings, *, is_whole: bool
    ) -> Message:
        """Return the languages of articles: those read with the usual, or all there are."""
        texts = request.texts
        read = self._languages.of(replace(request.room, settings=settings))
        codes = list(dict.fromkeys([*read, *_LANGUAGES]))
        if is_whole:
            codes = sorted(self._offered(settings), key=texts.language_name)
        buttons = [
            _button("drops" if code in read else "reads", code, texts.language_name(code),
                    code in read)
            for code in codes[:_MAX_LANGUAGES]
        ]  # fmt: skip
        any_language = _button("language", "any", texts._("any"), not read)
        around: Keyboard = ((any_language,),)
        if not is_whole:
            around = ((any_language, _to("more", texts._("More …"))),)
        question = texts._("Which languages may articles be in? A tap adds one, or drops it.")
        return plain_message(
            question,
            (*button_rows(buttons, _CHOICES_PER_ROW), *around, (_all_settings(texts),)),
        )

    def _offered(self, settings: RoomSettings) -> set[str]:
        """Return the codes of all languages that can be chosen: those of any source of ours."""
        own = settings.languages or ()
        return {*_LANGUAGES, *self._languages.available, *self._languages.configured, *own}

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
        choices = [_button("method", name, name, name == method) for name in METHODS]
        rows = button_rows(choices, _CHOICES_PER_ROW)
        return plain_message("\n".join(lines), (*rows, (_all_settings(texts),)))

    def _typed(self, request: Request, text: str) -> SettingTapped | None:
        """Return the choice that ``text`` names, None if it names none."""
        words = text.lower().replace(":", " ").replace("=", " ").split()
        name, value = (words[0], words[1]) if len(words) == 2 else ("", "".join(words))
        for length in Length:
            if length in {value, _TYPED_LENGTHS.get(value)} and name in {"", "length", "size"}:
                return SettingTapped("length", length.value)
        setting, values = _TYPED.get(name, ("", frozenset()))
        if value in values:
            return SettingTapped(setting, value)
        if name in {"language", "languages"}:
            code = _named(value, self._offered(request.room.settings), request.texts)
            return SettingTapped("reads", code) if code else None
        return None


def _named(word: str, codes: Iterable[str], texts: Texts) -> str:
    """Return which of ``codes`` a word names: a code, or a name in the reader's language."""
    return next((c for c in codes if word in {c, texts.language_name(c).lower()}), "")


def _all_settings(texts: Texts) -> Button:
    return _to("all", texts._("All settings"))


def _to(page: str, label: str) -> Button:
    return Button(text=button_label(label), data=SettingTapped("page", page).pack())


def _button(name: str, value: str, label: str, chosen: bool) -> Button:
    return Button(text=f"✓ {label}" if chosen else label, data=SettingTapped(name, value).pack())
