"""Networks and activations."""
