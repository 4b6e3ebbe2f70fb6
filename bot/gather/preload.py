"""Imported once, by the process that workers are forked from: what each of them would load.

Pages of memory that are only read stay shared; the language model alone is 50 MB.
"""

import gc

from bot.gather.extract import extract_article
from bot.gather.listing import read_listing

__all__ = ["extract_article", "read_listing"]

# Libraries load what they need with the first page that they read.
_LINE = "The ferry opens again on Monday, the harbour office said, after eleven weeks of walking."
_PAGE = f"<html><body><article>{f'<p>{_LINE}</p>' * 9}</article></body></html>"

extract_article(_PAGE.encode(), url="https://harbour.example/ferry")
gc.collect()
gc.freeze()  # a collection in a worker would write to every page
