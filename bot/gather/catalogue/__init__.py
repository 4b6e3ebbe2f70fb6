"""The catalogue of news outlets and their feeds, by topic."""
