"""Brings the catalogues up to date with the sentences in the source.

`python -m bot.texts.extract` adds new sentences to each catalogue and drops those that
are gone; with `--check` it changes nothing. Both then name what is not translated, and
end with exit code 1 if anything is.
"""

import ast
import re
import sys
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

__all__ = ["catalogue_paths", "main", "sentences_in", "stale", "untranslated", "update"]

_PACKAGE = Path(__file__).resolve().parents[1]
_CATALOGUES = Path(__file__).resolve().parent / "catalogues"

# What takes a sentence (the methods of Texts and the mark), and how many forms of it each.
_FORMS = {"_": 1, "gettext": 1, "ngettext": 2, "sentence": 1}

# Header fields that change with every run, or that Babel fills with placeholders.
_IDLE_HEADERS = re.compile(
    rb'"(POT-Creation-Date|PO-Revision-Date|Report-Msgid-Bugs-To|Last-Translator'
    rb"|Language-Team|Generated-By):.*\n"
)


def sentences_in(folder: Path = _PACKAGE) -> Catalog:
    """Return every sentence in the Python files below ``folder``, by file and line.

    Raises ValueError, which names the place, for a call that puts its sentence together,
    SyntaxError for a file that is no Python, and OSError; a folder that is not there has none.
    Reads every file anew. A call that is given a variable is passed over: its sentence is marked
    where it is written. Read from the syntax tree: Babel's own extractor works on tokens and
    misses calls inside f-strings.
    """
    catalogue = Catalog(project="daybrief")
    for path in sorted(folder.rglob("*.py")):
        place = path.relative_to(folder.parent).as_posix()
        for line, forms in sorted(_said(path, place)):
            catalogue.add(forms if len(forms) > 1 else forms[0], locations=[(place, line)])
    return catalogue


def catalogue_paths(folder: Path = _CATALOGUES) -> list[Path]:
    """Return the catalogues in ``folder``, by their languages' codes; none if it is not there."""
    return sorted(folder.glob("*.po"))


def update(path: Path, sentences: Catalog) -> None:
    """Rewrite the catalogue at ``path`` so that it holds ``sentences``, translations kept.

    A changed sentence is a new one: a guessed translation would be shown unread. What is not
    in ``sentences`` is dropped with its translation. Raises OSError, PoFileError for a file that
    is no catalogue (an empty one is), UnknownLocaleError or ValueError where its name is no
    language, ValueError or LookupError for bytes or a header that cannot be read. Then the file
    is as it was, unless writing it failed.
    """
    catalogue = _read(path)
    catalogue.update(sentences, no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    written = BytesIO()
    # Without line numbers, so that the file changes only when a sentence does.
    write_po(written, catalogue, width=100, include_lineno=False)
    path.write_bytes(_IDLE_HEADERS.sub(b"", written.getvalue()))


def stale(path: Path, sentences: Catalog) -> list[str]:
    """Return what the catalogue at ``path`` lacks of ``sentences`` or has beyond them, sorted.

    Plural forms are joined by " / ". Raises as ``update`` does.
    """
    known, said = _ids(_read(path)), _ids(sentences)
    return sorted(known ^ said)


def untranslated(path: Path) -> list[str]:
    """Return the sentences of the catalogue at ``path`` without a translation, in its order.

    Those of plural forms need all of them, and are joined by " / ". One marked fuzzy counts as
    none: readers get it in English. Raises as ``update`` does.
    """
    missing = []
    for message in _messages(_read(path)):
        forms = [message.string] if isinstance(message.string, str) else message.string
        if message.fuzzy or not forms or not all(forms):  # each plural form needs its own
            missing.append(_id(message))
    return missing


def main(arguments: Sequence[str] | None = None, folder: Path = _CATALOGUES) -> int:
    """Bring every catalogue of ``folder`` up to date, or only check; return the exit code.

    ``arguments`` are those of the command line if None; "--check" alone counts. Prints a line
    for each fault. Raises as ``sentences_in`` and ``update`` do; catalogues before the one that
    fails, by language, are up to date then.
    """
    arguments = sys.argv[1:] if arguments is None else arguments
    sentences = sentences_in()
    paths = catalogue_paths(folder)
    if "--check" not in arguments:
        for path in paths:
            update(path, sentences)
    missing = []
    for path in paths:
        missing += [f"{path.name}: not up to date: {line}" for line in stale(path, sentences)]
        missing += [f"{path.name}: not translated: {line}" for line in untranslated(path)]
    for line in missing:
        print(line)
    return 1 if missing else 0


def _said(path: Path, place: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield line and forms of each sentence in the file at ``path``."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if not isinstance(node, ast.Call) or _name(node) not in _FORMS:
            continue
        count = _FORMS[_name(node)]
        if node.args and isinstance(node.args[0], ast.Name | ast.Attribute):
            continue
        forms = [form.value for form in node.args[:count] if isinstance(form, ast.Constant)]
        if len(forms) < count or not all(isinstance(form, str) for form in forms):
            raise ValueError(f"{place}:{node.lineno}: write the sentence out in the call")
        yield node.lineno, tuple(map(str, forms))


def _name(call: ast.Call) -> str:
    """Return the name of the function or method that is called, "" if it has none."""
    if isinstance(call.func, ast.Name):
        return call.func.id
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def _read(path: Path) -> Catalog:
    return read_po(BytesIO(path.read_bytes()), locale=path.stem, abort_invalid=True)


def _messages(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def _ids(catalogue: Catalog) -> set[str]:
    return {_id(message) for message in _messages(catalogue)}


def _id(message: Message) -> str:
    return message.id if isinstance(message.id, str) else " / ".join(message.id)


if __name__ == "__main__":
    sys.exit(main())
