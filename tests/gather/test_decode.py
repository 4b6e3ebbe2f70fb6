"""From bytes to text."""

import codecs
import re

import pytest
import webencodings
from hypothesis import given
from hypothesis import strategies as st

from bot.gather.http import encoding_labels
from bot.gather.http.decode import decode, decode_html, mended


@pytest.mark.parametrize(
    ("text", "encoding", "label"),
    [
        ("镕基谈水库", "gb18030", "gb2312"),
        ("똠방각하 복원", "cp949", "euc-kr"),
        ("The mayor’s café", "cp1252", "iso-8859-1"),
        ("Порт открыт", "cp1251", "windows-1251"),
        ("İskele açıldı", "cp1254", "iso-8859-9"),
        ("①番の港", "cp932", "shift_jis"),
        ("Přístav otevřen", "cp1250", "windows-1250"),
        ("الميناء مفتوح", "cp1256", "windows-1256"),
    ],
)
def test_a_label_is_read_as_browsers_read_it(text, encoding, label):
    xml = f'<?xml version="1.0" encoding="{label}"?><a>{text}</a>'
    assert text in decode(xml.encode(encoding))
    assert decode(text.encode(encoding), f"text/xml; charset={label}") == text
    assert text in decode(f'<meta charset="{label}">{text}'.encode(encoding))


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "utf-8"])
def test_a_mark_goes_before_what_is_said(encoding):
    mark = {
        "utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE,
        "utf-32-le": codecs.BOM_UTF32_LE, "utf-32-be": codecs.BOM_UTF32_BE,
        "utf-8": codecs.BOM_UTF8,
    }[encoding]  # fmt: skip
    assert decode(mark + "Häfen".encode(encoding), "text/xml; charset=latin-1") == "Häfen"


def test_valid_utf_8_goes_before_a_wrong_label():
    assert decode("Häfen und Brücken".encode(), "text/xml; charset=iso-8859-1").startswith("Häfen")


def test_what_says_utf_8_and_is_not_is_guessed():
    body = '<?xml version="1.0" encoding="utf-8"?><a>Café, déjà vu, à côté du théâtre</a>'
    assert "Café, déjà vu" in decode(body.encode("cp1252"))


def test_one_broken_letter_does_not_spoil_the_rest():
    assert decode("Häfen ".encode() * 50 + b"\xff", "charset=utf-8").startswith("Häfen")


@pytest.mark.parametrize("label", ["nonsense", "base64", "rot13", "zlib"])
def test_a_label_that_is_no_encoding_of_text_is_passed_over(label):
    assert decode("Grüße".encode("cp1252"), f"text/html; charset={label}")


@given(st.binary(max_size=300), st.sampled_from([None, "text/xml; charset=gb2312", "charset=x"]))
def test_any_bytes_become_text(body, content_type):
    assert isinstance(decode(body, content_type), str)
    assert "\x00" not in decode_html(body, content_type)


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        ("Café – résumé", "cp1252"),
        ("Ökostrom in Österreich", "cp1252"),
        ("L’été en Côte d’Ivoire", "cp1252"),
        ("Порт открыт", "cp1251"),
        ("Новости без рек", "latin-1"),
    ],
)
def test_text_encoded_twice_is_mended(text, codec):
    twice = text.encode().decode(codec)
    assert mended(f"<title>{twice}</title>") == f"<title>{text}</title>"


@pytest.mark.parametrize(
    "text",
    [
        "voilà\u00a0»", "le café\u00a0»", "NÃO É", "„Ä“", "È un «Ã» solo", "США» РФ»",
        "Рязань — РС", "Привет, мир", "日本語", "ÂNGELA", "plain", "Tiếng Việt Â Ă",
    ],
)  # fmt: skip
def test_text_that_is_right_stays(text):
    assert mended(f"<a>{text}</a>") == f"<a>{text}</a>"


@given(st.text(max_size=80))
def test_mending_twice_changes_nothing_more_in_sound_text(text):
    once = mended(text)
    assert once == text or len(once) < len(text)


@pytest.mark.parametrize(
    ("text", "encoding", "labels"),
    [
        ("Škoda — žena", "cp1252", "ascii us-ascii iso-8859-1 latin-1 latin1 iso8859-1"),
        ("“İğne” şu", "cp1254", "iso-8859-9 latin5"),
        ("“ท่าเรือ”", "cp874", "iso-8859-11 tis-620"),
        ("镕基谈㐀水库", "gb18030", "gb2312 gb_2312-80 gbk x-gbk chinese"),
        ("香港嘅水庫", "big5hkscs", "big5 x-x-big5"),
        ("똠방각하 복원", "cp949", "euc-kr ks_c_5601-1987 ksc5601"),
        ("①番の港", "cp932", "shift_jis shift-jis sjis x-sjis windows-31j"),
        ("Häfen für ①", "utf-16-le", "unicode utf-16 ucs-2"),
        ("מעבורת חוזרת", "iso8859-8", "iso-8859-8 iso-8859-8-i hebrew visual logical"),
        ("Паром ходит", "mac-cyrillic", "x-mac-cyrillic x-mac-ukrainian"),
        ("Паром ходит", "cp1251", "windows-1251 x-cp1251 win-1251"),
        ("Паром ходит", "koi8-u", "koi8-ru koi8-u"),
        ("Паром ходит", "iso8859-5", "csisolatincyrillic iso_8859-5:1988 iso-ir-144"),
        ("Łódź, środa", "iso8859-2", "l2 latin2 iso_8859-2:1987 csisolatin2"),
        ("渡し船がまた走る", "iso2022-jp", "iso-2022-jp csiso2022jp"),
        ("渡し船がまた走る", "euc-jp", "x-euc-jp cseucpkdfmtjapanese"),
        ("القارب يعود", "iso8859-6", "arabic asmo-708 iso-8859-6-i"),
    ],
)
def test_every_label_stands_for_what_is_written_under_it(text, encoding, labels):
    for label in labels.split():
        for said in (label, label.upper()):
            assert decode(text.encode(encoding), f"text/xml; charset={said}") == text, said


def test_a_few_broken_letters_are_borne_and_many_are_not():
    good, broken = "Grüße ".encode(), b"\xff "
    assert decode(good * 200 + broken, "charset=utf-8").startswith("Grüße")
    assert decode(good * 200 + broken * 9, "charset=iso-8859-1").startswith("Grüße")
    assert decode(good * 20 + broken * 5, "charset=utf-8").startswith("Grüße")
    assert decode(good * 20 + broken * 19, "charset=utf-8").startswith("GrÃ¼ÃŸe")
    big5 = "水庫".encode("big5")
    assert decode(big5 * 200 + b"\xff", "charset=big5").startswith("水庫")


def test_a_document_knows_better_than_the_default_of_its_server():
    body = '<?xml version="1.0" encoding="windows-1251"?>Порт'.encode("cp1251")
    assert decode(body, "text/xml; charset=ISO-8859-1").endswith("Порт")
    assert decode("Grüße".encode("latin-1"), "text/xml; charset=ISO-8859-1") == "Grüße"


def test_a_broken_byte_costs_a_character_whatever_is_said():
    body = "Паром снова ходит через залив ".encode() + b"\xff"
    for said in (None, "text/xml", "text/xml; charset=iso-8859-1", "text/xml; charset=utf-8"):
        assert decode(body, said) == "Паром снова ходит через залив \ufffd"


def test_text_that_looks_like_ascii_may_be_japanese():
    assert decode("<p>渡し船</p>".encode("iso2022-jp")) == "<p>渡し船</p>"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_needs_no_mark(encoding):
    assert decode("<rss>Fähre</rss>".encode(encoding)) == "<rss>Fähre</rss>"


def test_every_label_has_a_codec():
    for label in [*webencodings.LABELS, *encoding_labels._OF_FEEDS]:
        codec = encoding_labels.codec_of(label)
        assert codec == "" or codecs.lookup(codec)
    assert encoding_labels.codec_of(" UTF-8\n") == "utf-8"
    assert encoding_labels.codec_of("utf-7") == ""
    assert encoding_labels.codec_of("x-user-defined") == ""


def test_the_charset_of_the_header_goes_before_that_of_the_document():
    body = '<?xml version="1.0" encoding="windows-1252"?>Порт'.encode("cp1251")
    assert decode(body, "text/xml; charset=windows-1251").endswith("Порт")
    assert decode('<meta charset="windows-1251">Порт'.encode("cp1251")).endswith("Порт")


@pytest.mark.parametrize("label", ["unicode_escape", "raw_unicode_escape", "utf-7", "UTF_7"])
def test_no_label_makes_half_characters(label):
    body = b"\xe9" + b" boats" * 100 + b" \\ud800 +2AA-"
    decode(body, f"text/html; charset={label}").encode()


def test_a_guess_brings_no_lone_surrogates_in():
    text = b"the quick brown fox jumps over the lazy dog. " * 740
    assert not re.search("[\ud800-\udfff]", decode(b"+/v8-" + text + b"+2AA-hello\xb1\xb2 caf"))
