"""The chat page in a real Chromium, with the real bot behind it."""

import os
import re

import pytest

from tests.fakes.browser import MISSING, chromium, running_tryout

if MISSING and os.environ.get("DAYBRIEF_TEST_CHROMIUM") == "required":
    pytest.fail(MISSING, pytrace=False)
pytestmark = [pytest.mark.slow, pytest.mark.skipif(bool(MISSING), reason=MISSING)]

PHONE = {"viewport": {"width": 360, "height": 740}, "color_scheme": "dark"}
DESK = {"viewport": {"width": 900, "height": 900}, "color_scheme": "light"}
TOPICS = ("North Korea", "Climate")
# Whether a link's sentence is visible, in a window too low for the whole page.
IN_VIEW = """(words) => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT);
  let best = null;
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.replace(/\\s+/g, " ");
    if (text.includes(words)) best = walker.currentNode;
  }
  if (!best) return "missing";
  const box = best.getBoundingClientRect();
  return box.bottom > 0 && box.top < innerHeight ? "seen" : "elsewhere";
}"""


@pytest.fixture
def tryout():
    """Yield the page of a new bot, since a jump to tomorrow affects all readers of a bot."""
    with running_tryout() as page:
        yield page


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture
def chat(browser, tryout, request):
    options = getattr(request, "param", DESK)
    context = browser.new_context(timezone_id="Europe/Berlin", locale="en-GB", **options)
    context.set_default_timeout(300_000)  # only against hanging: no test here is about speed
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)
    page.goto(tryout)
    yield page
    context.close()
    assert faults == []


def tap(page, name):
    page.get_by_role("button", name=name, exact=True).last.click()


def onboard(page):
    tap(page, "Start")
    for topic in TOPICS:
        tap(page, topic)
        page.get_by_role("button", name=f"✓ {topic}").wait_for()
    tap(page, "▶ My first briefing")
    page.get_by_text("That's all.").last.wait_for()


def briefings(page):
    texts = page.locator(".message:not(.mine) .content").all_text_contents()
    return [text for text in texts if "That's all." in text]


@pytest.mark.parametrize("chat", [DESK, PHONE], indirect=True, ids=["desk", "phone"])
def test_three_taps_lead_to_a_briefing(chat):
    onboard(chat)
    (briefing,) = briefings(chat)
    assert "SAMPLE" in briefing
    for topic in TOPICS:
        assert topic in briefing
    assert chat.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert chat.locator("blockquote.folded").count() > 0
    chat.locator("blockquote.folded .fold").first.click()
    assert chat.locator("blockquote.open").count() == 1


def test_commands_are_completed_by_keyboard_however_early(chat):
    field = chat.get_by_role("textbox", name="Message")
    field.fill("/he")
    chat.get_by_role("option", name="/help").wait_for()
    field.press("Enter")
    chat.get_by_text("Your briefing, now").last.wait_for()
    assert chat.locator("[role=log][aria-live=polite]").count() == 1


def test_markup_that_somebody_types_stays_text(chat):
    hostile = "<img src=x onerror=alert(1)> <b>x</b>"
    chat.get_by_role("textbox", name="Message").fill(hostile)
    chat.get_by_role("button", name="Send").click()
    chat.locator(".mine .content", has_text=hostile).wait_for()
    assert chat.locator(".content img").count() == 0


def test_text_from_right_to_left_stands_on_the_right(chat):
    chat.get_by_role("textbox", name="Message").fill("مرحبا بالعالم")
    chat.get_by_role("button", name="Send").click()
    content = chat.locator(".mine .content", has_text="مرحبا")
    content.wait_for()
    assert content.evaluate("node => getComputedStyle(node).direction") == "rtl"


def test_a_week_of_mornings_tells_nothing_twice_and_every_link_lands(chat, browser):
    onboard(chat)
    for morning in range(2, 8):
        chat.locator("#jump:not([aria-busy])").click()
        chat.wait_for_function(
            "n => [...document.querySelectorAll('.content')]"
            '.filter(c => c.textContent.includes("That\'s all.")).length >= n',
            arg=morning,
        )
    texts = briefings(chat)
    assert len(texts) == 7
    told = [sentence for text in texts for sentence in sentences(text)]
    assert len(told) == len(set(told))
    links = chat.locator(".content a[href^='http']").evaluate_all("all => all.map(a => a.href)")
    # Titles that are only listed, and "Also in", lead to an article; the others to a sentence.
    to_sentences = [link for link in dict.fromkeys(links) if "#:~:text=" in link]
    landed = sum(lands(browser, link) for link in to_sentences)
    print(f"\n{landed} of {len(to_sentences)} links land")
    assert len(to_sentences) >= 40
    assert landed >= 0.98 * len(to_sentences)


def sentences(text):
    """Return a briefing's sentences of more than 60 characters, without titles and sources."""
    lines = [line for line in text.splitlines() if not re.match(r"\d+\. |\d+ source", line)]
    return [
        sentence
        for line in lines
        for sentence in re.split(r"(?<=[.!?”]) ", line)
        if len(sentence) > 60
    ]


def lands(browser, link):
    """Return whether opening ``link`` scrolls to the sentence in its text fragment."""
    words = re.findall(r"text=([^&,]*)", link.partition("#:~:")[2])
    context = browser.new_context(viewport={"width": 500, "height": 160})
    page = context.new_page()
    page.goto(link)
    page.wait_for_timeout(150)
    decoded = page.evaluate("words => decodeURIComponent(words)", words[0])
    outcome = page.evaluate(IN_VIEW, decoded)
    scrolled = page.evaluate("scrollY > 0")
    context.close()
    return outcome == "seen" and scrolled
