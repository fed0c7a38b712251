"""Tuning within each combination of a sweep: what may be tuned, what was tried, which value was chosen."""
