"""Whether a page is taken for another article than its feed told of, where it is and where not.

Each page is read with the title and lead of its own article, and with those of another of its set
in the same language. The title is that of the truth, else the page's own; the lead is the body's
first line that ends as a sentence, else its first. Pages that are refused for what they are count
nowhere.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from selectolax.lexbor import LexborHTMLParser

from benchmarks.extraction_passes import remembering
from benchmarks.extraction_sets import Page
from bot.errors import NotAnArticle
from bot.gather.http.decode import decode_html
from bot.gather.pages.extract import extract_article
from bot.gather.pages.stops import is_stopped

__all__ = ["Told", "pairs", "refusals", "relevance", "told_of"]

# What a feed may tell of an article.
_FORMS = ("title and lead", "title", "lead")


class Told(NamedTuple):
    """What a feed says of an article; "" for what is not known."""

    title: str
    lead: str

    def form(self, name: str) -> "Told | None":
        """Return only what ``name`` tells, None where that is not known."""
        if not all({"title": self.title, "lead": self.lead}[part] for part in name.split(" and ")):
            return None
        return Told(self.title if "title" in name else "", self.lead if "lead" in name else "")


def told_of(page: Page) -> Told:
    """Return the title and the lead of a page's article."""
    tree = LexborHTMLParser(decode_html(page.html, None))
    meta, shown = tree.css_first('meta[property="og:title"]'), tree.css_first("title")
    given = (meta.attributes.get("content") or "") if meta else ""
    title = page.title or given.strip() or (shown.text().strip() if shown else "")
    lines = [line.strip() for line in page.body.split("\n")]
    return Told(" ".join(title.split()), next(filter(is_stopped, lines), lines[0]))


def pairs(pages: Sequence[Page], languages: Mapping[str, str]) -> dict[str, Page]:
    """Return for each page's name another of its set and language, where there is one.

    It stands half of them further by name, since neighbours may be of one outlet.
    """
    groups: defaultdict[tuple[str, str], list[Page]] = defaultdict(list)
    for page in sorted(pages, key=lambda page: page.name):
        groups[page.set, languages[page.name]].append(page)
    return {
        page.name: group[(n + len(group) // 2) % len(group)]
        for group in groups.values()
        if len(group) > 1
        for n, page in enumerate(group)
    }


def refusals(job: tuple[Page, Page | None]) -> dict[str, dict[str, bool]]:
    """Return whether a page is refused as another article, by whose is told and by what is.

    The job is the page and the other, None without one; "true" is told its own, "wrong" that of
    the other.
    """
    page, other = job
    found: dict[str, dict[str, bool]] = {"true": {}, "wrong": {}}
    with remembering():
        for kind, source in (("true", page), ("wrong", other)):
            for form in _FORMS:
                told = told_of(source).form(form) if source else None
                if told is not None:
                    found[kind][form] = _is_refused(page, told)
    return found


def _is_refused(page: Page, told: Told) -> bool:
    try:
        extract_article(page.html, url=page.url, expected_title=told.title, expected_text=told.lead)
    except NotAnArticle as error:
        return error.reason.code == "another-article"
    return False


def relevance(found: Sequence[Mapping[str, Mapping[str, bool]]]) -> dict[str, Any]:
    """Return how many pages are refused, of how many, by whose article is told and by what is."""
    report: dict[str, Any] = {}
    for kind in ("true", "wrong"):
        report[kind] = {}
        for form in _FORMS:
            answers = [one[kind][form] for one in found if form in one[kind]]
            report[kind][form] = {
                "of": len(answers),
                "refused": sum(answers),
                "share": round(sum(answers) / max(len(answers), 1), 4),
            }
    return report
