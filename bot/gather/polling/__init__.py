"""Polling: fetching feeds, and deciding when to fetch them again."""
