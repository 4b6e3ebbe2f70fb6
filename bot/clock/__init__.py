"""Time speaks to us: the clock itself, and the jobs that run by it."""
