"""Settings of a run that gets worse."""

OVERSHOOT = ("optimization.optimizer={name: sgd, lr: 60.0}", "training.epochs=6", "evaluation.suites=[reconstruction]")
"""A rate at which the last epoch is not the best."""
