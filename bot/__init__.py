"""daybrief: the bot."""
