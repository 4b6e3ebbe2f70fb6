"""What the sample newsroom tells: enough, varied, well formed, and in its own words."""

import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from bot.topics import load_topics
from bot.tryout.newsroom import DAYS, SampleArticle, load_newsroom

NEWSROOM = load_newsroom()
ARTICLES = NEWSROOM.articles
ORIGINALS = [article for article in ARTICLES if not article.copy_of]
LANGUAGE = {outlet.slug: outlet.language for outlet in NEWSROOM.outlets}
SEED_PAGE = Path(__file__).parents[2].parent / "shared" / "data" / "seed-page.txt"

# A full stop, question or exclamation mark, with the quotes that may close after it; a
# figure before it is a German ordinal ("4. Juni"), unless the paragraph ends there.
SENTENCE_END = re.compile(r"(?:(?<!\d)[.!?]|[.!?]$)[\"”“»]?(?=\s|$)")


def sentences(article: SampleArticle) -> list[str]:
    found = []
    for paragraph in article.paragraphs:
        start = 0
        for end in SENTENCE_END.finditer(paragraph):
            found.append(paragraph[start : end.end()].strip())
            start = end.end()
    return found


def eight_word_runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[i : i + 8]) for i in range(len(words) - 7)}


def test_there_is_a_week_of_news_in_four_languages():
    by_language = Counter(LANGUAGE[article.outlet] for article in ARTICLES)
    assert len(NEWSROOM.outlets) >= 10
    assert len(ARTICLES) >= 120
    assert len(NEWSROOM.events) >= 25
    assert {article.day for article in ARTICLES} == set(range(DAYS))
    assert {"en", "de", "es", "ko"} == set(by_language)
    assert min(by_language.values()) >= 20
    assert [outlet.slug for outlet in NEWSROOM.outlets if outlet.state_run] == ["lorvia-radio"]


def test_slugs_are_unique_and_every_reference_leads_somewhere():
    slugs = Counter(article.slug for article in ARTICLES)
    assert max(slugs.values()) == 1
    assert all(re.fullmatch(r"[a-z0-9-]{5,60}", slug) for slug in slugs)
    for article in ARTICLES:
        assert article.outlet in LANGUAGE
        assert article.event in NEWSROOM.events
        assert {*article.related, article.copy_of or article.slug} <= set(slugs)
        assert article.byline


def test_every_event_of_the_list_is_told():
    assert set(NEWSROOM.events) == {article.event for article in ARTICLES}


def test_most_events_are_told_by_several_outlets_and_many_over_several_days():
    outlets, days = defaultdict(set), defaultdict(set)
    for article in ARTICLES:
        outlets[article.event].add(article.outlet)
        days[article.event].add(article.day)
    told_by_several = [event for event in outlets if len(outlets[event]) >= 2]
    followed_up = [event for event in days if len(days[event]) >= 3]
    assert len(told_by_several) >= 25
    assert len(followed_up) >= 12
    assert {0, 2, 4} <= days["orun-dam"]


@pytest.mark.parametrize("article", ORIGINALS, ids=lambda article: article.slug)
def test_an_article_has_the_length_and_shape_of_news(article: SampleArticle):
    words = sum(len(paragraph.split()) for paragraph in article.paragraphs)
    assert 5 <= len(article.paragraphs) <= 9
    assert 8 <= len(sentences(article)) <= 14
    # Korean writes several words of other languages as one.
    assert (80 if LANGUAGE[article.outlet] == "ko" else 150) <= words <= 350
    assert 0.5 <= article.age_h <= 20
    assert len(article.title) <= 100
    assert article.title == article.title.strip()
    assert not article.title.endswith(".")


@pytest.mark.parametrize("article", ORIGINALS, ids=lambda article: article.slug)
def test_every_paragraph_ends_with_a_stop_and_closes_its_quotes(article: SampleArticle):
    for paragraph in article.paragraphs:
        assert paragraph == " ".join(paragraph.split())
        assert SENTENCE_END.search(paragraph[-2:])
        for opening, closing in (("«", "»"), ("„", "“"), ('"', '"')):
            if opening in paragraph:
                opened, closed = paragraph.count(opening), paragraph.count(closing)
                assert opened == closed
                assert opening != closing or opened % 2 == 0
        if "„" not in paragraph:
            assert paragraph.count("“") == paragraph.count("”")


def test_the_product_says_sample_and_the_sentences_do_not():
    for article in ARTICLES:
        assert "SAMPLE" not in " ".join((article.title, *article.paragraphs))


def test_titles_are_unique_within_an_outlet():
    titles = Counter(
        (article.outlet, title)
        for article in ARTICLES
        for title in (article.title, article.retitled and article.retitled.title)
        if title
    )
    assert max(titles.values()) == 1


def test_no_sentence_is_told_twice_but_in_the_syndicated_copy():
    told = Counter(sentence for article in ORIGINALS for sentence in sentences(article))
    assert [sentence for sentence, times in told.items() if times > 1] == []


def test_outlets_share_no_run_of_eight_words_but_in_the_syndicated_copy():
    seen: dict[tuple[str, ...], str] = {}
    for article in ORIGINALS:
        runs = eight_word_runs(" ".join(article.paragraphs))
        assert {seen[run] for run in runs if run in seen} - {article.outlet} == set()
        seen |= dict.fromkeys(runs, article.outlet)


def test_one_article_is_a_copy_of_another_outlets():
    copies = [article for article in ARTICLES if article.copy_of]
    originals = {article.slug: article for article in ARTICLES}
    assert len(copies) == 1
    original = originals[copies[0].copy_of]
    assert copies[0].paragraphs == original.paragraphs
    assert copies[0].outlet != original.outlet
    assert copies[0].event == original.event


def test_one_article_is_retitled_on_a_later_day():
    retitled = [article for article in ARTICLES if article.retitled]
    assert len(retitled) == 1
    assert retitled[0].retitled.day > retitled[0].day
    assert retitled[0].retitled.title != retitled[0].title


def test_outlets_contradict_each_other_on_figures():
    def figures(event: str, day: int) -> dict[str, set[str]]:
        return {
            article.slug: set(re.findall(r"\d+(?:\.\d+)?", " ".join(article.paragraphs)))
            for article in ARTICLES
            if article.event == event and article.day == day
        }

    dam, wind, vote = figures("orun-dam", 0), figures("storm-edda", 4), figures("velt-strike", 1)
    assert "91" in dam["orun-dam-ninety-one-percent"] - dam["orun-lake-fills-hills-snow"]
    assert "89" in dam["orun-lake-fills-hills-snow"] - dam["orun-dam-ninety-one-percent"]
    assert "131" in wind["storm-edda-coast-131-kmh"]
    assert "127" in wind["storm-edda-corrin-quay-wall-holds"]
    assert "810" in vote["velt-strike-ends-vote"] - vote["velt-miners-accept-offer-812-94"]


def test_north_korea_is_in_the_news_on_the_days_a_newcomer_walks_through():
    by_outlet = defaultdict(set)
    for article in ARTICLES:
        if "north-korea" in NEWSROOM.events[article.event]:
            by_outlet[article.day].add(article.outlet)
    assert len(by_outlet[0]) >= 3
    assert {0, 2, 4} <= set(by_outlet)


def test_every_topic_of_an_event_is_in_the_catalogue_and_found_in_its_articles():
    topics = load_topics()
    found = defaultdict(set)
    for article in ARTICLES:
        text = "\n".join(article.paragraphs)
        found[article.event] |= set(topics.match(article.title, text, LANGUAGE[article.outlet]))
    missed = {event: set(slugs) - found[event] for event, slugs in NEWSROOM.events.items()}
    assert {event: slugs for event, slugs in missed.items() if slugs} == {}


def test_every_morning_has_stories_for_many_topics_in_english():
    topics_of = defaultdict(set)
    for article in ARTICLES:
        if LANGUAGE[article.outlet] == "en":
            topics_of[article.day] |= set(NEWSROOM.events[article.event])
    assert len(topics_of[0]) >= 12
    assert min(len(topics_of[day]) for day in range(DAYS)) >= 8


def test_nothing_is_shared_with_the_seed_page():
    if not SEED_PAGE.exists():
        pytest.skip(f"no {SEED_PAGE.name} beside the checkout")
    seed = eight_word_runs(SEED_PAGE.read_text(encoding="utf-8"))
    for article in ARTICLES:
        for text in (article.title, *article.paragraphs):
            assert eight_word_runs(text) & seed == set()
