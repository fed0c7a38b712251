"""Metrics and suites: what can be measured."""
