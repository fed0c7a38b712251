"""One run: data, architecture, losses, regularization, optimization, training, checkpoints."""
