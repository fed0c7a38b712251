"""Candidates to choose from, as runs with numbers that a test chooses."""

GOOD = [0.0100, 0.0102, 0.0099, 0.0101, 0.0100, 0.0103]
BAD = [0.0120, 0.0121, 0.0118, 0.0121, 0.0121, 0.0122]


def write_candidate(write_run, loss, values, *, test=None, **options):
    """Write a candidate: one validation MSE for each seed, and test numbers if they are others."""
    sets = [f"loss.name={loss}", *options.pop("set", ())]
    for seed, value in enumerate(values):
        reported = {"mse": value if test is None else test[seed]}
        write_run(seed=seed, set=sets, validation={"mse": value}, test=reported, train={"mse": value}, **options)
