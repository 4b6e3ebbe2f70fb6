"""Every sentence in the source stands in every catalogue, translated, with its blanks."""

import string
import sys
from io import BytesIO

import pytest
from babel.messages.pofile import read_po

from bot.texts import extract, texts_for
from bot.texts.bidi import commands_isolated
from bot.texts.catalogues import LANGUAGES, translations_for
from tests.fakes.telegram_oracle import expected_commands

PATHS = extract.catalogue_paths()


@pytest.fixture(scope="module")
def sentences():
    return extract.sentences_in()


def blanks(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def forms(value):
    return [value] if isinstance(value, str) else list(value)


def test_each_catalogue_is_a_language():
    assert ("en", *(path.stem for path in PATHS)) == LANGUAGES
    assert "de" in LANGUAGES


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_catalogue_holds_what_the_source_says_and_nothing_else(path, sentences):
    assert extract.stale(path, sentences) == [], "run python -m bot.texts.extract"


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_nothing_is_left_untranslated(path):
    assert extract.untranslated(path) == []


def of_one_number(language):
    """Return the plural forms that stand for 1 alone or for 2 alone, and may say it in letters.

    As Arabic does. That of 0 keeps its figure: "0" may be what is told.
    """
    chosen = [translations_for(language).plural(n) for n in range(1000)]
    return {form for form in chosen[1:3] if chosen.count(form) == 1}


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_translation_has_the_blanks_of_its_sentence(path):
    for message in read_po(BytesIO(path.read_bytes()), locale=path.stem):
        if message.id and all(forms(message.string)):
            wanted = blanks(forms(message.id)[-1])
            for index, form in enumerate(forms(message.string)):
                spelt_out = {"n"} if index in of_one_number(path.stem) else set()
                assert wanted - spelt_out <= blanks(form) <= wanted


def commands(text):
    """Return the commands of a text as Telegram finds them, which makes them links."""
    encoded = text.encode("utf-16-le")
    found = expected_commands(text)
    return sorted(encoded[2 * at : 2 * (at + length)].decode("utf-16-le") for at, length in found)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_translation_has_the_commands_of_its_sentence(path):
    texts = texts_for(path.stem)
    for message in read_po(BytesIO(path.read_bytes()), locale=path.stem):
        for english in forms(message.id)[-1:] if "/" in str(message.id) else []:
            for form in forms(message.string):
                shown = commands_isolated(form) if texts.is_right_to_left else form
                assert commands(shown) == commands(english)


def test_a_sentence_without_a_translation_stays_english():
    assert translations_for("de").gettext("Nobody says this") == "Nobody says this"


def source(folder, code):
    package = folder / "bot"
    package.mkdir()
    (package / "said.py").write_text(code, encoding="utf-8")
    return package


def said(folder, code):
    return [message.id for message in extract.sentences_in(source(folder, code)) if message.id]


def test_sentences_are_found_in_every_kind_of_call(tmp_path):
    code = """
texts._("One")
_("Two " "halves")
TABLE = (("two", sentence("And a half")),)
print(texts._(variable), texts._(self.told))
f"<b>{self.texts.gettext('Three')}</b>"
print(texts.ngettext("{n} cat", "{n} cats", n, colour="red"))
obj.other("Four")
(lambda: 1)()
texts._("One")
"""
    assert said(tmp_path, code) == [
        "One",
        "Two halves",
        "And a half",
        "Three",
        ("{n} cat", "{n} cats"),
    ]


@pytest.mark.parametrize("call", ['_("a" + b)', "t._(f'{a}')", "t.ngettext('a', 1, 2)", "_()"])
def test_a_sentence_that_cannot_be_extracted_is_an_error(tmp_path, call):
    with pytest.raises(ValueError, match=r"bot/said.py:1: write the sentence out"):
        said(tmp_path, call)


@pytest.fixture
def catalogue(tmp_path):
    path = tmp_path / "de.po"
    path.write_text(
        '# German.\nmsgid ""\nmsgstr ""\n"Language: de\\n"\n"Last-Translator: Nobody\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
        'msgid "Kept"\nmsgstr "Behalten"\n\nmsgid "Gone"\nmsgstr "Weg"\n',
        encoding="utf-8",
    )
    return path


def test_updating_keeps_translations_adds_what_is_new_and_drops_what_is_gone(catalogue, tmp_path):
    sentences = extract.sentences_in(
        source(tmp_path, '_("Kept")\n_("Keep")\nngettext("a", "b", 2)')
    )
    assert extract.stale(catalogue, sentences) == ["Gone", "Keep", "a / b"]
    extract.update(catalogue, sentences)
    assert extract.stale(catalogue, sentences) == []
    assert extract.untranslated(catalogue) == ["Keep", "a / b"]
    written = catalogue.read_text("utf-8")
    assert 'msgid "Kept"\nmsgstr "Behalten"' in written
    assert "Gone" not in written
    assert "Last-Translator" not in written
    extract.update(catalogue, sentences)
    assert catalogue.read_text("utf-8") == written
    # gettext shows no guess.
    catalogue.write_text(written.replace('msgid "Kept"', '#, fuzzy\nmsgid "Kept"'), "utf-8")
    assert "Kept" in extract.untranslated(catalogue)


def test_checking_passes_and_changes_nothing(capsys):
    before = [path.read_bytes() for path in PATHS]
    assert extract.main(["--check"]) == 0
    assert capsys.readouterr().out == ""
    assert [path.read_bytes() for path in PATHS] == before


def test_what_is_missing_is_named(catalogue, capsys):
    assert extract.main(["--check"], catalogue.parent) == 1
    assert "de.po: not up to date: Gone\n" in capsys.readouterr().out
    assert extract.main([], catalogue.parent) == 1
    out = capsys.readouterr().out
    assert "not up to date" not in out
    assert "de.po: not translated: That's all.\n" in out


def test_a_plural_with_one_of_its_forms_is_not_translated(catalogue):
    text = catalogue.read_text("utf-8")
    plural = 'msgid "{n} dam"\nmsgid_plural "{n} dams"\nmsgstr[0] "{n} Damm"\nmsgstr[1] ""\n'
    catalogue.write_text(f"{text}\n{plural}", "utf-8")
    assert extract.untranslated(catalogue) == ["{n} dam / {n} dams"]


def test_a_catalogue_names_files_without_their_lines(catalogue, tmp_path):
    extract.update(catalogue, extract.sentences_in(source(tmp_path, '_("Kept")')))
    places = [line for line in catalogue.read_text("utf-8").splitlines() if line[:2] == "#:"]
    assert len(places) == 1
    assert places[0].endswith(".py")


def test_without_arguments_those_of_the_command_line_count(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["extract", "--check"])
    assert extract.main() == 0
    assert capsys.readouterr().out == ""
