"""From a source to articles: fetch it, parse the feed, extract the page, clean the text."""
