"""The clock itself, and the jobs that run by it."""
