"""Judging many runs: table, statistics, verdict, recommendation, report; never imports torch."""
