"""Lines told by where they stand: on authors and translators, calls, captions with a credit."""

import pytest

from summarizers import Document
from summarizers.story import read_story

STORIES = {
    "en": (
        "Dam of Orun closed for a year",
        "The dam of Orun was closed for a year on Monday.",
        "Engineers had found a crack in its third block.",
        "The town buys its water from Velt until then.",
    ),
    "de": (
        "Staudamm von Orun für ein Jahr gesperrt",
        "Der Staudamm von Orun ist seit Montag für ein Jahr gesperrt.",
        "Ingenieure hatten im dritten Block einen Riss gefunden.",
        "Die Stadt kauft ihr Wasser bis dahin in Velt.",
    ),
    "fr": (
        "Le barrage d'Orun fermé pour un an",
        "Le barrage d'Orun est fermé depuis lundi pour un an.",
        "Des ingénieurs avaient trouvé une fissure dans le troisième bloc.",
        "La ville achète son eau à Velt en attendant.",
    ),
    "tr": (
        "Orun barajı bir yıl kapatıldı",
        "Orun barajı pazartesi günü bir yıl süreyle kapatıldı.",
        "Mühendisler üçüncü blokta bir çatlak bulmuştu.",
        "Kent o zamana kadar suyu Velt'ten satın alacak.",
    ),
    "id": (
        "Bendungan Orun ditutup setahun",
        "Bendungan Orun ditutup selama setahun sejak Senin.",
        "Para insinyur menemukan retakan pada blok ketiga.",
        "Kota itu membeli air dari Velt sampai saat itu.",
    ),
    "zh": (
        "奥伦大坝关闭一年",
        "奥伦大坝自星期一起关闭一年。",
        "工程师在第三块坝体上发现了裂缝。",
        "在此之前，城里的用水从维尔特购买。",
    ),
}


def told(language, *lines, title=None, source="Orun Courier"):
    """Return the sentences that can be told of a story with ``lines`` at its end."""
    headline, *sentences = STORIES[language]
    document = Document("\n".join([*sentences, *lines]), title=title or headline, source=source)
    return [candidate.text for candidate in read_story([document], language).candidates]


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "Mara Holm, reporter, grew up by the sea and keeps three cats."),
        ("en", "A former teacher, Mara Holm is at our news desk."),
        ("en", "A former editor in Tarn, Mara Holm follows courts for the Courier."),
        ("de", "Oskar Brandt, Redakteur, wuchs an der See auf und hat drei Katzen."),
        ("de", "Aus dem Veltischen von Mara Holm."),
        (
            "fr",
            "Passée par une école de journalisme, Mara Holm suit la justice pour notre journal.",
        ),
        ("fr", "Traduit du veltois par Oskar Brandt."),
        ("tr", "Mara Holm gazetemizin gece editörüdür ve üç kedisi var."),
        ("id", "Penerjemah: Mara Holm dan Oskar Brandt."),
        ("zh", "本报记者王小明，长期报道航运。"),
    ],
)
def test_a_line_on_a_writer_at_the_end_is_not_told(language, line):
    assert told(language, line) == told(language)


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("tr", "Hemen üye ol, ilk siparişinde indirim kazan! Kampanya markette geçerlidir."),
        ("en", "Ten days of sun from 99 crowns! Book with Corrin Travel until Friday."),
        ("id", "Dapatkan kabar terpilih tiap hari. Mari bergabung di grup Telegram kami."),
        ("en", "Join 40,000 readers of our WhatsApp channel."),
        ("id", "Temui kami setiap malam, langsung di Instagram."),
        ("tr", "Telegram kanalımızda her sabah yeni bir öykü var."),
        ("de", "Holen Sie sich die Welt aufs Handy! Jeden Morgen um sechs."),
    ],
)
def test_a_paragraph_that_calls_out_and_shares_nothing_with_the_story_is_not_told(language, line):
    headline, *sentences = STORIES[language]
    lines = [*sentences[:2], line, *sentences[2:]]
    story = read_story([Document("\n".join(lines), title=headline)], language)
    assert [candidate.text for candidate in story.candidates] == told(language)


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("de", "Auf einem Foto der Feuerwehr begutachtet Mara Holm einen Riss. Foto: Feuerwehr"),
        ("en", "Mara Holm looks at a crack in the wall of the tower. Photo: Orun Courier"),
        ("id", "Mara Holm melihat retakan di dinding menara. Foto: Suara Velt"),
    ],
)
def test_a_caption_before_its_credit_is_not_told(language, line):
    assert told(language, line) == told(language)


@pytest.mark.parametrize(
    "line",
    [
        "Mara Holm, an engineer, had warned of the crack in March.",
        "Mara Holm, a reporter who was on the dam of Orun, was hurt.",
        "“We want our dam back!” the mayor of Orun said.",
        "The mayor had told it to friends on Facebook in May.",
        "The people of Orun want their dam back, and soon!",
        "The photo of the crack was taken by a diver in May.",
        "The report on the crack was translated from Veltish for the court of Tarn in June.",
    ],
)
def test_a_last_sentence_of_the_story_is_told(line):
    assert told("en", line) == [*told("en"), line]


def test_a_place_somebody_comes_from_is_no_translation():
    line = "Aus dem Stall von Oskar Brandt entliefen drei Pferde."
    assert line in told("de", line)


def test_hostile_texts_are_read_in_time():
    for piece in ("Mara Holm ", "our paper ", "editor ", "aus dem ", "Photo: ", "You! ", "1 g, "):
        told("en", *[piece * 90 + "end."] * 9)


def test_in_a_story_on_reporters_they_are_the_news():
    line = "Mara Holm, reporter, wrote about the harbour for nine years."
    title = "Two journalists freed in Tarn"
    assert line in told("en", line, title=title)
    assert line not in told("en", line)
