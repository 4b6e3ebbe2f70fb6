"""Names that mean another thing by what stands beside them, in any language."""

import pytest

from bot.topics import COUNTRY, load_topics


@pytest.fixture(scope="module", autouse=True)
def topics():
    topics = load_topics()
    for language in ("en", "de", "ja"):  # automata are built at the first text
        topics.match("", "", language)
    return topics


@pytest.fixture(scope="module")
def countries(topics):
    def match(title, language="en", text=""):
        found = topics.match(title, text, language)
        return {slug for slug in found if topics.get(slug).group == COUNTRY}

    return match


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Velt cafe wins prize for its Irish coffee"),
        ("en", "How a Danish pastry came to Orun"),
        ("en", "Belgian waffles return to the fair in Velt"),
        ("en", "Fine China: the plates of Orun go on show"),
        ("de", "Wie die Französische Bulldogge nach Velt kam"),
        ("fr", "Les montagnes russes de Velt rouvrent"),
        ("es", "La montaña rusa de Velt vuelve a abrir"),
        ("it", "A Velt riaprono le montagne russe"),
        ("pt", "A montanha-russa de Velt reabre"),
        ("pl", "Owczarek niemiecki wygrał konkurs w Velcie"),
        ("ru", "В Вельте показали немецкую овчарку"),
        ("tr", "Velt'te Rus salatası yarışması"),
        ("ja", "ベルトの店のフランスパンが人気"),
        ("zh", "维尔特的瑞士军刀展览"),
    ],
)
def test_a_dish_a_breed_or_a_product_is_no_country(countries, language, title):
    assert countries(title, language) == set()


@pytest.mark.parametrize(
    ("language", "title", "expected"),
    [
        ("en", "Lima, Ohio gets a new bridge", {"usa"}),
        ("en", "Paris (Texas) opens its fair", {"usa"}),
        ("en", "Athens, Georgia plants trees", set()),
        ("en", "Armenia, Georgia and Turkey plan a railway", {"armenia", "georgia", "turkey"}),
        ("fr", "Moscou, Idaho : un pont neuf", {"usa"}),
        ("ru", "Париж, штат Техас: новый мост", set()),
        ("ja", "テキサス州パリに新しい橋", set()),
        ("ja", "パリに新しい橋", {"france"}),
        ("en", "Lima, Peru gets a new bridge", {"peru"}),
    ],
)
def test_a_town_of_america_is_not_its_namesake(countries, language, title, expected):
    assert expected <= countries(title, language) <= expected | {"usa"}


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Kenya Dalworth signs with a label", set()),
        ("Israel Torrim wins the regatta", set()),
        ("Israel and Lebanon sign a water treaty", {"israel", "lebanon"}),
        ("Kenya Airways adds a flight", {"kenya"}),
        ("Israel Iran talks go on in Velt", {"israel", "iran"}),
        ("Kenya plants trees", {"kenya"}),
    ],
)
def test_a_person_called_like_a_country_is_none(countries, title, expected):
    assert countries(title) == expected


def test_wares_are_news_of_a_country_where_trade_is(countries):
    assert countries("French wine exports rise") == {"france"}
    assert countries("French wine served at the fair of Velt") == set()


def test_a_currency_a_paper_and_a_dateline_are_not_what_it_is_about(countries):
    assert countries("Velt zahlt 11 Millionen US-Dollar", "de") == set()
    text = "London/Velt - Der Damm ist voll, wie der britische Sender Orun 1 berichtete."
    assert countries("Damm von Velt gefüllt", "de", text) == set()
    text = "Der Damm in London ist voll, wie es am Montag hieß."
    assert countries("Damm gefüllt", "de", text) == {"uk"}


@pytest.mark.parametrize(
    ("title", "text", "language", "expected"),
    [
        ("Farm reports avian influenza (AI)", "AI was found in geese.", "en", set()),
        ("Artificial intelligence (AI) in class", "AI reads aloud.", "en", {"ai"}),
        ("Team gibt auf", "Velt verlässt die Kanu-WM. Die WM geht weiter.", "de", set()),
        ("Velt siegt", "Die Fußball-WM begann. Die WM geht weiter.", "de", {"football"}),
    ],
)
def test_an_abbreviation_means_what_the_article_says(topics, title, text, language, expected):
    assert {"ai", "football"} & topics.match(title, text, language).keys() == expected


def test_one_word_of_a_subject_counts_early_only(topics):
    late = "Velt and Orun agreed to meet. The helicopter is back. The helicopter was lent."
    early = "The helicopter is back in Velt. Orun had lent the helicopter for a week."
    assert "aviation" not in topics.match("Velt and Orun agree", late, "en")
    assert "aviation" in topics.match("Velt and Orun agree", early, "en")


def test_a_word_across_the_end_of_a_name_is_none(topics):
    assert "culture" not in topics.match("北京剧场本周开放", "", "zh")
    assert "china" in topics.match("北京剧场本周开放", "", "zh")


def test_what_was_denied_uncovers_no_shorter_name(countries):
    assert countries("North Korean barbecue comes to Velt") == set()


def test_a_country_named_in_passing_is_not_what_it_is_about(countries):
    text = "Peru builds a dam. Peru pays for it, as Peru did in Lima. Chile looks on. Peru is glad."
    assert countries("Peru builds a dam", text=text) == {"peru"}
    assert countries("Peru builds a dam, Chile looks on", text=text) == {"chile", "peru"}
