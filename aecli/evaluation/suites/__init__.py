"""One module for each suite."""
