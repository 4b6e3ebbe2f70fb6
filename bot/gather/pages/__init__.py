"""Extraction of the article on a web page, as clean text."""
