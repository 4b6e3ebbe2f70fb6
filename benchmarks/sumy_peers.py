"""sumy as its users run it, except for the tokenizer, which would need a download.

sumy's own summarizers, stemmers and stop words rank all sentences of all documents, without a
limit, guard or deduplication. The highest-ranked whole sentences that fit fill the budget, as for
every system.
"""

import math
import re
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

__all__ = ["PEERS", "rank"]

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
# sumy's names of the sets' languages, where it has a stemmer or stop words.
_NAMES = {"en": "english", "ko": "korean", "de": "german", "fr": "french", "es": "spanish"}


class _Tokenizer:
    def to_words(self, text: str) -> tuple[str, ...]:
        return tuple(_WORD.findall(text))


def rank(name: str, sentences: Sequence[str], title: str, language: str) -> list[int]:
    """Return the indexes of ``sentences``, best first by sumy's summarizer ``name``.

    If the summarizer fails, that is the order of the text.
    """
    from sumy.models.dom import ObjectDocumentModel, Paragraph, Sentence

    tokenizer = _Tokenizer()
    heading = [Sentence(title, tokenizer, is_heading=True)] if title else []
    body = [Sentence(sentence, tokenizer) for sentence in sentences]
    ratings = [0.0] * len(sentences)

    def collect(infos: Sequence[Any]) -> Sequence[Any]:
        for info in infos:
            ratings[info.order] = float(info.rating)
        return ()

    with warnings.catch_warnings(), suppress(ValueError, ArithmeticError, IndexError):
        warnings.simplefilter("ignore")
        PEERS[name](language, title)(ObjectDocumentModel([Paragraph([*heading, *body])]), collect)
    # NaN cannot be sorted: such a ranking is treated like a failed one.
    if not all(map(math.isfinite, ratings)):
        return list(range(len(sentences)))
    return sorted(range(len(sentences)), key=lambda index: -ratings[index])


def _summarizer(kind: Any, language: str) -> Any:
    from sumy.nlp.stemmers import Stemmer, null_stemmer
    from sumy.utils import get_stop_words

    name = _NAMES.get(language, "")
    try:
        summarizer = kind(Stemmer(name)) if name else kind(null_stemmer)
    except LookupError:
        summarizer = kind(null_stemmer)
    try:
        summarizer.stop_words = get_stop_words(name) if name else frozenset()
    except LookupError:
        summarizer.stop_words = frozenset()
    return summarizer


def _lexrank(language: str, _: str) -> Any:
    from sumy.summarizers.lex_rank import LexRankSummarizer

    return _summarizer(LexRankSummarizer, language)


def _textrank(language: str, _: str) -> Any:
    from sumy.summarizers.text_rank import TextRankSummarizer

    return _summarizer(TextRankSummarizer, language)


def _lsa(language: str, _: str) -> Any:
    from sumy.summarizers.lsa import LsaSummarizer

    return _summarizer(LsaSummarizer, language)


def _luhn(language: str, _: str) -> Any:
    from sumy.summarizers.luhn import LuhnSummarizer

    return _summarizer(LuhnSummarizer, language)


def _sumbasic(language: str, _: str) -> Any:
    from sumy.summarizers.sum_basic import SumBasicSummarizer

    return _summarizer(SumBasicSummarizer, language)


def _reduction(language: str, _: str) -> Any:
    from sumy.summarizers.reduction import ReductionSummarizer

    return _summarizer(ReductionSummarizer, language)


def _edmundson(language: str, title: str) -> Any:
    from sumy.summarizers.edmundson import EdmundsonSummarizer

    summarizer = _summarizer(EdmundsonSummarizer, language)
    summarizer.bonus_words = frozenset(_WORD.findall(title)) or frozenset({"said"})
    summarizer.stigma_words = frozenset({"perhaps"})
    summarizer.null_words = summarizer.stop_words or frozenset({"the"})
    return summarizer


PEERS: dict[str, Callable[[str, str], Any]] = {
    "lexrank": _lexrank,
    "textrank": _textrank,
    "lsa": _lsa,
    "luhn": _luhn,
    "edmundson": _edmundson,
    "sumbasic": _sumbasic,
    "reduction": _reduction,
}
