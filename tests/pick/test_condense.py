"""A story in sentences of its own articles."""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from bot.domain.article_kind import NO_REPORTS
from bot.domain.room import Length, RoomSettings
from bot.pick import SelectedStory, condense, sentence_hash
from bot.pick.condense import _spread
from summarizers import DEFAULT_METHOD
from tests.fakes.news import NOW, stored
from tests.fakes.stories import candidate, told

ZONE = ZoneInfo("Europe/Berlin")
ROOM = RoomSettings(method="lead")
DAM = stored(
    1,
    "Orun dam refilled a year early",
    "The Orun dam is full again after a winter of heavy snow, the river authority said.\n"
    "The reservoir holds 310 million cubic metres of water for the farms of the valley. "
    "Engineers expect to open the gates of the dam before the summer storms arrive.",
    age_h=9,
    source="Orun Courier",
)
SNOW = stored(
    2,
    "Snow from our hills fills the Orun reservoir",
    "Communes in the hills above the reservoir want a share of the profit from its water. "
    "The mayors of eleven villages wrote to the river authority on Wednesday.",
    age_h=8,
    source="Velt Mail",
)
OUTLETS = {"Orun Courier": ("ZZ", False), "Velt Mail": ("ZZ", True), "Other": ("DE", False)}


def tell(*articles, room=ROOM, before=None, never=(), copies=()):
    chosen = SelectedStory(candidate=candidate(7, *articles, copies=copies), told=before)
    return condense(chosen, room, ZONE, outlets=OUTLETS, told=frozenset(map(sentence_hash, never)))


def texts(quotations):
    return [one.text for one in quotations]


def test_every_quotation_is_the_stored_text_and_leads_to_its_article():
    articles = {one.text_id: one for one in (DAM, SNOW)}
    story = tell(DAM, SNOW)
    assert len(story.sentences) == 2
    assert story.more
    for one in (*story.sentences, *story.more):
        source = articles[one.text_id].article
        assert source.text[one.start : one.end] == one.text
        assert (one.url, one.source) == (source.url, source.source)


@pytest.mark.parametrize("method", ["lead", "centroid", "lexrank"])
def test_a_story_bears_title_and_address_of_the_article_quoted_first(method):
    story = tell(DAM, SNOW, room=replace(ROOM, method=method))
    first = {DAM.text_id: DAM, SNOW.text_id: SNOW}[story.sentences[0].text_id]
    assert (story.title, story.url) == (first.article.title, first.article.url)


def test_the_quote_says_nothing_again():
    story = tell(DAM, SNOW)
    said = texts((*story.sentences, *story.more))
    assert len(said) == len(set(said))


def test_a_room_without_a_method_has_the_usual_one():
    usual = tell(DAM, SNOW, room=replace(ROOM, method=""))
    assert usual == tell(DAM, SNOW, room=replace(ROOM, method=DEFAULT_METHOD))


def test_a_room_has_as_many_sentences_as_it_chose():
    assert len(tell(DAM, SNOW, room=replace(ROOM, sentences=1)).sentences) == 1
    assert len(tell(DAM, SNOW, room=replace(ROOM, sentences=3)).sentences) == 3


def test_deep_shows_one_more():
    assert len(tell(DAM, SNOW, room=replace(ROOM, length=Length.DEEP)).sentences) == 3


def test_headlines_are_titles_alone_and_the_lead_gives_it():
    room = replace(ROOM, length=Length.HEADLINES)
    newest = stored(3, "Orun reservoir is full", DAM.article.text, age_h=5, source="Other")
    odd = stored(4, "Why mayors write letters", "Ink is dear in winter. " * 20, age_h=2, source="E")
    story = tell(DAM, SNOW, newest, odd, room=room)
    assert (story.sentences, story.more) == ((), ())
    assert (story.title, story.url) == (newest.article.title, newest.article.url)
    assert story.outlets == 4


def test_a_headline_of_an_update_is_the_newest_title():
    room = replace(ROOM, length=Length.HEADLINES)
    new = stored(3, "Gates opened", "Both gates were opened at 04:15 for 130 minutes.", age_h=2)
    story = tell(DAM, SNOW, new, room=room, before=told(7, age_h=5))
    assert story.title == "Gates opened"


def test_an_update_quotes_only_what_is_new_from_new_articles():
    new = stored(
        3,
        "Orun dam opens its gates",
        "The Orun dam is full again after a winter of heavy snow, the river authority said. "
        "Engineers opened two gates at 04:15 on Thursday for 130 minutes.",
        age_h=2,
        source="Other",
    )
    story = tell(DAM, SNOW, new, before=told(7, age_h=5))
    assert texts(story.sentences) == [
        "Engineers opened two gates at 04:15 on Thursday for 130 minutes."
    ]
    assert story.more == ()
    assert story.title == new.article.title
    assert story.updated_since == date(2026, 6, 5)
    assert story.outlets == 3


def test_a_story_that_is_no_update_says_so():
    assert tell(DAM).updated_since is None


def test_told_sentences_are_never_quoted():
    first = DAM.article.text.split("\n")[0]
    story = tell(DAM, SNOW, never=[first.upper()])
    assert story.sentences
    assert first not in texts((*story.sentences, *story.more))


def test_a_story_of_which_all_was_told_is_dropped():
    sentences = texts(tell(DAM, room=replace(ROOM, sentences=3)).sentences)
    assert tell(DAM, never=sentences) is None


@pytest.mark.parametrize(
    "text",
    [
        "  \n ",
        "Snow over Orun fills its dam",  # the title is all there is
        "Everybody is very happy about such things.",
        "What a morning!\nLook at it.\nReally?\nWomen laugh and men sing all through the night.",
    ],
)
def test_a_story_without_a_sentence_that_may_open_is_its_title_and_link(text):
    article = stored(1, "Snow over Orun fills its dam", text)
    story = tell(article)
    assert (story.title, story.url) == (article.article.title, article.article.url)
    assert (story.sentences, story.more) == ((), ())
    assert tell(article, before=told(7, age_h=60)) is None


def test_a_story_without_any_text_is_its_title_and_link():
    told = tell(stored(1, "A title", ""))
    assert (told.title, told.url, told.sentences) == ("A title", "https://harbour.example/1", ())


def test_facts_are_told_in_the_words_of_a_report_where_there_is_one():
    comment = stored(2, "Why the dam must go", "Nobody in this valley ever wanted the dam at all.")
    comment = replace(comment, article=replace(comment.article, kind="opinion"))
    assert tell(DAM, comment).title == DAM.article.title
    assert tell(comment).title == "Why the dam must go"


@pytest.mark.parametrize("kind", sorted(NO_REPORTS))
def test_what_reports_nothing_is_its_title_and_link(kind):
    guide = stored(2, "Ten walks around the dam", DAM.article.text, age_h=1, kind=kind)
    story = tell(guide)
    assert (story.title, story.url, story.kind) == (guide.article.title, guide.article.url, kind)
    assert (story.sentences, story.more) == ((), ())
    beside = tell(DAM, guide)
    assert beside.title == DAM.article.title
    assert beside.sentences


def test_what_reports_nothing_has_no_update():
    guide = stored(2, "Ten walks around the dam", DAM.article.text, age_h=1, kind="guide")
    assert tell(guide, before=told(7, age_h=5)) is None


def test_a_story_says_of_what_kind_the_article_is_that_leads():
    live = stored(2, "Dam: live", f"{DAM.article.text} The gates are open.", age_h=1, kind="live")
    assert tell(DAM).kind == "news"
    assert tell(DAM, live).kind == "news"
    assert tell(live).kind == "live"


@pytest.mark.parametrize("kind", ["opinion", "live", "fact-check", "digest", "quiz", "media"])
def test_nothing_of_another_kind_stands_among_lines_of_reports(kind):
    other = stored(2, "The Orun dam", DAM.article.text.replace("Engineers", "Nine men"), kind=kind)
    story = tell(DAM, other, room=replace(ROOM, sentences=3, length=Length.DEEP))
    assert {one.text_id for one in (*story.sentences, *story.more)} == {DAM.text_id}


CHECK = (
    "Claim: The dam of Orun has a false bottom that hides half of its water.\n"
    "A film of the reservoir was shared 12,000 times in Lorvia on Monday. "
    "The claim is false, and the film shows a quarry near Corrin. "
    "The river authority said it had measured the depth in April."
)


def test_a_fact_check_is_told_by_its_verdict_alone():
    story = tell(stored(1, "No, the dam of Orun hides no water", CHECK, kind="fact-check"))
    assert texts((*story.sentences, *story.more)) == [
        "The claim is false, and the film shows a quarry near Corrin."
    ]
    assert story.kind == "fact-check"


def test_a_verdict_told_before_is_not_told_again():
    checked = stored(1, "No, the dam of Orun hides no water", CHECK, kind="fact-check")
    assert (
        tell(checked, never=["The claim is false, and the film shows a quarry near Corrin."])
        is None
    )


def test_a_fact_check_without_a_verdict_that_we_find_is_not_told():
    text = CHECK.replace("The claim is false, and", "In fact")
    assert tell(stored(1, "The dam of Orun", text, kind="fact-check")) is None


def test_the_latest_article_opens_and_gives_the_title():
    later = stored(
        3,
        "Gates of the Orun dam stay shut",
        "Nine engineers kept both gates of the Orun dam shut on Thursday, the council said. "
        "Water in the lake had risen by 110 centimetres since noon, and villages below it were "
        "told to move 340 sheep and 12 boats to higher ground before nightfall.",
        age_h=3,
        source="Other",
    )
    for method in ("lead", "centroid", "textrank"):
        story = tell(DAM, SNOW, later, room=replace(ROOM, method=method, sentences=1))
        assert story.title == later.article.title
        assert [one.text_id for one in story.sentences] == [later.text_id]


def test_an_article_without_a_sentence_to_open_with_does_not_lead():
    bare = stored(3, "Orun dam", f"{'The dam and ' * 80}the snow.", age_h=7, source="Other")
    assert tell(DAM, bare).title == DAM.article.title


def test_an_earlier_days_last_night_does_not_stand_beside_a_newer_text():
    told = "The Orun dam was found to leak last night, the river authority said."
    free = "The Orun dam was built by 900 men of the valley between 1931 and 1938."
    plan = "The river authority will send two divers to the Orun dam."
    old = stored(3, "Orun dam leaks", f"{told}\n{free}\n{plan}", age_h=20, source="Other")
    room = replace(ROOM, sentences=3, length=Length.DEEP)
    new = stored(4, "The Orun dam", DAM.article.text, age_h=3)
    beside, alone = tell(old, new, room=room), tell(old, room=room)
    said = texts((*beside.sentences, *beside.more))
    assert free in said
    assert told not in said
    assert plan not in said
    assert told in texts(alone.sentences)


def test_a_story_without_articles_is_dropped():
    empty = replace(candidate(7, DAM), articles=())
    assert condense(SelectedStory(candidate=empty), ROOM, ZONE, outlets={}) is None


def test_the_title_repeated_in_the_text_is_not_quoted():
    title = "The Orun dam is full again after a winter of heavy snow."
    text = f"{title}\nThe reservoir holds 310 million cubic metres of water for the valley."
    story = tell(stored(1, title, text))
    assert texts(story.sentences) == [text.split("\n")[1]]


def test_a_wall_of_text_is_not_quoted():
    wall = "The river authority said " + "and said " * 80 + "that the dam is full."
    short = "The Orun dam holds 310 million cubic metres of water, its owner said on Monday."
    story = tell(stored(1, "Orun dam full", f"{wall}\n{short}"))
    assert texts((*story.sentences, *story.more)) == [short]


def test_a_copy_is_not_quoted_and_does_not_count():
    copy = replace(DAM, id=9, text_id=99)
    copy = replace(copy, article=replace(copy.article, source="Other", url="https://o.example/"))
    story = tell(DAM, copy, copies={9})
    assert {one.source for one in (*story.sentences, *story.more)} == {"Orun Courier"}
    assert story.outlets == 1


def test_a_sentence_that_two_outlets_share_is_quoted_once():
    twin = stored(5, "Dam", DAM.article.text, age_h=3, source="Other")
    room = replace(ROOM, sentences=3, length=Length.DEEP)
    story = tell(DAM, twin, room=room)
    said = texts((*story.sentences, *story.more))
    assert len(said) == len(set(said))


def test_only_one_language_is_quoted():
    german = stored(
        3, "Staudamm", "Der Staudamm an der Orun ist wieder voll, sagte die Behörde.", language="de"
    )
    story = tell(DAM, german, SNOW, room=replace(ROOM, sentences=3))
    assert german.text_id not in {one.text_id for one in (*story.sentences, *story.more)}


def test_coverage_counts_outlets_countries_and_names_what_states_run():
    other = stored(3, "Dam", "The dam of Orun stands in Lorvia.", source="Other", age_h=3)
    unknown = stored(4, "Dam", "The dam was built in 1961.", source="Nobody", age_h=2)
    story = tell(DAM, SNOW, other, unknown)
    assert (story.outlets, story.countries, story.state_run) == (4, 2, ("Velt Mail",))


def test_the_newest_of_every_outlet_is_read_before_a_second_article_of_any():
    many = [stored(n, f"Dam {n}", age_h=50 - n, source="Orun Courier") for n in range(10, 30)]
    assert _spread([SNOW, *many], 6) == (SNOW, *many[-5:])
    assert _spread([SNOW, *many], 2) == (SNOW, many[-1])
    assert _spread(many[:3], 10) == tuple(many[:3])


def test_dates_are_the_readers():
    late = stored(1, "Dam", "The Orun dam is full again after a winter of snow.", age_h=7)
    story = tell(late)  # 22:30 UTC on 4 June
    assert late.article.dated_at.date() == date(2026, 6, 4)
    assert [one.dated_at for one in story.sentences] == [date(2026, 6, 5)]
    assert NOW.date() == date(2026, 6, 5)


PARTS = (
    "Engineers of Orun opened the eastern gate by hand on Thursday morning.",
    "Farmers below the reservoir have waited for water since March.",
    "Eleven villages wrote to the river authority about their share.",
    "A crane lifted the last of the old sluices out of the bed.",
    "The government said on Monday that Velt paid for twelve new pumps.",
    "Two bridges near Corrin stay closed after the storm.",
    "Students of Tarn Hill measured how fast the snow melts.",
    "Nobody was hurt when a tree fell on the quay of Lowmoor.",
    "Prices of grain rose at the market of Velt for a third week.",
    "Its oldest turbine was built by a watchmaker from Aldersby.",
)
LONG = stored(1, "Orun", "\n".join(PARTS), source="Orun Courier")


@pytest.mark.parametrize(("length", "shown", "behind"), [(Length.BRIEF, 2, 3), (Length.DEEP, 3, 4)])
def test_the_quote_holds_three_sentences_and_four_in_depth(length, shown, behind):
    story = tell(LONG, room=replace(ROOM, length=length))
    assert (len(story.sentences), len(story.more)) == (shown, behind)


def test_six_articles_are_read_the_newest_of_each_outlet():
    begins = "Water came back to Orun on Thursday.\nThe dam of Orun had been dry for two years."
    many = [
        stored(n, f"Orun {n}", f"{begins}\n{text[:-1]} at Orun.", age_h=30 - n, source=f"S{n}")
        for n, text in enumerate(PARTS[:8])
    ]
    story = tell(*many, room=replace(ROOM, sentences=8))
    quoted = {one.text_id for one in (*story.sentences, *story.more)}
    assert quoted == {one.text_id for one in many[-6:]}
    assert story.outlets == 8


@pytest.mark.parametrize("before", [None, told(7, "Something else.", age_h=5)])
@pytest.mark.parametrize(("chars", "quoted"), [(600, 1), (601, 0)])
def test_a_sentence_of_600_characters_is_quoted_and_a_longer_one_is_not(before, chars, quoted):
    start = "Orun’s river authority said on 5 June that gates 17, 23 and 45 are open "
    text = f"{start:x<{chars - 1}}."
    short = "The mayor of Corrin counted 47 flooded cellars in his town."
    story = tell(DAM, stored(3, "Gates", f"{text}\n{short}", age_h=2), before=before)
    assert texts((*story.sentences, *story.more)).count(text) == quoted


def test_an_update_does_not_repeat_what_was_told_of_another_story():
    said = "Engineers opened two gates at 04:15 on Thursday for 130 minutes."
    left = "The mayor of Corrin counted 47 flooded cellars in his town."
    new = stored(3, "Gates", f"{said} {left}", age_h=2)
    story = tell(DAM, new, before=told(7, age_h=5), never=[said])
    assert texts((*story.sentences, *story.more)) == [left]


def test_an_article_of_unknown_language_is_quoted_beside_those_of_the_commonest():
    german = stored(3, "Staudamm", "Der Staudamm ist wieder voll.", language="de", age_h=7)
    text = (
        "The Orun dam is full.\nIt is large.\nThe Orun dam was built in 1961, the authority said."
    )
    unknown = stored(4, "Dam", text, language="", age_h=8, source="Other")
    story = tell(DAM, SNOW, german, unknown, room=replace(ROOM, sentences=6))
    quoted = {one.text_id for one in (*story.sentences, *story.more)}
    assert quoted == {DAM.text_id, SNOW.text_id, unknown.text_id}


def test_the_newest_of_equal_titles_is_the_headline():
    room = replace(ROOM, length=Length.HEADLINES)
    same = [stored(n, "Dam opens", age_h=9 - n) for n in (1, 2, 3)]
    assert tell(*same, room=room).url == same[-1].article.url


def test_a_source_of_unknown_country_is_of_none():
    chosen = SelectedStory(candidate=candidate(7, DAM, SNOW))
    outlets = {"Orun Courier": ("", True), "Velt Mail": ("ZZ", False)}
    story = condense(chosen, ROOM, ZONE, outlets=outlets)
    assert (story.countries, story.state_run) == (1, ("Orun Courier",))


def test_outlets_that_report_the_same_and_are_not_quoted_are_named_the_newest_first():
    text = DAM.article.text.partition("\n")[0] * 3
    others = [stored(n, "Orun dam", f"{text} {n}", age_h=9 - n, source=f"S{n}") for n in (3, 4, 5)]
    other = stored(6, "Ferries", "A strike keeps nine ferries in port. " * 9, age_h=8, source="F")
    column = replace(others[0], id=8, text_id=1008)
    column = replace(column, article=replace(column.article, source="C", kind="opinion"))
    story = tell(other, *others[:2], column, others[2], room=replace(ROOM, sentences=1, method=""))
    quoted = {one.source for one in (*story.sentences, *story.more)}
    assert {"S3", "S4", "S5"} == quoted | {one.source for one in story.also_in}
    assert [one.source for one in story.also_in] == [
        source for source in ("S5", "S4", "S3") if source not in quoted
    ]


def test_what_a_state_runs_is_marked_where_it_is_quoted_and_where_it_is_named():
    free = stored(3, "Orun dam", DAM.article.text, age_h=7, source="Other")
    state = stored(4, "Orun dam", DAM.article.text, age_h=6, source="Velt Mail")
    story = tell(free, state, room=replace(ROOM, sentences=1, length=Length.HEADLINES))
    assert (story.title, story.source, story.dated_at) == ("Orun dam", "Other", date(2026, 6, 5))
    assert [(one.source, one.is_state_run) for one in story.also_in] == [("Velt Mail", True)]
    assert [one.is_state_run for one in tell(state).sentences] == [True, True]


def test_an_update_says_what_was_told_before():
    first = DAM.article.text.partition("\n")[0]
    new = stored(3, "Gates opened", "Both gates were opened at 04:15 for 130 minutes.", age_h=2)
    story = tell(DAM, new, before=told(7, first, "Something else.", age_h=5))
    assert (story.told_before.text, story.told_before.text_id) == (first, DAM.text_id)
    assert tell(DAM, new, before=told(7, "Gone.", age_h=5)).told_before is None
    assert tell(DAM).told_before is None
