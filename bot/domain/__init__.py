"""The nouns: frozen values without I/O. Everything else in ``bot`` speaks in them."""
