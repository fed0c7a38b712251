"""Dose-response with a truth that is known: where it is free, where the cliff is, and that noise claims nothing."""

import math

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from aecli.comparison.dose.dose import dose_response, find_goal
from aecli.comparison.dose.dose_words import as_json, dropped_lines, heading, response_words
from aecli.comparison.dose.plot import check_file, draw_response, make_places, save_plot
from aecli.errors import UsageError

KEY = "regularization.l1.weight"
SEEDS = 10


@pytest.fixture
def write_doses(write_run):
    """A function that writes seeds of several doses: dose -> factor on the test MSE, with a spread between and within seeds."""

    def write(factors, *, seeds=SEEDS, noise=0.001, spread=0.03, key="l1", **options):
        random = np.random.default_rng(0)
        bases = 0.008 * (1 + spread * random.normal(size=seeds))
        for dose, factor in factors.items():
            chosen = [f"regularization=[{{name: {key}, weight: {dose}}}]"] if dose else []
            for seed, base in enumerate(bases):
                value = base * factor * (1 + noise * random.normal())
                write_run(seed=seed, set=chosen, test={"mse": value}, train={"mse": value / 1.1}, **options)

    return write


def respond(tmp_path, **options):
    return dose_response([tmp_path / "runs"], key=KEY, **options)


def by_mse(tmp_path, **options):
    found = respond(tmp_path, metrics=["mse"], **options)
    return found.groups[0].responses[0], found


FLAT_THEN_CLIFF = {0: 1.0, 1e-8: 1.0, 1e-7: 1.001, 1e-6: 1.04, 1e-5: 1.5, 1e-4: 3.0}


def test_a_metric_that_is_flat_and_then_falls_is_free_up_to_there_and_has_its_cliff(write_doses, tmp_path):
    write_doses(FLAT_THEN_CLIFF)
    response, found = by_mse(tmp_path)
    assert (response.free, response.open_to) == ("1e-07", None)
    assert (response.cliff.before, response.cliff.start, response.cliff.shown) == ("1e-06", "1e-05", "1e-05")
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
        == "test.mse: free up to 1e-07 (equivalent to 0); cliff between 1e-06 and 1e-05"
    )


def test_a_wide_rope_moves_free_and_cliff(write_doses, tmp_path):
    write_doses(FLAT_THEN_CLIFF)
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


def test_a_dip_behind_the_cliff_moves_the_cliff_behind_the_dip(write_doses, tmp_path):
    write_doses({0: 1.0, 1e-8: 2.0, 1e-7: 1.0, 1e-6: 2.0})
    response, found = by_mse(tmp_path)
    assert (response.cliff.before, response.cliff.start) == ("1e-07", "1e-06")
    assert response.free is None and response.open_to is None
    words = response_words(response, found.rope)
    assert words.startswith("test.mse: free at no dose: 1e-08 is worse, +") and words.endswith(
        "; cliff between 1e-07 and 1e-06"
    )


def test_what_so_few_seeds_cannot_show_only_looks_like_a_cliff(write_doses, tmp_path):
    write_doses({0: 1.0, 1e-7: 1.0, 1e-6: 2.0}, seeds=4)
    response, found = by_mse(tmp_path)
    assert (response.cliff.start, response.cliff.shown) == ("1e-06", None)
    needed = response.steps[-1].verdict.needed
    assert response_words(response, found.rope).endswith(
        f"; what looks like a cliff between 1e-07 and 1e-06, but is not shown (about {needed} seeds would decide)"
    )
    assert response.free == "1e-07"


@pytest.mark.parametrize(
    ("near", "far"),
    [((0.97, 1.035, 0.975, 1.03), (2.0, 2.01, 1.99, 2.02)), ((1.03, 1.031, 1.029, 1.032), (1.6, 2.6, 1.5, 2.4))],
    ids=["more for the near one", "more for the far one"],
)
def test_each_open_question_has_its_own_number_of_seeds(near, far, write_seeds, tmp_path):
    write_seeds([0.008] * 4)
    for dose, factors in ((1e-7, near), (1e-6, far)):
        write_seeds([0.008 * factor for factor in factors], set=[f"regularization=[{{name: l1, weight: {dose}}}]"])
    response, found = by_mse(tmp_path)
    middle, last = (step.verdict.needed for step in response.steps[1:])
    assert (middle > last) == (near[0] < 1) and middle != last
    assert response_words(response, found.rope) == (
        f"test.mse: no loss shown up to 1e-07, but undecided (about {middle} seeds would decide); "
        f"what looks like a cliff between 1e-07 and 1e-06, but is not shown (about {last} seeds would decide)"
    )


@pytest.mark.parametrize(
    ("percent", "how"), [(-0.6, "not worse than 0 by 1 %"), (-1.6, "not worse than 0")], ids=["perhaps", "surely"]
)
def test_a_dose_that_may_be_better_but_is_no_worse_is_free(percent, how, write_seeds, tmp_path):
    write_seeds([0.008] * 5)
    values = [0.008 * (1 + (percent + aside) / 100) for aside in (-0.9, -0.3, 0.0, 0.3, 0.9)]
    write_seeds(values, set=["regularization=[{name: l1, weight: 1e-7}]"])
    response, found = by_mse(tmp_path)
    assert response.steps[1].kind == "not worse"
    assert (
        response_words(response, found.rope)
        == f"test.mse: free up to 1e-07, the largest dose ({how}); no cliff up to 1e-07"
    )


def test_single_seeds_say_nothing(write_doses, tmp_path):
    write_doses({0: 1.0, 1e-7: 5.0}, seeds=1)
    response, _ = by_mse(tmp_path)
    assert (response.free, response.cliff, response.open_to) == (None, None, "1e-07")


def test_a_mean_far_behind_with_an_interval_around_0_is_no_cliff(write_seeds, tmp_path):
    write_seeds([0.008] * 4)
    write_seeds([0.008 * factor for factor in (0.5, 1.9, 0.6, 1.8)], set=["regularization=[{name: l1, weight: 1e-7}]"])
    response, _ = by_mse(tmp_path)
    assert response.steps[1].behind == pytest.approx(20)
    assert (response.free, response.cliff, response.open_to) == (None, None, "1e-07")


def test_far_ahead_is_free_and_no_cliff(write_doses, tmp_path):
    write_doses({0: 1.0, 1e-7: 0.5})
    response, found = by_mse(tmp_path)
    assert (
        response_words(response, found.rope)
        == "test.mse: free up to 1e-07, the largest dose (better than 0); no cliff up to 1e-07"
    )


def test_a_goal_that_only_one_dose_measured_is_not_shown(write_doses, tmp_path):
    write_doses({0: 1.0}, seeds=2, suites={"test": {"features": {"code": {"linear_probe": {"accuracy": 0.9}}}}})
    write_doses({1e-6: 1.0}, seeds=2)
    assert [one.metric.name for one in respond(tmp_path).groups[0].responses] == ["test.mse", "gap"]


def test_a_metric_named_twice_is_one(write_doses, tmp_path):
    write_doses({0: 1.0, 1e-7: 1.0}, seeds=2)
    assert [one.metric.name for one in respond(tmp_path, metrics=["mse", "test.mse"]).groups[0].responses] == [
        "test.mse"
    ]


def test_a_dose_that_was_not_measured_has_no_part_in_it(write_doses, tmp_path):
    write_doses({0: 1.0, 1e-7: 1.0}, suites={"test": {"features": {"code": {"linear_probe": {"accuracy": 0.9}}}}})
    write_doses({1e-6: 1.0})
    (response,) = respond(tmp_path, metrics=["features.linear_probe"]).groups[0].responses
    assert [step.label for step in response.steps] == ["0", "1e-07"] and response.free == "1e-07"


def test_the_smallest_dose_is_the_reference_where_there_is_no_0(write_doses, tmp_path):
    write_doses({1e-8: 1.0, 1e-7: 1.0})
    response, _ = by_mse(tmp_path)
    assert response.steps[0].label == "1e-08" and response.steps[0].kind == "reference"


def test_the_correction_is_for_the_doses_of_one_metric(write_doses, tmp_path):
    write_doses({0: 1.0, 1e-8: 1.0, 1e-7: 1.0, 1e-6: 2.0})
    responses = respond(tmp_path, metrics=["mse", "gap"]).groups[0].responses
    assert {step.verdict.comparisons for response in responses for step in response.steps[1:]} == {3}


def test_the_gap_is_test_over_train(write_run, tmp_path):
    for dose, test in ((0, 0.012), (1e-7, 0.009)):
        write_run(set=[f"regularization=[{{name: l1, weight: {dose}}}]"], test={"mse": test}, train={"mse": 0.006})
    (response,) = respond(tmp_path, metrics=["gap"]).groups[0].responses
    assert [step.estimate.mean for step in response.steps] == pytest.approx([2.0, 1.5])


def test_the_usual_goals_are_those_that_two_doses_measured(write_doses, tmp_path):
    write_doses({0: 1.0, 1e-7: 1.0}, seeds=2, suites={"test": {"sparsity": {"all_matrices": {"exact_zeros": 0.0}}}})
    assert [one.metric.name for one in respond(tmp_path).groups[0].responses] == [
        "test.mse",
        "gap",
        "sparsity.exact_zeros",
    ]


def test_nets_that_learned_nothing_are_named(write_doses, tmp_path):
    write_doses({0: 9.0, 1e-7: 9.0})
    notes = respond(tmp_path, metrics=["mse"]).groups[0].notes
    assert notes[0].startswith("untrained: the reference is not better than the mean image by test.mse (0.07")
    assert not [note for note in notes[1:] if note.startswith("untrained")]


def test_few_seeds_are_named_as_everywhere(write_doses, tmp_path):
    write_doses({0: 1.0, 1e-7: 1.0}, seeds=3)
    assert respond(tmp_path, metrics=["mse"]).groups[0].notes == (
        "few-seeds: 3 seeds each: a smoke test; a claim needs 10, a headline 30",
    )


def test_a_metric_without_direction_is_refused(write_doses, tmp_path):
    write_doses({0: 1.0, 1e-7: 1.0}, seeds=1)
    with pytest.raises(UsageError) as error:
        respond(tmp_path, metrics=["epochs"])
    assert (
        str(error.value) == "epochs: nobody knows whether more or less of it is better, so it cannot say what is free"
    )


def test_the_gap_is_a_goal_by_its_name():
    assert find_goal("gap", []).better == "lower"


def test_what_is_left_out_is_counted(write_doses, write_run, tmp_path):
    write_doses({0: 1.0, 1e-7: 1.0}, seeds=2)
    write_run(set=["loss=mae"])
    write_run(set=["loss=mae"], status="failed")
    assert dropped_lines(respond(tmp_path)) == [
        "left out: 1 run with a single dose (1 other setting)",
        "left out: 1 folder that cannot be compared; aecli compare names them",
    ]


def test_the_json_has_all_of_it(write_doses, tmp_path):
    write_doses(FLAT_THEN_CLIFF)
    made = as_json(respond(tmp_path, metrics=["mse"]))
    (group,) = made["groups"]
    (goal,) = group["goals"]
    assert (made["schema"], made["key"], made["rope"]) == (1, KEY, "1 %")
    assert (goal["free"], goal["no_loss_shown"], goal["cliff"]) == (
        1e-7,
        None,
        {"after": 1e-6, "from": 1e-5, "shown_from": 1e-5},
    )
    assert [one["dose"] for one in goal["doses"]] == list(FLAT_THEN_CLIFF)
    assert goal["doses"][0]["verdict"] is None and goal["doses"][5]["verdict"]["verdict"] == "worse"
    assert len(group["doses"][0]["runs"]) == SEEDS


# ------------------------------------------------------------------------------- the picture


def test_zero_stands_apart_at_the_left_and_the_rest_at_their_logarithms():
    place = make_places([0.0, 1e-3, 1e-2, 1.0])
    assert [place(dose) for dose in (1e-3, 1e-2, 1.0)] == pytest.approx([-3, -2, 0])
    assert place(0.0) <= place(1e-3) - 0.3
    assert make_places([-1.0, 2.0])(2.0) == 2.0


def test_the_picture_has_a_panel_for_each_goal_with_its_free_zone_and_its_cliff(write_doses, tmp_path):
    write_doses(FLAT_THEN_CLIFF)
    found = respond(tmp_path, metrics=["mse", "gap"])
    figure = draw_response(found, found.groups[0])
    axes, other = figure.axes
    assert [label.get_text() for label in axes.get_xticklabels()] == ["0", "1e-08", "1e-07", "1e-06", "1e-05", "0.0001"]
    line = next(line for line in axes.lines if len(line.get_xdata()) == 5)
    assert list(line.get_xdata()) == pytest.approx([-8, -7, -6, -5, -4])
    assert list(line.get_ydata()) == pytest.approx(
        [step.estimate.mean for step in found.groups[0].responses[0].steps[1:]]
    )
    dashed = [line.get_xdata()[0] for line in axes.lines if line.get_linestyle() == "--"]
    assert len(dashed) == 1 and -6 < dashed[0] < -5
    assert not [line for line in other.lines if line.get_linestyle() == "--"], "the gap has no cliff"


def test_nothing_in_the_picture_covers_anything(write_doses, tmp_path):
    write_doses(FLAT_THEN_CLIFF)
    found = respond(tmp_path, metrics=["mse", "gap"])
    figure = draw_response(found, found.groups[0])
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    for axes in figure.axes:
        boxes = [label.get_window_extent(canvas.get_renderer()) for label in axes.get_xticklabels()]
        assert not [1 for one, next_one in zip(boxes, boxes[1:], strict=False) if one.overlaps(next_one)]
        title = axes._left_title.get_window_extent(canvas.get_renderer())
        assert title.x1 <= figure.bbox.width and not math.isnan(title.x0)


def test_several_groups_get_several_pictures(write_run, tmp_path):
    for epochs in (5, 9):
        for dose in (1e-7, 1e-6):
            write_run(set=[f"regularization=[{{name: l1, weight: {dose}}}]", f"training.epochs={epochs}"])
    found = respond(tmp_path)
    assert [heading(found, one) for one in found.groups] == [
        f"{KEY} on mnist, 10,000 test images (epochs={epochs}): 2 doses, 2 runs" for epochs in (5, 9)
    ]
    paths = save_plot(found, tmp_path / "dose.png")
    assert [path.name for path in paths] == ["dose_1.png", "dose_2.png"]
    assert all(Image.open(path).width > 500 for path in paths)


def test_a_picture_has_a_name_that_ends_in_png_and_a_folder(tmp_path):
    with pytest.raises(UsageError) as error:
        check_file(tmp_path / "dose.pdf")
    assert str(error.value) == f"--plot {tmp_path}/dose.pdf: the picture is a PNG; write a name that ends in .png"
    with pytest.raises(UsageError) as error:
        check_file(tmp_path / "none" / "dose.png")
    assert str(error.value) == f"--plot {tmp_path}/none/dose.png: no such folder: {tmp_path}/none"


def test_a_dose_is_free_on_the_scale_of_the_goal(write_run, tmp_path):
    """+0.006 with an interval of about 0.008 to either side: perhaps more than a point better, by no means a point worse."""
    for seed in range(SEEDS):
        write_run(seed=seed, test={"ssim": 0.1})
        write_run(
            seed=seed, test={"ssim": 0.106 + 0.0107 * (-1) ** seed}, set=["regularization=[{name: l1, weight: 0.1}]"]
        )
    found = respond(tmp_path, metrics=["ssim"])
    words = response_words(found.groups[0].responses[0], found.rope)
    assert words == "test.ssim: free up to 0.1, the largest dose (not worse than 0 by 0.01); no cliff up to 0.1"


def test_a_key_that_moves_with_the_dose_is_said_to_be_part_of_it(write_seeds, tmp_path):
    for size, epochs in ((250, 1000), (1000, 500)):
        write_seeds([0.008, 0.009], set=[f"data.train_size={size}", f"training.epochs={epochs}"])
    (tmp_path / "sweep.yaml").write_text("zip: {data.train_size: [250, 1000], training.epochs: [1000, 500]}")
    (group,) = dose_response([tmp_path / "runs"], key="data.train_size").groups
    assert group.notes[0] == (
        "zipped: training.epochs moves with data.train_size in the sweep (1000 at 250, 500 at 1000); each dose is both, and which of "
        "them acts cannot be said"
    )
