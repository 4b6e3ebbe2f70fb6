"""Which article of a story leads, and what may stand behind it."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from bot.pick.lead import arrange
from tests.fakes.news import stored

ZONE = ZoneInfo("Europe/Berlin")  # NOW is 07:30 there
TEXT = "The Orun dam is full again after a winter of heavy snow, the river authority said. " * 3
STATE = "Lorvia State Radio"


def dam(id_, age_h, text=TEXT, **fields):
    title = fields.pop("title", "Orun dam refilled a year early")
    return stored(id_, title, f"{text} {id_}", age_h=age_h, **fields)


def told(*articles):
    """Return the ids of the lead, of all that may be quoted, and of those to quote with care."""
    found = arrange(articles, ZONE, is_state_run=lambda article: article.source == STATE)
    ids = [one.id for one in found.articles]
    return ids[found.lead], ids, [ids[n] for n in sorted(found.earlier)]


def test_the_newest_leads_and_all_keep_their_order():
    assert told(dam(1, 5), dam(2, 3), dam(3, 1)) == (3, [1, 2, 3], [])


def test_a_single_article_leads():
    assert told(dam(1, 90)) == (1, [1], [])


def test_a_very_short_article_does_not_lead_where_another_reports():
    teaser = dam(2, 1, text="The Orun dam is full.")
    assert told(dam(1, 3), teaser) == (1, [1, 2], [])
    assert told(teaser)[0] == 2
    assert told(dam(1, 40), teaser)[0] == 2


def test_a_short_text_is_shorter_where_a_sign_is_a_syllable():
    text = "水库管理局表示，经过一个多雪的冬天，奥伦大坝的水库再次蓄满。" * 4
    chinese = [dam(n, 9 - n, text=text, title="奥伦大坝蓄满", language="zh") for n in (1, 2)]
    assert len(text) < 200
    assert told(dam(3, 8, text=text * 3, title="奥伦大坝蓄满", language="zh"), *chinese)[0] == 2


def test_an_outlet_that_a_state_runs_leads_only_alone():
    assert told(dam(1, 3), dam(2, 1, source=STATE)) == (1, [1, 2], [])
    assert told(dam(2, 1, source=STATE))[0] == 2
    assert told(dam(1, 3, text="The Orun dam is full."), dam(2, 1, source=STATE))[0] == 1


def test_an_article_that_costs_leads_only_where_no_free_one_is_as_new():
    walled = dam(2, 1, paywalled=True)
    assert told(dam(1, 3), walled) == (1, [1, 2], [])
    assert told(walled)[0] == 2
    assert told(dam(1, 9), walled)[0] == 2  # the latest may be missing there
    assert told(dam(1, 3, paywalled=True), walled)[0] == 2
    assert told(dam(1, 3, text="The Orun dam is full."), walled)[0] == 2


def test_an_article_that_shares_scarcely_a_word_does_not_lead():
    other = dam(
        3, 1, text="Ferries to Corrin stay in port as a strike begins. " * 5, title="Strike"
    )
    assert told(dam(1, 5), dam(2, 3), other) == (2, [1, 2], [])


def test_another_story_under_the_title_is_not_quoted():
    other = dam(
        1, 2, text="Ferries to Corrin stay in port as a strike begins. " * 5, title="Strike"
    )
    assert told(other, dam(2, 1)) == (2, [2], [])


def test_vietnamese_words_are_pairs_of_syllables():
    dams = "Đập Orun đã đầy nước trở lại sau một mùa đông nhiều tuyết, cơ quan quản lý cho biết. "
    strike = "Tàu phà đi Corrin nằm lại bến cảng khi công nhân bắt đầu đình công vì tiền lương. "
    one, two, other = (
        dam(n, 5 - n, text=text * 3, title=title, language="vi")
        for n, text, title in ((1, dams, "Đập Orun"), (2, dams, "Đập Orun"), (3, strike, "Tàu phà"))
    )
    assert told(one, two, other) == (2, [1, 2], [])


def test_an_article_of_the_day_before_is_quoted_with_care():
    assert told(dam(1, 12), dam(2, 1)) == (2, [1, 2], [1])


def test_an_earlier_day_is_one_by_the_readers_clock():
    midnight = 7.5
    assert told(dam(1, midnight - 0.1), dam(2, 1))[2] == []
    assert told(dam(1, midnight + 0.1), dam(2, 1))[2] == [1]


def test_an_older_stage_of_the_story_is_not_quoted():
    assert told(dam(1, 26), dam(2, 1)) == (2, [2], [])


def test_a_newer_day_is_not_quoted_behind_a_lead_of_the_day_before():
    assert told(dam(1, 9), dam(2, 1, source=STATE)) == (1, [1], [])


def test_an_earlier_day_is_not_quoted_in_a_language_without_words_for_days():
    assert told(dam(1, 12, language="ta"), dam(2, 1, language="ta")) == (2, [2], [])
    assert told(dam(1, 12, language=""), dam(2, 1, language="")) == (2, [2], [])


@pytest.mark.parametrize("kind", ["analysis", "interview", "live", "fact-check", "opinion", "list"])
def test_a_report_leads_before_what_is_newer_and_of_another_kind(kind):
    lead, ids, _ = told(dam(1, 5), dam(2, 1, kind=kind))
    assert lead == 1
    assert (2 in ids) == (kind in {"analysis", "interview"})


def test_without_a_report_the_next_kind_is_told_alone():
    assert told(dam(1, 5, kind="live"), dam(2, 1, kind="opinion")) == (1, [1], [])
    assert told(dam(1, 5, kind="analysis"), dam(2, 1, kind="live")) == (1, [1], [])


def test_what_was_to_come_is_not_told_behind_what_came():
    plan = "The gates of the Orun dam will be opened by hand."
    built = "The Orun dam was built by 900 men of the valley."
    preview, report = dam(1, 2.4, text=f"{TEXT} {plan} {built}"), dam(2, 1)
    may_quote = arrange([preview, report], ZONE, is_state_run=bool).may_quote("en")
    assert not may_quote(plan)
    assert may_quote(built)
    both = replace(report, article=replace(report.article, text=f"{TEXT} {plan}"))
    assert arrange([preview, both], ZONE, is_state_run=bool).may_quote("en")(plan)
