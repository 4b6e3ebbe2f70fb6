"""A text cut into what can be told apart: words, quotes, addresses, clock times, signs."""

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum

from bot.topics.fold import fold, is_unspaced, squeeze

__all__ = ["MAX_TOKENS", "Token", "TokenKind", "folded_words", "tokens_of"]

# A text of more tokens is no wish but a text pasted by mistake: the rest is not cut.
MAX_TOKENS = 120

_QUOTES = '"“”„‟«»「」『』《》＂'
# One alternative a kind; none repeats within a repetition, so each is linear in the text.
_ITEM = re.compile(
    rf"[{_QUOTES}](?P<quote>[^{_QUOTES}\n]{{1,200}})[{_QUOTES}]"
    r"|(?P<url>https?://\S{1,2000})"
    r"|(?P<clock>(?<![\w:.])\d{1,2}[:.]\d\d(?::\d\d)?(?![\d:]|\.\d)"
    r"|(?<!\w)\d{1,2}[hH]\d\d(?!\w))"
    r"|(?P<number>\d{1,9})"
    r"|(?P<sign>[,;\n&+/|?？！!。、，،؛؟：:.。…\-–—#=(){}<>$€%@*_\[\]\\^~`])"
    rf"|(?P<word>[^\s\d,;&+/|?？！!。、，،؛؟：:.…–—#=(){{}}<>$€%@*_\[\]\\^~`{_QUOTES}-]+)"
)
_HOST = re.compile(
    r"(?<![\w@/.-])(?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,13}(?![\w.-])(?:/\S{0,2000})?", re.IGNORECASE
)
# Letters of Arabic that are typed one for another, and Persian ones that look alike.
_ARABIC = str.maketrans("أإآٱةىیکۀ", "ااااهييكه")
# "And" in Arabic, written as one with the word that follows.
_AND = "و"
_MIN_AFTER_AND = 3
# Endings of hosts that people type without a scheme; "ok.thanks" is no site.
_ENDINGS = frozenset(
    [
        "com",
        "org",
        "net",
        "info",
        "news",
        "gov",
        "edu",
        "int",
        "eu",
        "tv",
        "io",
        "uk",
        "de",
        "fr",
        "es",
        "br",
        "it",
        "ru",
        "ua",
        "tr",
        "ir",
        "in",
        "kr",
        "jp",
        "cn",
        "pl",
        "id",
        "at",
        "ch",
        "be",
        "nl",
        "se",
        "no",
        "dk",
        "fi",
        "us",
        "ca",
        "au",
        "nz",
        "ie",
        "pt",
        "mx",
        "ar",
        "cl",
        "co",
        "za",
        "ng",
        "ke",
        "il",
        "sa",
        "ae",
        "eg",
        "gr",
        "cz",
        "hu",
        "ro",
        "bg",
        "rs",
        "hr",
        "sk",
        "lt",
        "lv",
        "ee",
        "is",
        "by",
        "kz",
        "ge",
        "am",
        "az",
        "tw",
        "hk",
        "sg",
        "my",
        "ph",
        "th",
        "vn",
        "pk",
        "bd",
        "lk",
        "np",
    ]
)


class TokenKind(Enum):
    """What a token is."""

    WORD = "word"
    QUOTE = "quote"
    URL = "url"
    CLOCK = "clock"
    NUMBER = "number"
    SIGN = "sign"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a text: ``key`` is how it is looked up, ``shown`` how it was typed.

    ``start`` and ``end`` are its place in the text that ``tokens_of`` returned. A word of a
    script without spaces, and one of Korean, is one token a character.
    """

    kind: TokenKind
    key: str
    shown: str
    start: int
    end: int


def tokens_of(text: str) -> tuple[str, list[Token]]:
    """Return ``text`` with digits and full-width signs made plain, and its tokens in order.

    At most ``MAX_TOKENS`` and one more are cut: whoever counts them knows that there is more.
    Never raises; linear in the text.
    """
    plain = _plain(text)
    tokens: list[Token] = []
    hosts = [found for found in _HOST.finditer(plain) if _is_host(found[0])]
    at = 0
    for host in hosts:
        if host.start() < at:
            continue
        _cut(plain, at, host.start(), tokens)
        tokens.append(Token(TokenKind.URL, host[0], host[0], host.start(), host.end()))
        at = host.end()
    _cut(plain, at, len(plain), tokens)
    return plain, tokens[: MAX_TOKENS + 1]


def folded_words(text: str) -> tuple[str, ...]:
    """Return the keys of the words and numbers of ``text``, as they stand in tables of phrases."""
    _, tokens = tokens_of(text)
    return tuple(token.key for token in tokens if token.kind in (TokenKind.WORD, TokenKind.NUMBER))


def _cut(text: str, start: int, end: int, tokens: list[Token]) -> None:
    for item in _ITEM.finditer(text, start, end):
        if len(tokens) > MAX_TOKENS:
            return
        kind = TokenKind(item.lastgroup)
        shown = item[item.lastgroup or 0]
        at = item.start()
        if shown == "-" and 0 < at < len(text) - 1 and (text[at - 1] + text[at + 1]).isalnum():
            continue  # a hyphen within a word
        if kind is not TokenKind.WORD:
            key = "\n" if shown == "\n" else shown.strip()
            tokens.append(Token(kind, key, shown, item.start(), item.end()))
            continue
        tokens += _words(shown, item.start())


def _words(shown: str, start: int) -> list[Token]:
    """Return the words of a run of letters: apostrophes part them, some scripts at each letter."""
    tokens: list[Token] = []
    for found in re.finditer(r"\S+", fold(shown)):
        piece, at = found[0], found.start()
        if not any(map(str.isalnum, piece)):  # what is left of an emoji
            continue
        if piece.startswith(_AND) and len(piece) > _MIN_AFTER_AND:
            tokens.append(_word(shown, _AND, start, at))
            tokens.append(_word(shown, piece[1:], start, at + 1))
        elif any(map(is_unspaced, piece)):
            begin = 0
            for end in range(1, len(piece) + 1):
                alone = is_unspaced(piece[end - 1])
                if end == len(piece) or alone or is_unspaced(piece[end]):
                    tokens.append(_word(shown, piece[begin:end], start, at + begin))
                    begin = end
        else:
            tokens.append(_word(shown, piece, start, at))
    return tokens


def _word(shown: str, key: str, start: int, at: int) -> Token:
    end = at + len(key)
    return Token(TokenKind.WORD, key.translate(_ARABIC), shown[at:end], start + at, start + end)


def _is_host(found: str) -> bool:
    host = found.partition("/")[0].lower()
    labels = host.split(".")
    return labels[-1] in _ENDINGS and not labels[0].isdigit()


def _plain(text: str) -> str:
    """Return ``text`` composed, with digits of any script as 0-9, and full-width signs plain."""
    squeezed = "\n".join(squeeze(line) for line in text.splitlines())
    return "".join(map(_plain_char, squeezed))


def _plain_char(char: str) -> str:
    if char.isascii():
        return char
    if (digit := unicodedata.decimal(char, None)) is not None:
        return str(digit)
    if "！" <= char <= "～":  # full-width forms of ASCII
        return chr(ord(char) - 0xFEE0)
    return "'" if char in "’‘ʼ´" else char
