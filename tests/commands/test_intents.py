"""What plain texts are read as, by rules alone: without a chat, and in many languages."""

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.commands.intents import (
    is_whole_country,
    may_mean,
    nearest,
    read_meaning,
    topic_named,
    typed_commands,
)
from bot.commands.wanted import place_test
from bot.topics import load_topics

TOPICS = load_topics()
NOW = datetime(2025, 6, 5, 5, 30, tzinfo=UTC)


def read(text, language="en"):
    meaning = read_meaning(text, TOPICS, language, place_test(NOW))
    return [(act.act, act.text) for act in meaning.acts]


def offered(text, language="en"):
    meaning = read_meaning(text, TOPICS, language, place_test(NOW))
    assert meaning.acts == ()
    return [(offer.act, offer.text) for offer in meaning.offers]


@pytest.mark.parametrize(
    ("text", "language", "acts"),
    [
        ("climate", "en", [("subscribe", "climate")]),
        ("Subscribe me to climate, please!", "en", [("subscribe", "climate")]),
        ("could you send me news about rail and energy?", "en", None),
        ("north-korea & japan", "en", [("subscribe", "north-korea, japan")]),
        ("climate\nenergy\nspace", "en", [("subscribe", "climate, energy, space")]),
        ("hello, climate and energy thanks", "en", [("subscribe", "climate, energy")]),
        ("everything on “Orun dam”", "en", [("subscribe", '"Orun dam"')]),
        ("news about Ilse Toren", "en", [("subscribe", "Ilse Toren")]),
        ("subscribe https://quay.example.com/feed", "en",
         [("subscribe", "https://quay.example.com/feed")]),
        ("UK economy", "en", [("subscribe", "UK economy")]),
        ("Nachrichten über Energie bitte", "de", [("subscribe", "Energie")]),
        ("Energie und Klima abbestellen", "de", [("unsubscribe", "Energie, Klima")]),
        ("je ne veux plus de football", "fr", [("unsubscribe", "football")]),
        ("не присылай больше футбол", "ru", [("unsubscribe", "футбол")]),
        ("futbol haberlerini istemiyorum", "tr", [("unsubscribe", "futbol")]),
        ("축구 구독 취소해줘", "ko", [("unsubscribe", "축구")]),
        ("サッカーの購読解除", "ja", [("unsubscribe", "サッカー")]),
        ("取消订阅足球", "zh", [("unsubscribe", "足球")]),
        ("stop climate, and give me space", "en",
         [("unsubscribe", "climate"), ("subscribe", "space")]),
        ("energy every weekday at 7", "en", [("schedule", "weekdays 07:00"),
                                             ("subscribe", "energy")]),
        ("7:30", "en", [("schedule", "07:30")]),
        ("every day at 7", "en", [("schedule", "07:00")]),
        ("I live in Nairobi", "en", [("timezone", "Nairobi")]),
        ("pause until monday", "en", [("pause", "monday")]),
        ("3", "en", [("story", "3")]),
        ("more about story 2", "en", [("story", "2")]),
    ],
)  # fmt: skip
def test_what_is_said_whole_is_done(text, language, acts):
    expected = acts or [("subscribe", "rail, energy")]
    assert read(text, language) == expected


@pytest.mark.parametrize(
    ("act", "texts"),
    [
        ("stop", "stop|Stopp|arrête|para|pare|basta|стоп|досить|dur|توقف|بس کن|रुको|"
         "그만|やめて|停止"),
        ("help", "help|Hilfe|aide|ayuda|ajuda|aiuto|помощь|допомога|yardım|مساعدة|کمک|मदद|도움말|"
         "ヘルプ|帮助"),
        ("greet", "hi|Hallo|bonjour|hola|oi|ciao|привет|привіт|merhaba|مرحبا|سلام|नमस्ते|안녕하세요|"
         "こんにちは|你好"),
        ("thank", "thanks|danke|merci|gracias|obrigado|grazie|спасибо|дякую|teşekkürler|شكرا|ممنون|"
         "धन्यवाद|감사합니다|ありがとう|谢谢"),
        ("brief", "what's new?|was gibt's neues|quoi de neuf|qué hay de nuevo|quais as novidades|"
         "che c'è di nuovo|что нового|що нового|neler oluyor|ما الجديد|چه خبر|क्या नया है|"
         "오늘 뉴스|最新ニュース|有什么新闻"),
        ("resume", "resume|weiter|reprendre|reanudar|retomar|riprendi|продолжай|продовжуй|devam et|"
         "استأنف|ادامه بده|फिर से शुरू करो|다시 시작|再開|继续"),
    ],
)  # fmt: skip
def test_each_language_of_the_interface_says_it_in_its_words(act, texts):
    said = texts.split("|")
    assert len(said) == 15
    assert [text for text in said if [one for one, _ in read(text, "en")] != [act]] == []


@pytest.mark.parametrize(
    ("text", "language", "slugs"),
    [
        ("I stopped reading about climate years ago", "en", {"climate"}),
        ("my cousin plays football in Velt on Sundays", "en", {"football"}),
        ("do you cover energy at all?", "en", {"energy"}),
        ("not climate", "en", {"climate"}),
        ("germny", "en", {"germany"}),
        ("mein Bruder arbeitet seit Jahren in der Energie", "de", {"energy"}),
        ("我昨天和朋友踢足球", "zh", {"football"}),
    ],
)
def test_a_topic_in_a_sentence_on_something_else_is_only_offered(text, language, slugs):
    found = offered(text, language)
    assert slugs <= {slug for _, slug in found}


@pytest.mark.parametrize(
    "text",
    [
        "my train leaves at 7:30 so I have to run",
        "what is 17 times 23",
        "who won the cup in 1987?",
        "you useless thing",
        "я вчера купил велосипед и он сломался",
        "the committee met. " * 40,
    ],
)
def test_chatter_asks_for_nothing(text):
    assert offered(text) == []


@pytest.mark.parametrize(
    ("words", "language", "slugs", "is_clear"),
    [
        ("Congo", "en", ["congo-kinshasa", "congo-brazzaville"], False),
        ("Corea", "it", ["north-korea", "south-korea"], False),
        ("Columbia", "en", ["colombia"], False),
        ("Columbia", "ro", ["colombia"], True),
        ("Colombia", "en", ["colombia"], True),
        ("Labour", "en", ["labour-party", "jobs"], False),
        ("Hamas", "en", ["gaza"], False),
        ("Sudan", "en", ["sudan"], True),
        ("DPRK", "en", ["north-korea"], True),
        ("xyzzy", "en", [], False),
    ],
)
def test_a_name_that_means_several_things_is_not_clear(words, language, slugs, is_clear):
    named = may_mean(words, TOPICS, language)
    assert [topic.slug for topic in named.topics] == slugs
    assert named.is_clear == is_clear


@pytest.mark.parametrize("words", ["کرهٔ شمالی", "کره شمالی", "کره\u200cی شمالی", "كوريا الشماليه"])
def test_a_country_is_a_whole_country_however_arabic_script_spells_it(words):
    topic = topic_named(words, TOPICS, "fa")
    assert topic is not None
    assert is_whole_country(words, topic)


@pytest.mark.parametrize(
    ("words", "language", "slug"),
    [
        ("северную корею", "ru", "north-korea"),
        ("Польщі", "uk", "poland"),
        ("sağlık", "tr", "health"),
        ("المناخ", "ar", "climate"),
        ("مناخ", "ar", "climate"),
        ("科学", "ja", "science"),
        ("piłka nożna", "pl", "football"),
    ],
)
def test_a_topic_has_its_name_in_every_language_and_case(words, language, slug):
    topic = topic_named(words, TOPICS, language)
    assert topic is not None
    assert topic.slug == slug


def test_several_commands_of_a_message_are_told_apart():
    text = "/subscribe climate\n／Schedule 8:00\n/timezone@some_bot Berlin\nand more"
    assert typed_commands(text) == (
        ("subscribe", "", "climate"),
        ("schedule", "", "8:00"),
        ("timezone", "some_bot", "Berlin\nand more"),
    )
    assert typed_commands("see /help") == ()


@pytest.mark.parametrize(
    ("typed", "name"), [("subscrbe", "subscribe"), ("topcis", "topics"), ("dance", "")]
)
def test_an_unknown_command_is_near_the_one_that_was_meant(typed, name):
    assert nearest(typed, {"subscribe", "topics", "help", "pause"}) == name


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=320))
def test_any_text_is_read_without_an_error_and_long_ones_ask_for_nothing(text):
    meaning = read_meaning(text, TOPICS, "en", place_test(NOW))
    assert not (meaning.acts and meaning.offers)
    assert not (len(text) > 300 and meaning.acts)


@pytest.mark.parametrize("unit", ["a.b", '"', "1:", "http://", "و", "кор ", "news about ", "- -"])
def test_hostile_text_is_read_in_time(unit):
    text = (unit * 300)[:300]
    read(text)
    began = time.perf_counter()
    read(text)
    assert time.perf_counter() - began < 2.0
