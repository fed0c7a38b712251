"""Judging one model: metrics, suites, baselines, pictures. It does not know of the command line or of many runs."""
