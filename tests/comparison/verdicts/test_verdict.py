"""The verdict's rules, its reasons, the number of seeds it asks for, and two nets image by image."""

import io
import os
import pickle
import re
import warnings
import zipfile

import numpy as np
import pytest

from aecli.comparison.evidence.candidates import Candidate, fold
from aecli.comparison.evidence.collect import collect
from aecli.comparison.evidence.image_errors import read_per_image
from aecli.comparison.evidence.measures import measure
from aecli.comparison.evidence.rope import Rope, parse_rope
from aecli.comparison.statistics.intervals import Estimate
from aecli.comparison.statistics.relative import relative_difference
from aecli.comparison.telling.verdict_words import reason_words
from aecli.comparison.verdicts.decide import reach_verdicts
from aecli.comparison.verdicts.image_by_image import compare_images
from aecli.comparison.verdicts.ranking import best_candidate
from aecli.errors import UsageError

MSE = measure("mse")
ONE_PER_CENT = Rope(0.01, True)


@pytest.fixture(autouse=True)
def no_warnings():
    """A warning in the middle of a comparison would tell the user nothing."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def candidate(label, values, *, first=0, metric=MSE):
    """A candidate with a value for each seed, without a run folder."""
    return Candidate(label, {}, (), (), {metric.name: dict(enumerate(map(float, values), first))})


def judge_two(ours, theirs, *, first=0, rope=ONE_PER_CENT, metric=MSE):
    """The only verdict between two candidates."""
    pair = [candidate("ours", ours, first=first, metric=metric), candidate("theirs", theirs, metric=metric)]
    return reach_verdicts(pair, pair[1], [metric], rope, was_chosen=False)[0]


def around(mean, spread, n=10):
    """Values with exactly this mean and spread."""
    values = np.random.default_rng(n).normal(size=n)
    return mean + spread * (values - values.mean()) / values.std(ddof=1)


BASE = np.linspace(0.99, 1.01, 10)


@pytest.mark.parametrize(
    ("difference", "spread", "kind"),
    [
        (-0.1, 0.05, "better"),
        (0.1, 0.05, "worse"),
        (0.0, 0.01, "equivalent"),
        (0.005, 0.005, "equivalent"),
        (0.01, 0.05, "undecided"),
    ],
    ids=["better", "worse", "equivalent", "better or worse, but too little to matter", "undecided"],
)
def test_the_four_verdicts(difference, spread, kind):
    found = judge_two(BASE + around(difference, spread), BASE)
    assert (found.kind, found.seeds, found.comparisons) == (kind, tuple(range(10)), 1)
    assert (found.needed is None, reason_words(found) == "") == (
        (True, True) if kind != "undecided" else (False, False)
    )
    assert found.band == pytest.approx(0.01) and found.relative.mean == pytest.approx(difference, abs=1e-12)


@pytest.mark.parametrize(("metric", "kind"), [("psnr_db", "better"), ("ssim", "better"), ("mse", "worse")])
def test_more_is_better_or_worse_as_the_metric_says(metric, kind):
    found = judge_two(BASE + around(0.1, 0.02), BASE, metric=measure(metric))
    assert (found.kind, found.p_better) == (kind, 1.0 if kind == "better" else 0.0)


def test_a_negative_baseline_has_a_band_too():
    found = judge_two(-BASE + around(0.0, 0.01), -BASE)
    assert (found.kind, found.band) == ("equivalent", pytest.approx(0.01))
    assert judge_two(-BASE - 0.1 + around(0, 0.01), -BASE, metric=measure("psnr_db")).kind == "worse"


@pytest.mark.parametrize(
    ("metric", "base", "shift", "band", "kind"),
    [
        ("psnr_db", 20.0, -0.128, 0.0432, "worse"),
        ("psnr_db", 20.0, -0.03, 0.0432, "equivalent"),
        ("ssim", 0.5, 0.008, 0.01, "equivalent"),
    ]
    + [("generalization.gap", -0.001, 0.005, 0.01, "equivalent"), ("train_s", 100.0, 0.9, 1.0, "equivalent")],
)
def test_one_per_cent_is_on_the_scale_of_the_metric(metric, base, shift, band, kind):
    """3 % more squared error are 0.128 dB, which are 0.6 % of 20 dB: that they are 20 means nothing."""
    found = judge_two(base + shift + around(0, 0.001), np.full(10, base), metric=measure(metric))
    assert (found.kind, found.band) == (kind, pytest.approx(band, rel=1e-3))
    assert (found.relative is None) == (metric != "train_s")


def test_a_share_whose_interval_disagrees_with_the_verdict_on_0_is_not_shown():
    base = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 14.0])
    ours = base + np.array([-0.02, 0.13, 0.2, 0.22, 0.3, 1.4])
    found = judge_two(ours, base)
    assert found.difference.estimate.low < 0 < relative_difference(dict(enumerate(ours)), dict(enumerate(base))).low
    assert (found.kind, found.relative) == ("undecided", None)


def test_a_band_in_units_of_the_metric_does_not_depend_on_the_baseline():
    values = around(0.0, 0.01)
    assert judge_two(values, values + 0.001, rope=Rope(0.002, False)).kind == "equivalent"
    assert judge_two(values, values + 0.001, rope=Rope(0.0005, False)).kind == "better"


def test_a_band_that_is_uncertain_itself_is_not_trusted():
    """The difference is 0.95 % of a mean that is known to 7 %, so whether it is less than 1 % of it nobody knows."""
    base = around(1.0, 0.1)
    found = judge_two(base + 0.0095 + around(0, 1e-5)[::-1], base)
    assert found.difference.estimate.high < found.band
    assert found.kind == "worse", "that there is a difference is certain"
    found = judge_two(base[:5] + 0.0095 + around(0, 1e-5, 5), base[:5])
    assert (found.kind, reason_words(found).startswith("5 seeds cannot decide better or worse")) == ("undecided", True)


def test_it_says_so_where_the_band_is_too_uncertain_to_decide():
    base = around(1.0, 1.0, 8)
    found = judge_two(base + around(0.0, 0.008, 8)[::-1], base)
    assert found.kind == "undecided" and found.difference.estimate.high < found.band
    assert (
        reason_words(found)
        == "the interval fits into the band, but the band, a share of the baseline's mean, is itself too uncertain"
    )
    assert found.needed > 8


def test_equal_runs_are_equivalent_however_uncertain_the_band_is():
    assert judge_two([1.0, 5.0], [1.0, 5.0]).kind == "equivalent"
    assert judge_two([0.0] * 5, [0.0] * 5).kind == "equivalent", "a band without width around a mean of 0"


@pytest.mark.parametrize("n", [2, 3, 4, 5])
def test_up_to_five_pairs_cannot_decide_and_it_says_so(n):
    found = judge_two(np.ones(n) + np.arange(n) / 100 + 5, np.ones(n))
    assert (found.kind, found.needed) == ("undecided", 6)
    assert (
        reason_words(found) == f"{n} seeds cannot decide better or worse: no p-value below {2 / 2**n:.3g} is possible"
    )


def test_six_pairs_can_decide_one_comparison_and_not_two():
    ours = candidate("ours", np.ones(6) + np.arange(6) / 100 + 5)
    other, base = candidate("other", np.ones(6) + np.arange(6) % 2), candidate("base", np.ones(6))
    assert reach_verdicts([ours, base], base, [MSE], ONE_PER_CENT, was_chosen=False)[0].kind == "worse"
    found = reach_verdicts([ours, other, base], base, [MSE], ONE_PER_CENT, was_chosen=False)
    assert {reason_words(one) for one in found} == {
        "6 seeds cannot decide better or worse: no p-value below 0.0312 is possible, and 2 comparisons are corrected "
        "for"
    }


def test_few_seeds_could_have_decided_after_others_that_have_many():
    """Holm multiplies the second smallest p of two by 1 only, so 6 seeds are enough beside 10."""
    few, many = np.array([0.3, 0.2, 0.1, 0.2, 0.3, -0.01]), candidate("many", BASE + around(0.5, 0.1))
    base = candidate("base", BASE)
    clear = candidate("few", BASE[:6] + np.abs(few))
    assert [one.kind for one in reach_verdicts([clear, many, base], base, [MSE], ONE_PER_CENT, was_chosen=False)] == [
        "worse",
        "worse",
    ]
    missed = reach_verdicts(
        [candidate("few", BASE[:6] + few), many, base], base, [MSE], ONE_PER_CENT, was_chosen=False
    )[0]
    assert (missed.kind, missed.p_holm) == ("undecided", 0.0625)
    assert reason_words(missed) == "the interval leaves out 0, but p = 0.0625 is not below 0.05"


def test_an_interval_with_0_in_it_is_the_reason():
    found = judge_two(BASE + around(0.01, 0.05), BASE)
    assert reason_words(found) == "the interval includes 0" and found.needed > 10


def test_a_small_p_beside_an_interval_with_0_in_it_is_not_enough():
    found = judge_two(1 + np.array([0.01, 0.02, 0.01, 0.02, 0.01, 5.0]), np.ones(6))
    assert found.p_holm == 0.03125 and found.difference.estimate.low < 0
    assert (found.kind, reason_words(found)) == ("undecided", "the interval includes 0")


def test_a_large_p_beside_an_interval_without_0_is_the_reason():
    found = judge_two(1 + np.array([-0.01, 0.1, 0.1, 0.1, 0.1, 0.1]), np.ones(6))
    assert reason_words(found) == "the interval leaves out 0, but p = 0.0625 is not below 0.05"
    assert found.needed == 7, "six would decide in 81 % if this were the truth, but these six did not"


def test_the_correction_is_the_reason_only_where_it_is():
    base = candidate("base", BASE)
    others = [candidate(str(shift), BASE + around(shift, 0.1)) for shift in (0.08, 0.079, 0.081)]
    alone = reach_verdicts([others[0], base], base, [MSE], ONE_PER_CENT, was_chosen=False)[0]
    assert alone.kind == "worse"
    found = reach_verdicts([*others, base], base, [MSE], ONE_PER_CENT, was_chosen=False)
    assert {one.kind for one in found} == {"undecided"}
    for one in found:
        assert re.fullmatch(
            r"p = 0\.0[234]\d* is not below 0\.05 after the correction for 3 comparisons", reason_words(one)
        ), reason_words(one)
        assert one.difference.p < 0.05 <= one.p_holm and one.needed > 10


@pytest.mark.parametrize(
    ("count", "metrics", "was_chosen", "family"),
    [(2, 1, True, 1), (4, 1, False, 3), (4, 1, True, 6), (3, 2, True, 6), (1, 1, True, 1)],
)
def test_the_family_is_all_pairs_where_the_baseline_was_chosen(count, metrics, was_chosen, family):
    asked = [MSE, measure("mae")][:metrics]
    values = {metric.name: dict(enumerate(BASE)) for metric in asked}
    candidates = [Candidate(str(at), {}, (), (), values) for at in range(count)]
    found = reach_verdicts(candidates, candidates[0], asked, ONE_PER_CENT, was_chosen=was_chosen)
    assert len(found) == (count - 1) * metrics and all(one.comparisons == family for one in found)
    assert [(one.metric.name, one.candidate) for one in found] == [
        (metric.name, str(at)) for metric in asked for at in range(1, count)
    ]


def test_without_common_seeds_nothing_is_paired():
    found = judge_two(BASE[:3] + 0.001, BASE[:2] + 0.1, first=70)
    assert (found.seeds, found.difference.paired, found.kind) == ((), False, "undecided")
    assert reason_words(found) == "3 and 2 seeds cannot decide better or worse: no p-value below 0.2 is possible"
    assert found.needed == 4, "of each"
    assert judge_two(BASE[:4] + 1, BASE[:4], first=3).seeds == (), "a single common seed makes no pairs"
    found = judge_two(BASE + 1, BASE, first=8)
    assert (found.seeds, found.kind, found.difference.estimate.n) == ((), "worse", 10), (
        "two common ones do not throw away all others"
    )
    assert judge_two(BASE + 1, BASE, first=3).seeds == tuple(range(3, 10))


def test_single_seeds_say_nothing_and_how_many_would_at_least(write_run):
    runs = collect([write_run(seed=0, test={"mse": 1.0}), write_run(seed=0, set=["loss=mae"], test={"mse": 2.0})]).runs
    candidates = fold(runs)[1]
    (found,) = reach_verdicts(candidates, candidates[0], [MSE], ONE_PER_CENT, was_chosen=True)
    assert (found.kind, found.p_holm, found.images, found.seeds) == ("undecided", None, None, (0,))
    assert (reason_words(found), found.needed) == ("one seed each says nothing about the spread over seeds", 6)


def test_a_single_common_seed_beside_others_is_named_as_such(write_seeds, write_run):
    runs = collect([*write_seeds([1.0, 1.1, 1.2]), write_run(seed=1, set=["loss=mae"], test={"mse": 2.0})]).runs
    candidates = fold(runs)[1]
    (found,) = reach_verdicts(candidates, candidates[0], [MSE], ONE_PER_CENT, was_chosen=True)
    assert (reason_words(found), found.seeds) == ("a single common seed says nothing about the spread over seeds", (1,))
    assert found.difference.estimate.mean == pytest.approx(0.9)


def test_a_single_value_of_another_seed_cannot_be_compared():
    found = judge_two([1.0], [1.0, 2.0], first=9)
    assert (found.kind, found.difference, found.needed) == ("undecided", None, 6)
    assert reason_words(found) == "no common seed, and a single value has no spread"


def test_what_was_not_measured_is_named():
    base, bare = candidate("base", BASE), Candidate("bare", {}, (), (), {MSE.name: {}})
    for pair, chosen in (([base, bare], base), ([base, bare], bare)):
        (found,) = reach_verdicts(pair, chosen, [MSE], ONE_PER_CENT, was_chosen=False)
        assert (found.kind, reason_words(found)) == ("not measured", "test.mse was not measured for bare")


@pytest.mark.parametrize("scale", [1e-300, 1e-17, 1.0, 1e300])
def test_verdicts_do_not_depend_on_the_scale(scale):
    for difference, spread, kind in ((-0.1, 0.05, "better"), (0.0, 0.01, "equivalent"), (0.01, 0.05, "undecided")):
        for first, n in ((0, 10), (50, 10)):
            found = judge_two((BASE + around(difference, spread, n)) * scale, BASE * scale, first=first)
            assert (
                found.kind == kind if first == 0 or kind != "equivalent" else found.kind in ("equivalent", "undecided")
            )
            assert found.relative.mean == pytest.approx(difference, abs=1e-12)


@pytest.mark.parametrize("n", [2, 6, 20])
def test_differences_of_rounding_are_equivalent(n):
    base = np.linspace(0.1, 0.101, n)
    assert judge_two(base + np.spacing(base), base).kind == "equivalent"
    assert judge_two(np.nextafter(base, 0), base[::-1].copy()[::-1], first=0).kind == "equivalent"


@pytest.mark.parametrize("n", [6, 20])
def test_a_difference_that_is_always_the_same_is_one(n):
    assert judge_two(np.full(n, 0.3), np.full(n, 0.2)).kind == "worse"
    assert judge_two(np.full(n, 0.3), np.full(n, 0.2), first=100).kind == "worse"
    assert judge_two(np.full(n, 1e-17), np.zeros(n)).kind == "worse", "a baseline of 0 has no band"


def test_a_share_of_next_to_nothing_is_no_number():
    assert judge_two([1e300, 2e300], [1e-300, 1e-300]).relative is None
    assert judge_two([1.0, 2.0], [0.0, 0.0]).relative is None
    assert judge_two([1.0, 2.0], [2.0, 2.0]).relative == Estimate(
        -0.25, 2, pytest.approx(-3.4265, abs=1e-4), pytest.approx(2.9265, abs=1e-4)
    )


@pytest.mark.parametrize(
    ("text", "size", "is_relative"),
    [
        ("1%", 0.01, True),
        (" 2.5 % ", 0.025, True),
        ("0.0001", 1e-4, False),
        ("1e-4", 1e-4, False),
        (".5%", 0.005, True),
    ],
)
def test_a_band_is_a_share_or_a_number(text, size, is_relative):
    assert parse_rope(text) == Rope(pytest.approx(size), is_relative)


@pytest.mark.parametrize("text", ["", "0", "0%", "-1%", "one", "1e999", "nan", "inf", "1e-323%", "1%%", "1 % of it"])
def test_no_band_is_refused(text):
    with pytest.raises(UsageError) as refusal:
        parse_rope(text)
    assert (
        str(refusal.value)
        == f'--rope "{text}": write a share of the baseline such as 1%, or a number above 0 in units of the metric'
    )


def test_the_refusal_of_a_band_obeys_no_control_characters():
    with pytest.raises(UsageError, match=re.escape(r'--rope "\x1b[31m":')):
        parse_rope("\x1b[31m")


def test_the_best_has_seeds_where_others_have_one():
    one, many, worse = candidate("one", [0.1]), candidate("many", [0.2, 0.3]), candidate("worse", [0.4, 0.5])
    assert best_candidate([one, worse, many], MSE).label == "many"
    assert best_candidate([one, candidate("other", [0.2])], MSE).label == "one"
    psnr = measure("psnr_db")
    assert (
        best_candidate(
            [candidate(name, values, metric=psnr) for name, values in (("a", [1, 2]), ("b", [3, 4]))], psnr
        ).label
        == "b"
    )


def test_the_best_is_who_wins_over_the_seeds_of_the_verdicts():
    """Its other seeds, on which nobody else was trained, are the bad ones."""
    short = candidate("short", [0.0100, 0.0101, 0.0102, 0.0099, 0.0100, 0.0101])
    long = candidate("long", [0.0090, 0.0091, 0.00915, 0.0089, 0.0090, 0.0091, 0.02, 0.02, 0.02])
    assert [best_candidate(pair, MSE).label for pair in ([short, long], [long, short])] == ["long", "long"]
    (found,) = reach_verdicts([short, long], long, [MSE], ONE_PER_CENT, was_chosen=True)
    assert found.kind == "worse"


def test_where_nobody_beats_all_others_the_best_mean_is_the_best():
    seeds = {
        "a": {0: 1.0, 1: 1.0, 2: 3.0, 3: 3.0},
        "b": {2: 3.5, 3: 3.5, 4: 1.0, 5: 1.0},
        "c": {4: 1.5, 5: 1.5, 0: 0.5, 1: 0.5},
    }
    circle = [
        Candidate(label, {}, (), (), {MSE.name: {seed: values[seed] for seed in some}})
        for label, values in seeds.items()
        for some in [list(values)]
    ]
    assert best_candidate(circle, MSE).label == "c"


def test_the_verdicts_never_contradict_the_choice_of_the_best():
    random = np.random.default_rng(12)
    for _ in range(200):
        pool = [
            candidate(str(at), 1 + 0.1 * random.normal(size=random.integers(6, 15)), first=int(random.integers(0, 6)))
            for at in range(3)
        ]
        best = best_candidate(pool, MSE)
        means = {one.label: np.mean(list(one.values(MSE).values())) for one in pool}
        if any(one.kind == "better" for one in reach_verdicts(pool, best, [MSE], ONE_PER_CENT, was_chosen=True)):
            assert means[best.label] == min(means.values())


def test_a_metric_that_is_no_number_was_measured(write_run):
    paths = [write_run(test={"mse": 1.0}), write_run(test={"mse": float("nan")}, set=["loss=mae"])]
    candidates = fold(collect(paths).runs)[1]
    (found,) = reach_verdicts(candidates, candidates[0], [MSE], ONE_PER_CENT, was_chosen=True)
    assert (found.kind, reason_words(found)) == ("not measured", "test.mse is no finite number for mae")


def two_nets(write_run, ours, theirs, **arrays):
    """Two runs with one seed each and the errors of single images."""
    paths = [
        write_run(seed=0, set=[f"loss={loss}"], test={"mse": 1, "ssim": 1, "psnr_db": 1}, per_image=images)
        for loss, images in (("mse", ours), ("mae", theirs))
    ]
    return collect(paths).runs


SMALL, LARGE = np.linspace(0.1, 0.2, 50), np.linspace(0.2, 0.4, 50)


@pytest.mark.parametrize(
    ("metric", "quantity", "kind"),
    [
        ("mse", "squared", "better"),
        ("rmse", "squared", "better"),
        ("psnr_db", "squared", "better"),
        ("mae", "absolute", "better"),
        ("ssim", "ssim", "worse"),
        ("bce_nats", "bce", "better"),
    ],
)
def test_two_nets_image_by_image(write_run, metric, quantity, kind):
    ours, theirs = two_nets(write_run, {quantity: SMALL}, {quantity: LARGE})
    for first, second, expected in ((ours, theirs, kind), (theirs, ours, {"better": "worse", "worse": "better"}[kind])):
        found = compare_images(measure(metric), first, second)
        assert (found.kind, found.quantity, found.difference.n) == (expected, quantity, 50)
        assert found.wins == (1.0 if expected == "better" else 0.0) and (found.difference.mean < 0) == (
            expected == "better"
        )
    assert abs(compare_images(measure(metric), ours, theirs).difference.mean) == pytest.approx(0.15)


def test_two_equal_nets_are_not_told_apart(write_run):
    found = compare_images(MSE, *two_nets(write_run, {"squared": SMALL}, {"squared": SMALL}))
    assert (found.kind, found.wins, found.difference.half_width) == ("undecided", 0.5, 0.0)


@pytest.mark.parametrize("metric", ["validation.mse", "train_s", "features.skill"])
def test_other_numbers_than_those_of_test_images_have_no_images(write_run, metric):
    assert compare_images(measure(metric), *two_nets(write_run, {"squared": SMALL}, {"squared": LARGE})) is None


def test_images_enter_the_verdict_of_single_seeds(write_run):
    runs = two_nets(write_run, {"squared": SMALL}, {"squared": LARGE})
    candidates = fold(runs)[1]
    (found,) = reach_verdicts(candidates, candidates[0], [MSE], ONE_PER_CENT, was_chosen=False)
    assert (found.kind, found.images.kind) == ("undecided", "worse"), (
        "about the nets it is certain, about the losses nothing is"
    )


class Trap:
    """Leaves a mark where it is unpickled."""

    def __init__(self, mark):
        self.mark = mark

    def __reduce__(self):
        return (os.mkdir, (str(self.mark),))


def npz(**arrays):
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    return stream.getvalue()


def lying_npz():
    """An array whose header promises more numbers than any memory holds."""
    header = b"\x93NUMPY\x01\x00" + (118).to_bytes(2, "little")
    header += repr({"descr": "<f8", "fortran_order": False, "shape": (10**15,)}).encode().ljust(117) + b"\n"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("squared.npy", header)
    return stream.getvalue()


def wrong_checksum():
    whole = bytearray(npz(squared=SMALL))
    whole[len(whole) // 2] ^= 255
    return bytes(whole)


BROKEN = {
    "empty": b"",
    "no zip": b"PK\3\4 and nothing more",
    "cut off": npz(squared=SMALL)[:200],
    "wrong checksum": wrong_checksum(),
    "another quantity": npz(absolute=SMALL),
    "another length": npz(squared=SMALL[:-1]),
    "one image": npz(squared=SMALL[:1]),
    "two dimensions": npz(squared=SMALL.reshape(5, 10)),
    "a single number": npz(squared=np.float64(1.0)),
    "nan": npz(squared=np.full(50, np.nan)),
    "infinite": npz(squared=np.full(50, np.inf)),
    "text": npz(squared=np.array(["1"] * 50)),
    "complex": npz(squared=SMALL * 1j),
    "records": npz(squared=np.zeros(50, [("a", float), ("b", float)])),
    "bare array": (lambda stream: (np.save(stream, SMALL), stream.getvalue())[1])(io.BytesIO()),
    "lying header": lying_npz(),
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_a_broken_file_of_images_gives_no_verdict(write_run, content):
    ours, theirs = two_nets(write_run, {"squared": SMALL}, {"squared": SMALL})
    ours.folder.per_image.write_bytes(content)
    assert compare_images(MSE, ours, theirs) is None and compare_images(MSE, theirs, ours) is None


def test_a_missing_file_of_images_gives_no_verdict(write_run):
    ours, theirs = two_nets(write_run, {"squared": SMALL}, {"squared": SMALL})
    ours.folder.per_image.unlink()
    assert compare_images(MSE, ours, theirs) is None
    ours.folder.per_image.mkdir()
    assert compare_images(MSE, ours, theirs) is None


@pytest.mark.parametrize("is_npz", [True, False], ids=["object array", "plain pickle"])
def test_nothing_in_a_file_of_images_is_executed(tmp_path, is_npz):
    mark, path = tmp_path / "mark", tmp_path / "per_image.npz"
    path.write_bytes(npz(squared=np.array([Trap(mark)] * 3, object)) if is_npz else pickle.dumps(Trap(mark)))
    assert read_per_image(path, "squared") is None and not mark.exists()
    if is_npz:
        with np.load(path, allow_pickle=True) as arrays:
            assert len(arrays["squared"]) == 3
        assert mark.exists(), "the trap works"
