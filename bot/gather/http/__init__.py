"""HTTP: the one way out to the web, and the rules of good behaviour there."""
