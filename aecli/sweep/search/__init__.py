"""Searches: trials that are chosen one after the other by what came out before. Optuna is used here alone."""
