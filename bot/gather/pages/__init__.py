"""Pages: the article that a page holds, as clean text."""
