"""Source → article: one door to the network, feeds, pages, and the text without furniture."""
