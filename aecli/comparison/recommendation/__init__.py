"""Which config for which goals: chosen on validation numbers, reported on test numbers."""
