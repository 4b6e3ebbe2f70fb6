"""What goes in and what comes out: documents, a budget, and a summary quoted from them."""

from dataclasses import dataclass, field
from datetime import datetime

__all__ = ["Budget", "Document", "Sentence", "Summary"]


@dataclass(frozen=True, slots=True)
class Document:
    """A text to summarize, one paragraph a line; ``published_at`` must be aware, if given.

    That is not checked here.

    ``source`` names the outlet, so that copies of one outlet do not count as agreement.
    """

    text: str
    title: str = ""
    source: str = ""
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How long a summary may be: at most so many ``words``, or so many ``sentences``.

    Words are what white space separates; in Chinese, Japanese, Thai, Lao, Khmer and Burmese
    two characters count as one. Sentences are taken whole, so a budget is mostly not used up;
    0 holds none. Raises ValueError unless exactly one of the two is given, and for a negative one.
    """

    words: int | None = None
    sentences: int | None = None

    def __post_init__(self) -> None:
        if (self.words is None) == (self.sentences is None):
            raise ValueError("a budget is either words or sentences")
        if (self.words or 0) < 0 or (self.sentences or 0) < 0:
            raise ValueError("a budget cannot be negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A quotation: ``text`` is ``[start:end]`` of the text of ``documents[document]``.

    One that ``leans`` is understood by the sentence before it in its summary: where that is left
    out, so must this one be.
    """

    document: int
    start: int
    end: int
    text: str
    leans: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Sentences in reading order, and the method that chose them.

    That is: the document opens whose sentence stands nearest to its beginning, the others
    follow by time, undated ones last, each in its own order.

    ``method`` differs from the one asked for where that one had nothing to say and the
    lead was taken instead. ``is_news`` is False where its document has no sentence that is fit to
    open with: what stands first is better than nothing, but not than the title alone.
    """

    sentences: tuple[Sentence, ...] = field(default=())
    method: str
    is_news: bool = True

    def __str__(self) -> str:
        return " ".join(sentence.text for sentence in self.sentences)
