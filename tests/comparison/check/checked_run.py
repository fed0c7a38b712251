"""The run that is checked."""


def write_checked_run(write_run):
    """Write a run with a few metrics and two suites."""
    suites = {
        "test": {
            "denoising": {
                "protocol": 1,
                "skill": 0.5,
                "kinds": {"gaussian 0.3": {"mse": {"model": 0.04}}, "gaussian 0": {"3": {"mse": {"model": 9.0}}}},
            },
            "features": {"protocol": 1, "code": {"linear_probe": {"accuracy": 0.91}}},
            "generalization": {"protocol": 1, "skill": None},
            "compression": {"protocol": 1, "skipped": "no coder\x1b[31m here"},
        }
    }
    return write_run(
        test={"mse": 0.007881, "ssim": 0.9},
        validation={"mse": 0.0079},
        suites=suites,
        summary={"parameters": 222384, "selected_by": "validation.mse", "code": {"units": 32}},
    )
