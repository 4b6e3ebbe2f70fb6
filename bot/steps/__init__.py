"""The steps of the river: each joins pure stages with memory. ``bot.flow`` runs them in order."""
