"""The first sentence of a story: the news, in its own words."""

from datetime import UTC, datetime

import pytest

from summarizers import METHODS, Budget, Document, summarize

NEWS = "The Velt council closed the bridge over the Tarn on Monday after cracks were found."


def first(text, title="Velt closes bridge over the Tarn", **options):
    summary = summarize([Document(text, title)], budget=Budget(sentences=1), **options)
    return summary.sentences[0].text


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "before",
    [
        "For years nobody in Velt had looked below the water.",
        "Imagine a town cut in two by a river.",
        "I have crossed the river every day of my life.",
        "You never know what lies below the water.",
        "Fog hung over the quiet fields at dawn.",
        "The comedian laughed about it on stage.",
        "There is a town that lives by its river.",
    ],
)
def test_a_scene_or_background_does_not_open(method, before):
    assert first(f"{before}\n{NEWS}\nDivers will look again.", language="en", method=method) == NEWS


@pytest.mark.parametrize(
    "before",
    [
        "Forty months ago the Tarn was a river without any bridge at all.",
        "The bridge was built when the Tarn was a river without a name.",
        "The Tarn was a river without any bridge in 1875, when Velt was a village.",
    ],
)
def test_what_speaks_of_long_ago_does_not_open(before):
    assert first(f"{before}\n{NEWS}\nDivers will look again.", language="en") == NEWS
    assert first(f"{before}\nDivers will look again.", language="en") == before


def test_the_first_sentence_opens_where_nothing_speaks_against_it():
    lead = "Cracks below the water have cut Velt in two at the Tarn bridge."
    text = f"{lead}\n{NEWS}\nThe council will meet on 4 June, mayor Ada Lund said on Monday."
    assert first(text, language="en") == lead


def test_a_sentence_that_says_the_title_again_is_second_best():
    again = "Velt closes the bridge over the Tarn."
    assert first(f"{again}\n{NEWS}", language="en") == NEWS
    assert first(f"{again}\nNobody was hurt.", language="en") == again


@pytest.mark.parametrize(
    ("language", "title", "before", "news"),
    [
        (
            "de",
            "Velt sperrt Brücke",
            "Seit Jahren klagen die Leute am Fluss.",
            "Die Stadt Velt hat am Montag die Brücke gesperrt.",
        ),
        (
            "fr",
            "Velt ferme son pont",
            "Imaginez une ville coupée en deux.",
            "La ville de Velt a fermé lundi son pont sur la Tarn.",
        ),
        (
            "es",
            "Velt cierra su puente",
            "Hace años que nadie miraba bajo el agua.",
            "Velt cerró el lunes su puente sobre el Tarn.",
        ),
        (
            "uk",
            "Велт закрив міст",
            "Вони давно чекали на цей день.",
            "Міська рада Велта у понеділок закрила міст.",
        ),
        ("zh", "韦尔特关闭大桥", "多年来，没有人关注这条河流。", "韦尔特市政府周一宣布关闭大桥。"),
    ],
)
def test_it_holds_in_other_languages(language, title, before, news):
    assert first(f"{before}\n{news}", title, language=language) == news


def test_nothing_that_stands_before_the_opening_is_told():
    before = "For years nobody in Velt had looked below the water of the Tarn."
    text = f"{before}\n{NEWS}\nDivers will look at the bridge again on Friday."
    for method in METHODS:
        summary = summarize(
            [Document(text, "Velt closes bridge over the Tarn")],
            budget=Budget(words=200),
            language="en",
            method=method,
        )
        assert summary.sentences[0].text == NEWS
        assert before not in [one.text for one in summary.sentences]


def test_an_update_opens_with_any_sentence():
    text = f"For years nobody in Velt had looked below the water.\n{NEWS}"
    summary = summarize(
        [Document(text, "Velt closes bridge")],
        budget=Budget(sentences=2),
        language="en",
        opening_is_news=False,
    )
    assert summary.sentences[0].start == 0


def test_the_document_asked_for_opens_if_it_can():
    documents = [
        Document(NEWS, "Velt closes bridge", published_at=datetime(2026, 6, 1, tzinfo=UTC)),
        Document(
            "Velt will keep its bridge over the Tarn closed until August, mayor Ada Lund said.",
            "Velt bridge closed until August",
            published_at=datetime(2026, 6, 2, tzinfo=UTC),
        ),
    ]
    for lead in (0, 1):
        summary = summarize(documents, budget=Budget(sentences=2), language="en", lead=lead)
        assert summary.sentences[0].document == lead


@pytest.mark.parametrize(
    "last",
    [
        "Commuters travel by water while engineers inspect the steel.",
        "Commuters of Orun travel by 14 boats while engineers inspect the steel.",
    ],
)
def test_the_beginning_of_one_other_outlet_is_told_and_no_further_one(last):
    documents = [
        Document(NEWS, "Velt closes bridge over the Tarn", "A"),
        Document("Ferries replace 30 buses between the two banks of Velt.", "Ferries", "B"),
        Document(last, "Traffic moves to the water", "C"),
    ]
    text = str(summarize(documents, budget=Budget(sentences=3), language="en"))
    assert "Ferries" in text
    assert last not in text


@pytest.mark.parametrize(
    ("language", "title", "before", "news"),
    [
        (
            "en",
            "Orun lighthouse sold to a choir",
            "The lighthouse at Orun was built by fishermen in 1887.",
            "On Monday the lighthouse was sold to a choir for 40,000 crowns.",
        ),
        (
            "de",
            "Leuchtturm von Orun verkauft",
            "Der Leuchtturm von Orun wies jahrzehntelang den Fischern den Weg.",
            "Am Montag hat die Stadt Orun den Leuchtturm für 40.000 Kronen verkauft.",
        ),
        (
            "ru",
            "Маяк Орун закрыли",
            "Маяк в Оруне построили в 1887 году.",
            "В понедельник маяк закрыли, сообщил директор порта Пётр Велтов.",
        ),
        (
            "it",
            "Chiude la fornace di Orun",
            "La fornace di Orun ha dato lavoro per generazioni a tutta la valle.",
            "Venerdì la fornace ha spento il fuoco, ha detto il sindaco Pietro Velti.",
        ),
        (
            "ja",
            "「波音館」が閉館",
            "波音館は明治時代に創業した旅館である。",
            "波音館は8日、客の減少を理由に40年ぶりに閉館した。",
        ),
        (
            "ko",
            "오룬 등대 매각",
            "오룬 등대는 수십 년 동안 어민들의 길잡이였다.",
            "오룬시는 8일 등대를 합창단에 매각했다고 밝혔다.",
        ),
    ],
)
def test_plain_background_does_not_open_where_the_news_follows(language, title, before, news):
    assert first(f"{before}\n{news}", title, language=language) == news


@pytest.mark.parametrize(
    "lead",
    [
        "On Monday Orun sold the lighthouse that was built in 1887.",
        "Orun has sold its lighthouse, for decades the tallest on the coast.",
    ],
)
def test_news_that_speaks_of_long_ago_too_opens(lead):
    text = f"{lead}\nThe council of Orun will meet on 4 June."
    assert first(text, "Orun lighthouse sold", language="en") == lead


@pytest.mark.parametrize(
    ("language", "title", "news", "further"),
    [
        (
            "en",
            "Verdict in the Orun lighthouse trial",
            "Ada Lund is innocent.",
            "The court in Orun acquitted the lighthouse keeper on Monday.",
        ),
        (
            "pl",
            "Wyrok w sprawie latarni w Orunie",
            "Ada Lund jest niewinna.",
            "Sąd w Orunie uniewinnił w poniedziałek latarniczkę.",
        ),
    ],
)
def test_a_short_sentence_that_names_somebody_opens_before_the_news(language, title, news, further):
    assert first(f"{news}\n{further}", title, language=language) == news


def test_a_short_name_does_not_open_where_a_scene_goes_on():
    scene = "Ada Lund stirs her tea.\nA kettle sings behind the door."
    assert first(f"{scene}\n{NEWS}", language="en") == NEWS


@pytest.mark.parametrize(
    ("language", "title", "scene", "news"),
    [
        (
            "en",
            "Orun keeps its last school",
            "Steam rises from a pot in a small kitchen.",
            "The school will stay open with 51 children, the council said on Thursday.",
        ),
        (
            "cs",
            "Rybáři z Orunu znovu na moři",
            "Starý muž spravuje síť před domem.",
            "Rybářům z Orunu povolila vláda v pondělí lov 130 tun sardinek.",
        ),
    ],
)
def test_a_scene_without_any_sign_of_news_gives_way_to_one_with_all(language, title, scene, news):
    assert first(f"{scene}\n{news}", title, language=language) == news


def test_a_first_sentence_with_a_sign_of_news_opens_without_a_term_of_the_title():
    lead = "Children may learn at home in the village again, the council has decided."
    text = f"{lead}\nThe Orun classroom will open on 4 June, mayor Ada Lund said on Monday."
    assert first(text, "Orun keeps its last school", language="en") == lead


def test_a_noun_that_the_title_lacks_opens_rather_than_what_comes_late():
    text = (
        "The singer left the stage of Lowmoor after two songs on Monday. Her band went on without "
        "her. The drummer took the microphone. Tickets had cost 90 crowns in Velt and Orun."
    )
    story = [Document(text=text, title="Lowmoor night ends early")]
    (first, *_) = summarize(story, budget=Budget(sentences=1), language="en").sentences
    assert first.text.startswith("The singer left")


def test_a_first_sentence_with_much_of_the_title_opens_whatever_its_noun():
    text = (
        "The river council will drain the Velt lake on 21 March, its chair said. The town of Orun "
        "gets water from tankers until May."
    )
    story = [Document(text=text, title="Velt dam to be drained")]
    (first,) = summarize(story, budget=Budget(sentences=1), language="en").sentences
    assert first.text.startswith("The river council")


@pytest.mark.parametrize(
    ("language", "title", "before", "news"),
    [
        (  # a life begins, and the news with "now"
            "de",
            "Läuferin Petra Holm verpasst die Meisterschaft",
            "Petra Holm begann mit neun Jahren im Verein von Velt.\nSpäter zog sie nach Orun.",
            "Nun hat sich Petra Holm den Fuß gebrochen und fällt für die Meisterschaft im Mai aus, "
            "sagte ihr Trainer am Montag.",
        ),
        (  # what is so every year
            "es",
            "El lago Orun se desborda",
            "El lago Orun atrae cada año a miles de visitantes.",
            "Este martes el lago se desbordó a las 5:10 y obligó a evacuar a 900 vecinos, informó "
            "la policía.",
        ),
        (
            "fr",
            "Le lac Orun déborde",
            "Le lac Orun attire chaque année des milliers de visiteurs.",
            "Le lac a débordé mardi à 5 h 10 et 90 habitants ont été évacués, a annoncé la police.",
        ),
        (  # a scene with one root of the title
            "it",
            "Chiude l'ultima vetreria di Velt",
            "Bruno posa l'ultima bottiglia sul tavolo.",
            "La vetreria di Velt chiude il 30 aprile e 45 operai perdono il lavoro, ha annunciato "
            "l'azienda.",
        ),
        (
            "en",
            "Homes for the old count half of all deaths in Velt",
            "Almost exactly three months ago, the first people died in a home for the old in Orun.",
            "Homes for the old have seen 400 of 800 deaths in Velt, the health ministry said.",
        ),
        (  # nothing to miss, and nothing of the title
            "de",
            "Viele Lehrlinge suchen noch ein Zimmer in Velt",
            "Bald beginnt überall wieder der Alltag.",
            "In Velt suchen 300 Lehrlinge ein Zimmer, teilte die Stadt am Montag mit.",
        ),
    ],
)
def test_background_gives_way_to_the_news_behind_it(language, title, before, news):
    assert first(f"{before}\n{news}", title, language=language) == news


@pytest.mark.parametrize(
    ("language", "title", "lead", "later"),
    [
        (  # a pronoun that points ahead
            "de",
            "Jonas Reil wird hundert: ein Film über den Zeichner",
            "Mit seinen Filmen schrieb der Zeichner Jonas Reil im Januar Geschichte.",
            "Das Museum in Velt zeigt am 12. Mai eine Schau.",
        ),
        (
            "en",
            "Friends draw new buyers to digital money",
            "When it comes to digital money, new buyers are often drawn by friends, a bank said.",
            "Buyers lost 30 million crowns in May.",
        ),
        (  # long ago, but with figures of its own and much of the title
            "ru",
            "157 миллионов на судей закрытого суда Велта",
            "157 миллионов потратили на судей суда Велта, который закрыли три года назад.",
            "Министр Анна Рейл заявила о судьях в понедельник, что суд закрыли 5 мая.",
        ),
        (  # short, and of the title
            "en",
            "Miners of Corrin found after ten days",
            "All nine miners are alive.",
            "Rescuers reached the miners of Corrin at dawn on Friday, the inspector said.",
        ),
    ],
)
def test_a_first_sentence_leads_though_it_looks_like_none(language, title, lead, later):
    assert first(f"{lead}\n{later}", title, language=language) == lead


@pytest.mark.parametrize(
    ("title", "text", "is_news"),
    [
        ("Velt closes bridge over the Tarn", NEWS, True),
        ("Velt closes bridge over the Tarn", "Everybody is very happy about such things.", False),
        ("", "Everybody is very happy about such things.", True),  # who knows of what it is
        (  # far down and of something else
            "Baked apples with nuts",
            "How good!\nHow fast!\nHow cheap!\nButter comes into the pan at 4 pm with Ada Lund.",
            False,
        ),
        (
            "Baked apples with nuts recalled",
            "How good!\nHow fast!\nHow cheap!\nApples with nuts were recalled on 4 May, Orun said.",
            True,
        ),
    ],
)
def test_a_summary_says_whether_it_opens_with_news(title, text, is_news):
    summary = summarize([Document(text, title)], budget=Budget(sentences=1), language="en")
    assert summary.sentences
    assert summary.is_news is is_news


def test_an_update_may_open_with_anything():
    text = "Everybody is very happy about such things."
    summary = summarize(
        [Document(text, "Velt closes bridge")],
        budget=Budget(sentences=1),
        language="en",
        opening_is_news=False,
    )
    assert summary.is_news
