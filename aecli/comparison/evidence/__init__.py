"""What the runs say, and what was asked of them; knows neither verdicts nor how they are told."""
