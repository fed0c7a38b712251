"""Where a goal is free and where its cliff is, with a truth that is known; and that noise claims nothing."""

import numpy as np
import pytest
from dosed_runs import FLAT_THEN_CLIFF, by_mse, respond, write_doses

from aecli.comparison.dose.cliffs import find_cliffs
from aecli.comparison.dose.dose_json import response_json
from aecli.comparison.dose.dose_words import response_words
from aecli.comparison.dose.responses import last_of
from aecli.comparison.dose.steps import DoseStep
from aecli.comparison.evidence.rope import Rope
from aecli.comparison.statistics.intervals import Estimate


def test_a_metric_that_is_flat_and_then_falls_is_free_up_to_there_and_has_its_cliff(write_run, tmp_path):
    write_doses(write_run, FLAT_THEN_CLIFF)
    response, found = by_mse(tmp_path)
    assert (response.free, response.open_to) == ("1e-07", None)
    assert (response.cliff.before, response.cliff.start) == ("1e-06", "1e-05")
    assert [step.kind for step in response.steps] == [
        "reference",
        "equivalent",
        "equivalent",
        "worse",
        "worse",
        "worse",
    ]
    assert (
        response_words(response, found.rope)
        == "test.mse: free up to 1e-07 (equivalent to 0); cliff between 1e-06 and 1e-05: "
        "50 % worse (95 % interval 49.9 % to 50.2 %, above 10 %)"
    )


def test_a_dose_above_which_nothing_more_changes_is_said_to_be_saturated(write_run, tmp_path):
    write_doses(write_run, {0: 1.0, 1e-4: 1.0, 1e-2: 2.0, 1: 8.4, 10: 8.4, 100: 8.4}, spread=0.0001, noise=0.0001)
    response, found = by_mse(tmp_path)
    assert (response.saturation.label, response.saturation.is_shown) == ("1", True)
    assert response_words(response, found.rope).endswith("; saturated above 1: larger doses change nothing more")
    assert response_json(response, found.rope)["saturated_above"] == 1


def test_what_moved_only_below_the_smallest_dose_is_saturated_from_there_on_though_seeds_still_differ(
    write_run, tmp_path
):
    write_doses(write_run, {0: 0.3, 1: 9.0, 10: 9.03, 100: 8.98}, spread=0.02, noise=0.0005)
    response, _ = by_mse(tmp_path)
    assert (response.saturation.label, response.saturation.is_shown) == ("1", True)


def test_doses_that_change_nothing_and_of_which_none_is_0_are_said_to_be_flat(write_run, tmp_path):
    write_doses(write_run, {1: 9.0, 10: 9.0, 100: 9.0}, spread=0.001, noise=0.0001)
    response, found = by_mse(tmp_path)
    assert response.saturation is None
    assert response_words(response, found.rope).endswith(
        "; flat from 1 to 100: only smaller doses, and 0, can tell whether that is no effect or all of it"
    )
    write_doses(write_run, {0: 9.0}, spread=0.001, noise=0.0001)
    response, found = by_mse(tmp_path)
    assert "flat" not in response_words(response, found.rope)


@pytest.mark.parametrize(
    "factors",
    [{0: 1.0, 1e-4: 1.0, 1e-2: 1.0}, FLAT_THEN_CLIFF, {0: 1.0, 1: 8.0}, {0: 1.0, 1e-2: 2.0, 1: 2.0, 10: 3.0}],
    ids=["flat", "rising", "one dose", "rising at the end"],
)
def test_what_never_moved_or_still_moves_is_not_saturated(factors, write_run, tmp_path):
    write_doses(write_run, factors, seeds=4, spread=0.0001, noise=0.0001)
    response, found = by_mse(tmp_path)
    assert response.saturation is None and "saturated" not in response_words(response, found.rope)


def test_a_wide_rope_moves_free_and_cliff(write_run, tmp_path):
    write_doses(write_run, FLAT_THEN_CLIFF)
    response, _ = by_mse(tmp_path, rope="10%")
    assert response.free == "1e-06"
    assert (response.cliff.before, response.cliff.start) == ("1e-05", "0.0001")


def test_the_cliff_is_found_where_more_is_better_too(write_run, tmp_path):
    random = np.random.default_rng(1)
    for dose, accuracy in ((0, 0.9), (1e-7, 0.9), (1e-6, 0.5)):
        for seed in range(8):
            suites = {
                "test": {"features": {"code": {"linear_probe": {"accuracy": accuracy + 0.001 * random.normal()}}}}
            }
            write_run(seed=seed, set=[f"regularization=[{{name: l1, weight: {dose}}}]"], suites=suites)
    (response,) = respond(tmp_path, metrics=["features.linear_probe"]).groups[0].responses
    assert (response.free, response.cliff.before, response.cliff.start) == ("1e-07", "1e-07", "1e-06")


@pytest.mark.parametrize("draw", range(5))
def test_noise_alone_claims_nothing(draw, write_run, tmp_path):
    random = np.random.default_rng(draw)
    for dose in (0, 1e-8, 1e-7, 1e-6):
        for seed in range(6):
            write_run(
                seed=seed,
                set=[f"regularization=[{{name: l1, weight: {dose}}}]"],
                test={"mse": 0.008 * (1 + 0.1 * random.normal())},
            )
    response, found = by_mse(tmp_path)
    assert (response.free, response.cliff) == (None, None)
    assert response.open_to == "1e-06"
    assert response_words(response, found.rope).startswith("test.mse: no loss shown up to 1e-06, but undecided (")


def test_a_dip_behind_the_cliff_moves_the_cliff_behind_the_dip(write_run, tmp_path):
    write_doses(write_run, {0: 1.0, 1e-8: 2.0, 1e-7: 1.0, 1e-6: 2.0})
    response, found = by_mse(tmp_path)
    assert (response.cliff.before, response.cliff.start) == ("1e-07", "1e-06")
    assert response.free is None and response.open_to is None
    words = response_words(response, found.rope)
    assert words.startswith("test.mse: free at no dose: 1e-08 is worse, +") and words.endswith(
        "; cliff between 1e-07 and 1e-06: 100 % worse (95 % interval 100 % to 100 %, above 10 %)"
    )


def test_single_seeds_say_nothing(write_run, tmp_path):
    write_doses(write_run, {0: 1.0, 1e-7: 5.0}, seeds=1)
    response, _ = by_mse(tmp_path)
    assert (response.free, response.cliff, response.open_to) == (None, None, "1e-07")


def test_a_mean_far_behind_with_an_interval_around_0_is_no_cliff(write_seeds, tmp_path):
    write_seeds([0.008] * 4)
    write_seeds([0.008 * factor for factor in (0.5, 1.9, 0.6, 1.8)], set=["regularization=[{name: l1, weight: 1e-7}]"])
    response, _ = by_mse(tmp_path)
    assert response.steps[1].loss.estimate.mean == pytest.approx(0.2)
    assert (response.free, response.cliff, response.open_to) == (None, None, "1e-07")


def test_a_dose_that_was_not_measured_has_no_part_in_it(write_run, tmp_path):
    write_doses(
        write_run, {0: 1.0, 1e-7: 1.0}, suites={"test": {"features": {"code": {"linear_probe": {"accuracy": 0.9}}}}}
    )
    write_doses(write_run, {1e-6: 1.0})
    (response,) = respond(tmp_path, metrics=["features.linear_probe"]).groups[0].responses
    assert [step.label for step in response.steps] == ["0", "1e-07"] and response.free == "1e-07"


def test_the_smallest_dose_is_the_reference_where_there_is_no_0(write_run, tmp_path):
    write_doses(write_run, {1e-8: 1.0, 1e-7: 1.0})
    response, _ = by_mse(tmp_path)
    assert response.steps[0].label == "1e-08" and response.steps[0].kind == "reference"


def test_the_correction_is_for_all_doses_of_all_goals(write_run, tmp_path):
    write_doses(write_run, {0: 1.0, 1e-8: 1.0, 1e-7: 1.0, 1e-6: 2.0})
    responses = respond(tmp_path, metrics=["mse", "gap"]).groups[0].responses
    assert {step.verdict.comparisons for response in responses for step in response.steps[1:]} == {6}


def step(label, kind):
    return DoseStep(dose=0.0, label=label, estimate=Estimate(1.0, 1), kind=kind, verdict=None)


def test_the_last_free_dose_is_before_the_first_that_is_not():
    steps = [step("0", "reference"), step("1", "better"), step("2", "worse"), step("3", "better")]
    assert (last_of(steps, ("better",)), last_of(steps, ("worse",))) == ("1", None)


def test_without_an_interval_there_is_no_cliff_and_none_is_excluded():
    cliffs = find_cliffs([step("0", "reference"), step("1", "worse")], Rope(0.01, True), "ratio")
    assert (cliffs.found, cliffs.may_start, cliffs.is_open) == (None, None, True)
