"""What a feed lists, ready for the store."""

import pickle
import subprocess
import sys
from datetime import UTC, datetime
from hashlib import blake2b

import pytest

from bot.errors import NotAFeed
from bot.gather.feeds.listing import MAX_ENTRIES, Listing, read_listing
from bot.gather.http.earlier_keys import earlier_page_key

URL = "https://harbour.example/feed.xml"
PARAGRAPH = (
    "The reservoir behind the Orun dam reached its full height on Wednesday, a year earlier than "
    "the river authority had planned, after the wettest spring since measurements began."
)

ARTICLE = (
    f"<p>{PARAGRAPH}</p>"
    "<p>Farmers downstream had waited three seasons for the water, and some had sold their "
    "cattle. The authority will open the eastern sluice on Friday, its director said, and the "
    "canals should carry water to the last village by the end of the month.</p>"
    "<p>The ferry between the two banks stays closed until the level has settled. Those who "
    "work on the other side cross by the railway bridge, where the city has put up lamps and a "
    "railing, and where two guards count everybody who walks over it.</p>"
)


def listing(items: str, head: str = "") -> Listing:
    body = f'<rss version="2.0"><channel><title>Harbour Post</title>{head}{items}</channel></rss>'
    return read_listing(body.encode(), URL)


def item(n: int = 1, text: str = "", title: str = "The dam is full") -> str:
    return (
        f"<item><title>{title}</title><link>/{n}</link><guid>g{n}</guid>"
        f"<description><![CDATA[{text}]]></description>"
        f"<pubDate>2025-06-04T07:00:00Z</pubDate></item>"
    )


def test_an_entry_comes_with_clean_text_and_all_that_the_store_needs():
    found = listing(item(1, f"<p>{PARAGRAPH}</p><script>x()</script>"))
    (article,) = found.entries
    assert (found.title, article.guid, article.url) == (
        "Harbour Post",
        "g1",
        "https://harbour.example/1",
    )
    assert article.text == PARAGRAPH
    assert article.language == "en"
    assert article.published_at == datetime(2025, 6, 4, 7, tzinfo=UTC)
    assert not article.complete


def test_a_feed_that_brings_the_article_is_known_by_its_length():
    (article,) = listing(item(1, ARTICLE)).entries
    assert article.complete


@pytest.mark.parametrize("end", ["…", "...", "[…]", "[&#8230;]", "Read more", "Continue reading →"])
def test_a_text_that_was_cut_is_not_complete(end):
    (article,) = listing(item(1, f"{ARTICLE}<p>The mayor said {end}</p>")).entries
    assert not article.complete


def test_a_korean_article_is_complete_at_fewer_signs():
    text = (
        "<p>오룬 댐의 저수지가 수요일에 예정보다 일 년 일찍 만수위에 도달했다고 "
        "하천 당국이 밝혔다. "
        "관측을 시작한 이래 가장 비가 많이 내린 봄이었다고 당국은 설명했다. 하류의 농민들은 "
        "세 해 동안 물을 기다려 왔으며 일부는 소를 팔아야 했다.</p>"
        "<p>당국은 금요일에 동쪽 수문을 열 계획이며, 이달 말까지 마지막 마을까지 물이 닿을 "
        "것으로 보고 있다. 두 강변을 잇는 나룻배는 수위가 안정될 때까지 운항하지 않는다. "
        "건너편에서 일하는 사람들은 철교를 걸어서 건너고 있으며 "
        "시는 그곳에 등불과 난간을 설치했다. 다리는 봄까지 열려 있을 것이다.</p>"
    )
    (article,) = listing(item(1, text, title="댐이 가득 찼다")).entries
    assert article.complete
    assert article.language == "ko"


def test_an_entry_without_a_title_is_known_by_its_first_words():
    (article,) = listing(item(1, f"<p>{PARAGRAPH}</p>", title="")).entries
    assert PARAGRAPH.startswith(article.title)
    assert article.title


def test_entries_without_an_address_or_any_words_are_left_out():
    found = listing(
        "<item><title>No link</title></item><item><link>/2</link></item>" + item(3, title="Stays")
    )
    assert [article.title for article in found.entries] == ["Stays"]


def test_an_entry_told_twice_is_one():
    assert len(listing(item(1) + item(1)).entries) == 1


def test_the_language_is_the_feeds_else_that_of_most_entries():
    assert listing(item(1, PARAGRAPH), "<language>fr-CA</language>").language == "fr"
    assert listing("".join(item(n, PARAGRAPH) for n in range(3))).language == "en"
    assert listing("").language == ""


def test_of_two_languages_as_common_the_first_is_the_feeds():
    german = "<p>Die Fähre zwischen den beiden Ufern fährt ab Montag wieder, sagte das Amt.</p>"
    assert listing(item(1, german) + item(2, ARTICLE)).language == "de"
    assert listing(item(1, ARTICLE) + item(2, german)).language == "en"


def test_an_archive_is_cut():
    assert len(listing("".join(map(item, range(MAX_ENTRIES + 5)))).entries) == MAX_ENTRIES


def test_a_listing_crosses_processes():
    found = listing(item(1, PARAGRAPH))
    assert pickle.loads(pickle.dumps(found)) == found


def test_no_feed_is_no_listing():
    with pytest.raises(NotAFeed):
        read_listing(b"<html></html>", URL, "text/html")


def test_it_is_light_to_import():
    code = (
        "import sys, bot.gather.feeds.listing;"
        "heavy = {'sqlalchemy', 'telegram', 'sumy', 'aiohttp', 'feedparser'} & set(sys.modules);"
        "sys.exit(', '.join(heavy) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def again(before: str, after: str) -> list[str]:
    """Return the titles that are new in the second of two documents."""
    listed = listing(before).listed
    body = f'<rss version="2.0"><channel><title>Harbour Post</title>{after}</channel></rss>'
    return [item.title for item in read_listing(body.encode(), URL, listed=listed).entries]


def entry(title: str, link: str, guid: str, day: int = 4) -> str:
    return (
        f"<item><title>{title}</title><link>{link}</link><guid>{guid}</guid>"
        f"<pubDate>2025-06-{day:02}T07:00:00Z</pubDate></item>"
    )


def test_what_was_listed_before_is_not_listed_again():
    first, second = entry("Dam is full", "/1", "g1"), entry("Ferry waits", "/2", "g2")
    assert again(first, second + first) == ["Ferry waits"]
    assert again(first, first) == []


@pytest.mark.parametrize(
    "later",
    [
        entry("Dam is full and open", "/1", "g1"),
        entry("Dam is full", "/1", "g1", day=6),
        entry("Dam is full", "/1", "g1?version=2"),
        entry("Dam is full", "/1?utm_source=rss", "g1"),
        entry("Dam is full", "http://www.harbour.example/1", "g1?version=2"),
    ],
    ids=["title", "date", "guid", "address", "http"],
)
def test_an_entry_whose_publisher_changed_one_thing_is_the_same(later):
    assert again(entry("Dam is full", "/1", "g1"), later) == []


def test_an_address_that_several_entries_share_tells_nothing():
    first = entry("Minute 1", "/live", "g1") + entry("Minute 2", "/live", "g2")
    assert again(first, entry("Minute 3", "/live", "g3") + first) == ["Minute 3"]


def test_the_dates_are_of_all_that_is_listed():
    first, second = entry("Dam is full", "/1", "g1"), entry("Ferry waits", "/2", "g2", day=5)
    body = f'<rss version="2.0"><channel><title>Post</title>{first}{second}</channel></rss>'
    found = read_listing(body.encode(), URL, listed=listing(first).listed)
    assert [date.day for date in found.dates] == [4, 5]


def told(letters: int, paragraphs: int, *, letter: str = "x") -> str:
    """Return so many paragraphs, of so many characters in all, line breaks included."""
    lines = [f"{letter * 99}." for _ in range(paragraphs - 1)]
    lines.append(letter * (letters - 101 * len(lines) - 1) + ".")
    return "".join(f"<p>{n}{line[1:]}</p>" for n, line in enumerate(lines))


@pytest.mark.parametrize(
    ("text", "is_complete"),
    [
        (told(500, 2), True),
        (told(499, 2), False),
        (told(2000, 1), False),
        (told(253, 2, letter="댐"), True),
        (told(252, 2, letter="댐"), False),
    ],
)
def test_two_paragraphs_of_five_hundred_characters_are_an_article(text, is_complete):
    (article,) = listing(item(1, text)).entries
    assert article.complete is is_complete


def test_a_title_made_of_first_words_has_120_characters():
    (article,) = listing(item(1, f"<p>{'x' * 300}.</p>", title="")).entries
    assert article.title == "x" * 120


def test_a_feed_lists_its_five_hundred_newest():
    assert MAX_ENTRIES == 500


def test_an_address_of_one_entry_and_its_guid_are_two_digests():
    keys, *two = listing(entry("Dam", "/1", "g1")).listed.split()
    assert len(two) == 2
    assert {len(name) for name in two} == {12}
    assert len(listing(entry("Dam", "/1", "https://harbour.example/1")).listed.split()[1:]) == 1
    assert keys == "keys-2"


def test_a_newline_within_a_block_is_a_space():
    (article,) = listing(item(1, "<p>The river\ncouncil met\r\non March\n21st.</p>")).entries
    assert article.text == "The river council met on March 21st."


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Orun &amp; Sons closes&nbsp;two yards.", "Orun & Sons closes two yards."),
        ("Le d&eacute;but &#8211; enfin &#8211; a tard&eacute;.", "Le début – enfin – a tardé."),
        ("&lt;p&gt;Orun &amp;amp; Sons&lt;/p&gt;&lt;p&gt;shut.&lt;/p&gt;", "Orun & Sons\nshut."),
        ("It rained\non Monday.\n\nIt snowed\non Tuesday.",
         "It rained on Monday.\nIt snowed on Tuesday."),
    ],
)  # fmt: skip
def test_a_text_reads_as_a_browser_shows_it(text, shown):
    (article,) = listing(item(1, text)).entries
    assert article.text == shown


@pytest.mark.parametrize(
    "tail",
    [
        '<p>The post <a href="/1">The dam is full</a> appeared first on <a href="/">Post</a>.</p>',
        "<p>Der Beitrag The dam is full erschien zuerst auf Velt Post.</p>",
        "<p>投稿 The dam is full は Velt Post に最初に表示されました。</p>",
        ' The entry "The Dam Is Full" was published first by Velt Post.',
        '<p>El texto <a href="https://harbour.example/1">Presa</a> es de '
        '<a href="https://www.harbour.example">su sitio</a></p>',
    ],
)  # fmt: skip
def test_a_sentence_that_names_title_and_site_is_no_part_of_the_text(tail):
    found = item(1, f"{ARTICLE}{tail}", title="The dam is full")
    title = "<title>Velt Post – All the news</title>"
    body = f'<rss version="2.0"><channel>{title}{found}</channel></rss>'
    (article,) = read_listing(body.encode(), URL).entries
    (bare,) = listing(item(1, ARTICLE)).entries
    assert article.text == bare.text
    assert article.complete


def test_a_sentence_of_the_article_that_names_its_site_stays():
    last = "The dam is full, the mayor told the Velt Post in an interview that filled two of its"
    found = item(1, f"{ARTICLE}<p>{last} pages, and then she went home for the day.</p>")
    body = f'<rss version="2.0"><channel><title>Velt Post</title>{found}</channel></rss>'
    (article,) = read_listing(body.encode(), URL).entries
    assert "went home" in article.text


@pytest.mark.parametrize("words", ["Continue reading…", "Läs hela texten", "続きはこちら", "»"])
def test_a_link_to_its_own_page_at_the_end_cuts_a_text_off(words):
    found = item(1, f'{ARTICLE}<a href="/1?utm_source=rss">{words}</a>')
    (article,) = listing(found).entries
    assert words not in article.text
    assert not article.complete


def test_a_link_to_its_own_page_within_a_sentence_stays():
    (article,) = listing(item(1, '<p>The yard said so in <a href="/1">a letter</a>.</p>')).entries
    assert article.text == "The yard said so in a letter."


def test_what_was_listed_under_keys_of_before_is_not_listed_again():
    url = "https://harbour.example/a?source=rss&b=1;c=2"
    body = (
        f"<rss version='2.0'><channel><title>Harbour Post</title><item><title>Dam</title><link>"
        f"{url.replace('&', '&amp;')}</link><guid>new</guid></item></channel></rss>"
    ).encode()
    before = blake2b(earlier_page_key(url).encode(), digest_size=6).hexdigest()
    assert read_listing(body, URL, listed=before).entries == ()
    assert len(read_listing(body, URL, listed=f"keys-2 {before}").entries) == 1
