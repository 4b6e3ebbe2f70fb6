"""The labels of encodings as browsers read them (WHATWG Encoding, 4.2), and a few of feeds."""

import webencodings

__all__ = ["codec_of"]

# What is written under these labels is in a superset of Python's codec of that name.
_SUPERSETS = {
    "big5": "big5hkscs",
    "euc-kr": "cp949",
    "gbk": "gb18030",
    "iso-2022-jp": "iso2022-jp-ext",
    "shift_jis": "cp932",
    "utf-16be": "utf-16-be",
    "utf-16le": "utf-16-le",
}
# Labels of feeds that the standard does not know.
_OF_FEEDS = {
    **dict.fromkeys(("cp936", "euc-cn"), "gbk"),
    **dict.fromkeys(("cp949", "ms949", "uhc"), "euc-kr"),
    **dict.fromkeys(("latin9", "latin-9"), "iso-8859-15"),
    **dict.fromkeys(("win-1251", "windows1251", "win1251"), "windows-1251"),
    "cp932": "shift_jis",
    "cp950": "big5",
    "latin-1": "windows-1252",
    "tis620": "windows-874",
    "utf_8": "utf-8",
}
# Labels under which browsers show no text, or text that was never meant.
_REFUSED = frozenset({"replacement", "x-user-defined"})


def codec_of(label: str) -> str:
    """Return the name of Python's codec for a label, "" for one that stands for no encoding.

    Case and white space around it do not matter. Never raises.
    """
    known = label.strip(" \t\n\f\r").lower()
    encoding = webencodings.lookup(_OF_FEEDS.get(known, known))
    if encoding is None or encoding.name in _REFUSED:
        return ""
    codec: str = encoding.codec_info.name
    return _SUPERSETS.get(encoding.name, codec)
