"""Many runs: what they are, who trains them, and what became of them."""
