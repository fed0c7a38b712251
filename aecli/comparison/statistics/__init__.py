"""Intervals, tests, and the correction for many of them: numbers alone; knows no run."""
