"""Whether a regularizer did what its name promises: yes, no, undecided, not measured."""

import pytest

from aecli.comparison.dose.dose import dose_response
from aecli.comparison.dose.dose_words import answer_words, promise_lines
from aecli.comparison.dose.promise_answers import is_kept
from aecli.comparison.statistics.intervals import Estimate
from aecli.components.regularization import REGULARIZERS, Moment, regularizer
from aecli.components.regularization.promises import Promise
from aecli.lazy import Tensor


def sparsity(**numbers):
    """What the sparsity suite writes."""
    part = "all_parameters" if set(numbers) <= {"sum_abs", "sum_squares"} else "all_matrices"
    return {"test": {"sparsity": {part: numbers}}}


@pytest.fixture
def answer(write_run, tmp_path):
    """A function that writes three seeds of each dose with what it measured, and returns what became of the promise."""

    def ask(name, measured, *, parameter="weight", **options):
        for dose, values in measured.items():
            chosen = [f"regularization=[{{name: {name}, {parameter}: {dose}}}]"] if dose else []
            for seed, more in enumerate(values):
                write_run(seed=seed, set=chosen, **more)
        found = dose_response([tmp_path / "runs"], key=f"regularization.{name}.{parameter}", **options)
        return found, found.groups[0]

    return ask


def test_exact_zeros_that_rise_keep_the_promise(answer):
    zeros = {0: (0, 0, 0), 1e-4: (0.1, 0.11, 0.1), 1e-3: (0.6, 0.62, 0.61)}
    _, one = answer(
        "l1_proximal", {dose: [{"suites": sparsity(exact_zeros=z)} for z in row] for dose, row in zeros.items()}
    )
    assert [(each.kind, each.dose, each.reference) for each in one.answers] == [("yes", "0.001", "0")]
    words = answer_words(one.answers[0])
    assert words.startswith(
        "more exact zeros in the matrices, at 0.001: yes (0.610 ±0.025, against 0 at 0; "
        "difference +0.61, 95 % interval for all 2 answers +0.574 to +0.646, "
        "p = 0.00018 after correction for 2 comparisons; "
    )


def test_the_promise_is_answered_at_the_largest_free_dose_too(answer):
    rows = {0: (0.0, 1), 1e-4: (0.1, 1), 1e-3: (0.6, 2)}
    _, one = answer(
        "l1_proximal",
        {
            dose: [{"suites": sparsity(exact_zeros=z), "test": {"mse": 0.008 * f * (1 + s / 30)}} for s in range(3)]
            for dose, (z, f) in rows.items()
        },
    )
    assert [(each.kind, each.dose) for each in one.answers] == [("yes", "0.0001"), ("yes", "0.001")]


def test_zeros_that_do_not_rise_break_the_promise(answer):
    _, one = answer("l1_proximal", {dose: [{"suites": sparsity(exact_zeros=0.0)}] * 3 for dose in (0, 1e-4)})
    assert [each.kind for each in one.answers] == ["no"]


def test_a_single_seed_keeps_it_open(answer):
    _, one = answer("l1_proximal", {dose: [{"suites": sparsity(exact_zeros=z)}] for dose, z in ((0, 0.0), (1e-4, 0.5))})
    assert [each.kind for each in one.answers] == ["undecided"]
    assert "; 1 seed, and a claim needs 3; " in answer_words(one.answers[0])


def test_what_nobody_measured_is_named_with_the_command(answer, tmp_path):
    _, one = answer("l1_proximal", {dose: [{}, {}] for dose in (0, 1e-4)})
    (text,) = {answer_words(each) for each in one.answers}
    first = sorted((tmp_path / "runs").iterdir())[0]
    assert (one.answers[0].command, one.answers[0].lacking) == (f"aecli evaluate {first} --suite sparsity", 4)
    assert text == (
        f"more exact zeros in the matrices: not measured; measure it with: aecli evaluate {first} --suite sparsity "
        "(and so for 3 more)"
    )


def test_l1_shrinks_the_sum_and_makes_no_zeros(answer):
    rows = {0: (900.0, 910.0, 905.0), 1e-6: (500.0, 510.0, 505.0)}
    suites = {
        dose: [
            {"suites": {"test": {"sparsity": {"all_parameters": {"sum_abs": s}, "all_matrices": {"exact_zeros": 0.0}}}}}
            for s in row
        ]
        for dose, row in rows.items()
    }
    found, one = answer("l1", suites)
    lines = promise_lines(found, one)
    assert lines[0].startswith(
        "smaller sum of absolute parameters, at 1e-06: yes (505 ±12, against 905 ±12 at 0; difference -400, "
    )
    assert (
        lines[-1]
        == "exact zeros: none at any dose; l1 shrinks weights and sets none to zero: that is what l1_proximal is for"
    )


def test_without_a_suite_the_penaltys_own_log_tells_about_the_norm(answer):
    def logged(value):
        return {"records": [{"epoch": 4, "terms": {"regularization.l2": {"raw": value}}, "validation": {"mse": 0.008}}]}

    rows = {1e-8: (100.0, 101.0, 102.0), 1e-6: (20.0, 21.0, 22.0), 0: ()}
    found, one = answer("l2", {dose: [logged(value) for value in row] for dose, row in rows.items()})
    squares = next(each for each in one.answers if each.promise == "smaller sum of squares of the parameters")
    assert (squares.kind, squares.dose, squares.reference) == ("yes", "1e-06", "1e-08")
    assert answer_words(squares).endswith("; regularization.l2 in metrics.jsonl, mean over its last epoch)")


@pytest.mark.parametrize(
    ("trains", "kind"),
    [((0.004, 0.0071), "yes"), ((0.004, 0.004), "no"), ((0.0071, 0.004), "no")],
    ids=["smaller", "same", "larger"],
)
def test_dropout_promises_a_smaller_gap(trains, kind, answer):
    rows = dict(zip((0, 0.2), trains, strict=True))
    _, one = answer(
        "dropout",
        {
            dose: [
                {"train": {"mse": train * (1 + seed / 100)}, "test": {"mse": 0.008 * (1 + seed / 101)}}
                for seed in range(3)
            ]
            for dose, train in rows.items()
        },
        parameter="p",
    )
    assert {each.kind for each in one.answers} == {kind}


def test_no_promise_is_read_into_other_keys(write_run, tmp_path):
    for lr in (1e-3, 1e-2):
        write_run(set=[f"optimization.optimizer.lr={lr}"])
    assert dose_response([tmp_path / "runs"], key="optimization.optimizer.lr").groups[0].answers == ()


@pytest.mark.parametrize(
    ("low", "high", "rises", "p", "kind"),
    [
        (0.1, 0.2, True, 0.01, "yes"),
        (0.1, 0.2, True, 0.06, "undecided"),
        (0.1, 0.2, True, None, "undecided"),
        (0.1, 0.2, False, 0.01, "no"),
        (-0.2, -0.1, False, 0.01, "yes"),
        (-0.1, 0.2, True, 0.4, "undecided"),
        (-0.005, 0.009, True, 0.4, "no"),
    ],
    ids=["rises", "p too large", "too few seeds", "wrong way", "falls", "open", "within the band"],
)
def test_the_interval_and_p_answer(low, high, rises, p, kind):
    assert is_kept(Estimate((low + high) / 2, 5, low, high), p, 0.01, rises=rises) == kind


@pytest.fixture
def foreign():
    """A penalty from outside of the package, with a promise of its own."""

    @regularizer(acts="penalty", weight=1e-6, promises=(Promise("smaller sum", is_logged=True),), exact_zeros=False)
    def foreign(moment: Moment) -> Tensor:
        """Mean of the code."""
        return moment.code_BL.mean()

    yield "foreign"
    REGULARIZERS.forget("foreign")


def test_a_regularizer_from_outside_is_asked_for_its_own_promise(answer, foreign):
    def run_with(raw):
        record = {"epoch": 4, "terms": {"regularization.foreign": {"raw": raw}}, "validation": {"mse": 0.008}}
        return {"records": [record], "suites": sparsity(exact_zeros=0.0)}

    found, one = answer(
        foreign, {dose: [run_with(raw + seed) for seed in range(3)] for dose, raw in ((1e-8, 9.0), (1e-6, 1.0))}
    )
    assert [(each.promise, each.kind) for each in one.answers] == [("smaller sum", "yes")]
    zeros = promise_lines(found, one)[-1]
    assert zeros.startswith("exact zeros: none at any dose; foreign shrinks weights and sets none to zero: ")
