"""How goals move with a strength: where it is free, where the cliff is, and whether it did what its name promises."""
