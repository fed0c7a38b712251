"""The config that most tests train."""


def small_config() -> dict:
    """300 images of MNIST and a tiny net: it trains in a moment."""
    return {
        "name": "small",
        "data": {"train_size": 300, "validation": 100},
        "architecture": {"widths": ["auto", 16, 8]},
        "training": {"epochs": 3, "batch_size": 64, "device": "cpu", "threads": 1},
        "evaluation": {"suites": []},
    }
