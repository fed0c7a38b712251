"""Conditions on a run, for CI."""
