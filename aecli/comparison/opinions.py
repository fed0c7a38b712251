"""What this project thinks is worth a look, by name: opinions, unlike the facts that every component carries itself.

A metric that stands in none of these tables can be named all the same wherever a metric can be named, with its own
direction, scale and title. Knows nothing of runs.
"""

DEFAULT_COLUMNS = ("test.mse", "test.mae", "test.psnr_db", "test.ssim", "test.bce_excess_nats")
"""Columns of a table, besides the metrics that judge."""
REFEREES = ("test.mse", "test.mae", "test.psnr_db", "test.ssim", "test.bce_excess_nats")
"""Columns of the referee matrix: neutral metrics, besides those that judge."""
PARTNERS = ("test.ssim", "test.mae", "test.bce_excess_nats", "test.mse")
"""What a single metric is drawn against, tried in this order."""
GOALS: dict[str, tuple[str, ...]] = {
    "reconstruction": ("mse", "mae", "ssim"),
    "generalization": ("mse / train.mse",),
    "robustness": ("robustness.skill",),
    "denoising": ("denoising.skill",),
    "classification": ("features.linear_probe",),
    "clustering": ("features.kmeans_acc",),
    "compression": ("compression.skill",),
    "sparsity": ("sparsity.skill",),
}
"""Goal -> its measures; `a / b` is a relative to b, which is of the split it names."""
DOSE_GOALS = (
    "test.mse",
    "gap",
    "sparsity.exact_zeros",
    "sparsity.small",
    "features.linear_probe",
    "compression.bits_per_pixel",
    "robustness.skill",
)
"""What a dose may cost, as far as it was measured; `gap` is the test error over the training error."""
