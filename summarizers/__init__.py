"""Extractive summaries of news: documents in, verbatim sentences out.

>>> text = "The dam at Orun was refilled. Farmers had waited for a year."
>>> str(summarize([Document(text)], budget=Budget(sentences=1), method="lead"))
'The dam at Orun was refilled.'
"""

from summarizers.splitting import split_sentences
from summarizers.summarizing import DEFAULT_METHOD, METHODS, summarize, summarize_in_turn
from summarizers.values import Budget, Document, Sentence, Summary

__all__ = [
    "DEFAULT_METHOD",
    "METHODS",
    "Budget",
    "Document",
    "Sentence",
    "Summary",
    "split_sentences",
    "summarize",
    "summarize_in_turn",
]
