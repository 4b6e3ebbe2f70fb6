"""The centroid method as a sumy summarizer, for anyone who has sumy.

    from sumy.nlp.tokenizers import Tokenizer
    from sumy.parsers.plaintext import PlaintextParser
    from summarizers.sumy_adapter import CentroidSummarizer

    document = PlaintextParser.from_string(text, Tokenizer("english")).document
    CentroidSummarizer(Stemmer("english"))(document, 3)

Each paragraph under a heading is no document of its own: sumy knows one document, so the
settings for single articles apply. Sentences are taken as sumy found them, unguarded.
"""

from collections.abc import Callable, Iterable
from typing import Any

from sumy.summarizers._summarizer import AbstractSummarizer

from summarizers.centroid import rank_centroid
from summarizers.story import CandidateSentence, Story
from summarizers.values import Budget

__all__ = ["CentroidSummarizer"]


class CentroidSummarizer(AbstractSummarizer):  # type: ignore[misc]
    """Chooses the sentences that together are closest to the document's centroid."""

    _stop_words: frozenset[str] = frozenset()

    @property
    def stop_words(self) -> frozenset[str]:
        """Words that say nothing of a text's subject, normalized; none by default.

        What is set is normalized as sumy does it. To be set before a document is summarized.
        """
        return self._stop_words

    @stop_words.setter
    def stop_words(self, words: Iterable[str]) -> None:
        self._stop_words = frozenset(map(self.normalize_word, words))

    def __call__(self, document: Any, sentences_count: int | str | Callable[[Any], Any]) -> Any:
        """Return ``sentences_count`` sumy sentences of ``document``, in its order.

        The count is what sumy takes: a number, a share such as "20%", or a callable. There are
        fewer where the document has fewer. CPU work that blocks, quadratic in the sentences, of
        which all are ranked: 1,000 take seconds. Raises ValueError or TypeError, as sumy does,
        for a count it does not take.
        """
        sentences = document.sentences
        story = Story(
            candidates=[self._candidate(at, sentence) for at, sentence in enumerate(sentences)],
            titles=[[term for heading in document.headings for term in self._terms(heading)]],
            sources=[""],
            lengths=[len(sentences)],
            language="",
            known=[],
        )
        chosen = rank_centroid(story, Budget(sentences=len(sentences)))
        rest = sorted(set(range(len(sentences))) - set(chosen))
        ranks = {index: -rank for rank, index in enumerate([*chosen, *rest])}
        ratings: dict[Any, int] = {}
        for index, sentence in enumerate(sentences):
            ratings.setdefault(sentence, ranks[index])
        return self._get_best_sentences(sentences, sentences_count, ratings)

    def _candidate(self, place: int, sentence: Any) -> CandidateSentence:
        text = str(sentence)
        return CandidateSentence(
            document=0,
            place=place,
            start=0,
            end=len(text),
            text=text,
            words=len(sentence.words),
            terms=self._terms(sentence),
        )

    def _terms(self, sentence: Any) -> list[str]:
        words = map(self.normalize_word, sentence.words)
        return [self.stem_word(word) for word in words if word not in self._stop_words]
