"""Benchmarks: each module measures one claim about daybrief, in comparison with peers."""
