"""HTTP: the only client for the web, and its rules of good behaviour."""
