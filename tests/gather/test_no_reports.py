"""Pages that report nothing, by how their text is told. All places and people are invented."""

import json
import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.kinds import PAGES, page_scores
from bot.domain.article_kind import KINDS, NO_REPORTS
from bot.gather.pages.kinds import PageSigns, kind_of
from bot.gather.pages.text_signs import text_signs

REPORT = (
    "The council of Velt closed the old bridge on Tuesday after engineers found cracks in two of "
    "its piers, the mayor said.\nAn inspection had been ordered in May, when a lorry driver told "
    "the police that the road was sinking. “We could not wait another day,” said Ann Marrow, who "
    "leads the office for roads.\nRepairs will cost 4 million marks, according to the office. "
    "Buses are to take the ferry until October, it announced."
)
SOUP = (
    "This soup warms you on grey days and keeps for a week.\n400 g leeks\n2 tbsp butter\n"
    "1 l stock\n150 g pearl barley\n3 cloves of garlic\nWash the leeks and cut them into rings. "
    "Melt the butter in a large pan and fry the rings until soft. Add the barley, pour in the "
    "stock and simmer for forty minutes. Season and serve with bread."
)


def test_of_whole_pages_most_that_report_nothing_are_found_and_few_reports_lost():
    scores = page_scores(PAGES)
    assert scores["recall"] >= 0.85
    assert scores["lost"] <= 0.03


@pytest.mark.parametrize(
    ("kind", "language", "title", "text"),
    [
        ("recipe", "en", "Leeks and barley", SOUP),
        (
            "recipe",
            "ja",
            "ねぎと麦の汁",
            "寒い日にうれしい一品です。\nねぎ 2本\n味噌 大さじ2\n麦 100g\nだし 3カップ\n"
            "ねぎを洗って切ります。鍋にだしを入れて火にかけてください。麦を加えて二十分ほど煮ます。"
            "味噌を溶き入れ、火を止めましょう。器に盛ってお召し上がりください。",
        ),
        (
            "guide",
            "de",
            "Flächen vergleichen",
            "Lies die Aufgaben genau und rechne im Heft.\nEin Garten ist 12 m lang und 8 m breit. "
            "Berechne seine Fläche: ________\nEin Beet hat die Form eines Quadrats mit 3 m "
            "Kantenlänge. Sein Umfang beträgt ________ m.\nZeichne beide Flächen und schreibe "
            "dazu, welche größer ist: ________\nVergleiche dein Ergebnis mit dem deines "
            "Nachbarn und erkläre ihm deinen Weg.",
        ),
        (
            "guide",
            "en",
            "Counting words with streams",
            "A stream reads a file piece by piece, so that memory stays small.\n"
            "import streams\nfrom pathlib import Path\ncounts = {}\n"
            "def count(path):\nreturn counts[path]\nprint(count(path))\n"
            "The function opens the file and yields its words. You can call it for any number of "
            "files, since nothing is kept. If your files are compressed, wrap the stream first. "
            "Run the script with a folder and it prints one line per file.",
        ),
        (
            "reference",
            "fr",
            "Marlonne",
            "La Marlonne est une petite rivière de la province de Velt, affluent gauche du Sarre. "
            "Elle prend sa source au pied du mont Corrin, à une altitude de 840 mètres, et se "
            "jette dans le Sarre près du bourg de Lorvie après un cours de 61 kilomètres.\n"
            "Son bassin couvre 410 kilomètres carrés de forêts et de prairies. Le lit est étroit, "
            "pierreux, et la truite y abonde.\nVoir aussi\nListe des rivières de Velt",
        ),
        (
            "offer",
            "es",
            "Limpieza de ventanas en Lorvia",
            "¿Tus ventanas no dejan pasar el sol? Nuestro equipo las limpia en menos de una hora, "
            "sin ruido y sin mover un mueble.\nOfrecemos limpieza de cristales, marcos y toldos "
            "para hogares y oficinas. Trabajamos con productos que respetan tu casa y a tus "
            "mascotas.\nPresupuesto sin compromiso en el mismo día. Contacta con nosotros por "
            "teléfono y elige la hora que mejor te venga. Nuestros clientes repiten cada mes.",
        ),
        (
            "petition",
            "it",
            "Salviamo il cinema Corrin",
            "Noi sottoscritti chiediamo al comune di Velta di non vendere il cinema Corrin, unica "
            "sala della valle, e di aprirlo alle scuole.\nIl cinema è il luogo dove i nostri figli "
            "hanno visto il loro primo film e dove i nostri anziani si ritrovano.\n"
            "Firma la petizione e condividila con i tuoi amici: ogni firma conta. Vogliamo un "
            "cinema vivo, non un altro parcheggio, e vogliamo che la nostra voce pesi.",
        ),
        (
            "personal",
            "nl",
            "Een week met twee katten",
            "Hoi allemaal! Ik ben nog steeds moe, maar ik wil jullie niet laten wachten op mijn "
            "verhaal. Mijn katten slapen nu op mijn bed en ik durf mij niet te bewegen.\n"
            "Ik heb mijn kamer opgeruimd en mijn planten water gegeven. Mijn man lacht om mij, "
            "want ik praat met mijn planten. Ik vind het gewoon leuk.\nMorgen bak ik brood. "
            "Ik laat het weten als het lukt. Liefs en tot snel!",
        ),
        (
            "user-post",
            "pl",
            "Kran cieknie po wymianie uszczelki, co robić?",
            "Witam wszystkich, mam taki problem: wymieniłem uszczelkę w kranie i dalej cieknie. "
            "Ktoś ma pomysł? Z góry dziękuję.\nMoże źle założyłeś, sprawdź jeszcze raz. "
            "U mnie pomogło dokręcenie głowicy.\nDokręć, ale nie za mocno, bo pęknie. "
            "Jak nie pomoże, kup nową głowicę, kosztuje grosze.\nNajlepsza odpowiedź: nowa "
            "głowica i po kłopocie.",
        ),
        (
            "event",
            "sv",
            "Kurs i korgflätning",
            "Välkommen till en dag med pil och vide i den gamla ladan! Du får lära dig grunderna "
            "och går hem med din egen korg.\nFri entré till utställningen bredvid. Anmälan görs "
            "till oss senast en vecka före. Vi bjuder på kaffe, du tar med egen matsäck.\n"
            "Biljetter köper du i kassan, och vi håller öppet så länge du vill fläta. Hör av dig "
            "till oss om du vill komma med en grupp.",
        ),
    ],
)
def test_what_a_text_is_shows_without_a_word_from_its_page(kind, language, title, text):
    assert kind_of(PageSigns(title=title, text=text, language=language)) == kind


TEXTS = json.loads((PAGES.parent / "texts.json").read_text("utf-8"))


@pytest.mark.parametrize("language", sorted(TEXTS["reports"]))
def test_reports_stay_reports_in_any_language(language):
    page = PageSigns(title="Velt", text=TEXTS["reports"][language], language=language)
    assert kind_of(page) == "news"


@pytest.mark.parametrize("language", sorted(TEXTS["instructions"]))
def test_who_tells_readers_what_to_do_writes_a_guide_in_any_language(language):
    page = PageSigns(title="Velt", text=TEXTS["instructions"][language], language=language)
    assert kind_of(page) == "guide"


@pytest.mark.parametrize("entry", TEXTS["entries"], ids=lambda entry: entry["title"])
def test_what_opens_by_saying_what_its_title_is_is_an_entry(entry):
    assert kind_of(PageSigns(**entry)) == "reference"
    # A headline of one's name, over a report of what one did.
    told = f"{entry['title']} has done it again. {REPORT}"
    assert kind_of(PageSigns(title=entry["title"], text=told, language="en")) == "news"


@pytest.mark.parametrize(
    "signs",
    [
        {"types": ["Recipe"], "url": "https://z.example/recipes/bridge"},
        {"types": ["Product"]},
        {"types": ["HowTo", "FAQPage"]},
        {"url": "https://z.example/forum/velt/bridge"},
        {"title": "How to cross the river, step by step"},
        {"title": "Petition: save our bridge"},
        {"sections": ["Guides"]},
    ],
)
def test_a_report_stays_one_whatever_its_page_calls_it(signs):
    page = PageSigns(title="Velt closes its old bridge", text=REPORT, language="en")
    assert kind_of(replace(page, **signs)) == "news"


def test_a_report_that_speaks_to_its_reader_stays_one():
    text = f"{REPORT} Have you bought a ticket for the bridge? You can use it on the ferry."
    assert kind_of(PageSigns(title="Velt closes its bridge", text=text, language="en")) == "news"


def test_an_interview_in_the_first_person_stays_what_it_is():
    answer = (
        "I never wanted songs to be loved. My sister laughs at them, and so does the whole valley "
        "when the rivers are low. The boat belongs to nobody, which is why I row it at night."
    )
    lines = "\n".join(f"What does river number {n} mean?\n{answer}" for n in range(6))
    page = PageSigns(title="“The boat belongs to nobody”", text=lines, language="en")
    assert kind_of(page) == "news"
    assert kind_of(replace(page, text=lines.replace("?", "."))) == "personal"


def test_a_text_of_a_few_words_changes_nothing():
    page = PageSigns(title="Leeks and barley", text="Wash the leeks. Add butter.", language="en")
    assert kind_of(page) == "news"


def test_in_a_language_of_which_no_words_are_known_lines_must_show_it():
    words = "Ukudla okumnandi kakhulu kwasekhaya okulungele umndeni wonke ebusika. " * 8
    page = PageSigns(title="Ukudla", text=words, language="zu")
    assert kind_of(page) == "news"
    listed = words + "\n500 g\n2 tsp\n3 cups\n1 l\n200 ml"
    assert kind_of(replace(page, text=listed)) == "news"
    assert kind_of(replace(page, text=listed, types=["Recipe"])) == "recipe"


def test_a_page_that_calls_itself_news_needs_more():
    text = SOUP.replace("400 g ", "").replace("150 g ", "").replace("2 tbsp ", "")
    told = {
        types: kind_of(PageSigns(title="Leeks", text=text, language="en", types=types))
        for types in ((), ("NewsArticle",))
    }
    assert told[()] in NO_REPORTS
    plain = "Leeks grow in any soil. They like sun and water and stand the frost of the hills. " * 4
    page = PageSigns(title="Leeks", text=plain, language="en")
    assert kind_of(page) == "reference"
    assert kind_of(replace(page, title="Of the growing of leeks", types=["NewsArticle"])) == "news"


def test_an_opinion_stays_one_however_little_it_reports():
    text = "You should know better. We must do more, and you must help us. " * 8
    page = PageSigns(url="https://z.example/opinion/a", title="Opinion | Do more", text=text)
    assert kind_of(replace(page, language="en")) == "opinion"


def test_a_list_that_is_told_as_a_report_is_one():
    page = PageSigns(
        title="7 reasons for the closing", types=["ItemList"], url="https://z.example/lists/b"
    )
    assert kind_of(page) == "list"
    assert kind_of(replace(page, text=REPORT, language="en")) == "news"


def test_a_number_in_a_headline_makes_no_list_of_a_short_report():
    teaser = (
        "The hills above Velt burn for a third day, and the wind drives the flames to the coast. "
        "Smoke hangs over the harbour, and the road to Corrin is a line of cars without end."
    )
    assert kind_of(PageSigns(title="12 killed for 7 reasons", text=teaser, language="en")) == "news"
    page = PageSigns(title="7 reasons to see Velt", url="https://z.example/lists/a", text=teaser)
    assert kind_of(replace(page, language="en")) == "list"


def test_a_customer_is_no_critic():
    text = "I love my boat. It came on time and I use it with my son, you will love it, too. " * 4
    page = PageSigns(
        title="Boat: five stars", url="https://z.example/reviews/boat", og_type="z:review"
    )
    page = replace(page, text=text, language="en", sections=["Reviews"])
    assert kind_of(page) == "user-post"
    assert kind_of(replace(page, types=["Article"])) == "review"


@given(
    text=st.text(st.sampled_from("aA1 .,?[]{}();=_…-–“”\n½g€年日てをに가수ا")) | st.text(),
    title=st.text(max_size=30),
    language=st.sampled_from(["en", "de", "ja", "vi", "ar", "xx", ""]),
)
def test_any_text_has_a_kind(text, title, language):
    page = PageSigns(title=title, text=20 * text, language=language)
    assert kind_of(page) in KINDS


@pytest.mark.parametrize("unit", ["[", "_", ". ", "“", "1 ", "a.", "( ", "=", "g", "\n", "1.", "…"])
def test_hostile_texts_are_read_in_no_time(unit):
    start = time.process_time()
    text_signs(unit * 50_000, title=unit * 50, language="en")
    assert time.process_time() - start < 1
