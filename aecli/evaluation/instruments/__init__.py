"""What suites measure with."""
