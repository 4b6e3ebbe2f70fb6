"""Polling: asking a feed's server, and deciding when to ask again."""
