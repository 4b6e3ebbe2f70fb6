"""From a source to articles: fetch, read the feed, extract the page, clean the text."""
