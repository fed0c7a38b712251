"""What a comparison can show before its runs are trained, by the spread of a pilot."""
