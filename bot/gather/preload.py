"""Imports of the process that workers are forked from: the libraries that each would load.

Memory that is only read stays shared with the workers. The process lives all day, so it holds
no more than that, some 50 MB. Never imported anywhere else: importing it turns logging off.
"""

import contextlib
import gc
import logging
import warnings

from bot.errors import NotAnArticle
from bot.gather.feeds.listing import read_listing
from bot.gather.pages.extract import extract_article
from bot.gather.pages.language import let_go_of_model
from bot.memory import trim
from summarizers.datafiles import load

__all__ = ["extract_article", "read_listing"]

# Libraries load what they need with the first page that they read.
_PAGE = b"""<html><body><article><h1>The ferry opens again</h1>
<p>The ferry opens again on Monday, the harbour office said, after eleven weeks of walking.</p>
<p>Its engine was taken out in June, and the yard had to send for a part that nobody makes.</p>
<p>Two hundred people a day cross the river here, most of them on the way to the market.</p>
</article></body></html>"""

# Logging is not set up here: messages of libraries about pages, private ones too, would go
# to stderr.
logging.disable()
warnings.simplefilter("ignore")
with contextlib.suppress(NotAnArticle):  # only the loading counts
    extract_article(_PAGE, url="https://harbour.example/ferry")
let_go_of_model()  # 55 MB of its tables
load.cache_clear()  # words of all languages: a worker reads those of its pages in 10 ms
gc.collect()
gc.freeze()  # a collection in a worker would write to every page
trim()
