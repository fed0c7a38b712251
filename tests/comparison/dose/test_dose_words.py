"""A dose-response in words."""

import pytest
from dosed_runs import SEEDS, by_mse, respond, write_doses

from aecli.comparison.dose.dose_words import dropped_lines, response_words

FAR = (1.5, 2.5, 1.45, 2.45)
"""Twice as much, by an interval that leaves out 0 and a p-value that does not hold beside another dose."""


def test_what_so_few_seeds_cannot_show_only_looks_like_a_cliff(write_seeds, tmp_path):
    write_seeds([0.008] * 4)
    for dose, factors in ((1e-7, (1.0, 1.0, 1.0, 1.0)), (1e-6, FAR)):
        write_seeds([0.008 * factor for factor in factors], set=[f"regularization=[{{name: l1, weight: {dose}}}]"])
    response, found = by_mse(tmp_path)
    assert (response.cliff, response.cliffs.may_start) == (None, "1e-06")
    assert response_words(response, found.rope).endswith(
        "; may be a cliff: 1e-06 is 97.5 % worse (95 % interval 5.52 % to 189 %; a cliff is above 10 %), "
        "5 to 44 seeds would decide"
    )
    assert response.free == "1e-07"


@pytest.mark.parametrize(
    ("near", "middle", "last"),
    [
        ((0.97, 1.035, 0.975, 1.03), "at least 13 seeds", "5 to 32 seeds"),
        ((1.03, 1.031, 1.029, 1.032), "6 to 560 seeds", "5 to 43 seeds"),
    ],
    ids=["no end for the near one", "an end for both"],
)
def test_each_open_question_has_its_own_number_of_seeds(near, middle, last, write_seeds, tmp_path):
    write_seeds([0.008] * 4)
    for dose, factors in ((1e-7, near), (1e-6, FAR)):
        write_seeds([0.008 * factor for factor in factors], set=[f"regularization=[{{name: l1, weight: {dose}}}]"])
    response, found = by_mse(tmp_path)
    words = response_words(response, found.rope)
    assert words.startswith(f"test.mse: no loss shown up to 1e-07, but undecided ({middle} would decide); ")
    assert words.endswith(f", {last} would decide") and "; may be a cliff: 1e-06 is 97.5 % worse (" in words


@pytest.mark.parametrize(("percent", "how"), [(-0.6, "not worse than 0 by 1 %")])
def test_a_dose_that_may_be_better_but_is_no_worse_is_free(percent, how, write_seeds, tmp_path):
    write_seeds([0.008] * 5)
    values = [0.008 * (1 + (percent + aside) / 100) for aside in (-0.9, -0.3, 0.0, 0.3, 0.9)]
    write_seeds(values, set=["regularization=[{name: l1, weight: 1e-7}]"])
    response, found = by_mse(tmp_path)
    assert response.steps[1].kind == "not worse"
    assert (
        response_words(response, found.rope)
        == f"test.mse: free up to 1e-07, the largest dose ({how}); no cliff up to 1e-07 "
        "(no dose is more than 0.233 % worse)"
    )


def test_far_ahead_is_free_and_no_cliff(write_run, tmp_path):
    write_doses(write_run, {0: 1.0, 1e-7: 0.5})
    response, found = by_mse(tmp_path)
    assert (
        response_words(response, found.rope)
        == "test.mse: free up to 1e-07, the largest dose (better than 0); no cliff up to 1e-07 (no dose is worse)"
    )


def test_a_dose_is_free_on_the_scale_of_the_goal(write_run, tmp_path):
    """+0.006 with an interval of 0.008 to either side: perhaps more than a point better, by no means a point worse."""
    for seed in range(SEEDS):
        write_run(seed=seed, test={"ssim": 0.1})
        write_run(
            seed=seed, test={"ssim": 0.106 + 0.0107 * (-1) ** seed}, set=["regularization=[{name: l1, weight: 0.1}]"]
        )
    found = respond(tmp_path, metrics=["ssim"])
    words = response_words(found.groups[0].responses[0], found.rope)
    assert words == (
        "test.ssim: free up to 0.1, the largest dose (not worse than 0 by 0.01); no cliff up to 0.1 "
        "(no dose is more than 0.00207 worse)"
    )


def test_what_is_left_out_is_counted(write_run, tmp_path):
    write_doses(write_run, {0: 1.0, 1e-7: 1.0}, seeds=2)
    write_run(set=["loss=mae"])
    write_run(set=["loss=mae"], status="failed")
    assert dropped_lines(respond(tmp_path)) == [
        "left out: 1 run with a single dose (1 other setting)",
        "left out: 1 folder that cannot be compared; aecli compare names them",
    ]
