"""Labels: short, unique and true."""

import pytest

from aecli.comparison.evidence.labels import LONG_LABEL, make_labels
from aecli.comparison.evidence.settings import choose_factors, spell_settings
from aecli.config.load import load_config
from aecli.config.presets import preset_names

ADAM = {"optimization": {"optimizer": {"name": "adam"}}}


def labels_of(configs):
    factors = choose_factors(configs)
    rows = dict(enumerate(spell_settings(configs, factors)))
    return list(make_labels(rows, dict(enumerate(configs))).values())


def labels(*sets):
    return labels_of([load_config({"name": "x", **ADAM}, set=list(assignments)).plain() for assignments in sets])


@pytest.mark.parametrize(
    ("sets", "expected"),
    [
        ([["name=only"]], ["only"]),
        ([["loss.name=mse"], ["loss.name=mae"], ["loss.name=huber"]], ["mse", "mae", "huber"]),
        (
            [[], ["loss.name=huber"], ["loss={name: huber, delta: 0.5}"]],
            ["mse", "huber(delta=0.1)", "huber(delta=0.5)"],
        ),
        (
            [
                [f"loss.name={loss}", f"regularization.l1.weight={weight}"]
                for loss in ("mse", "mae")
                for weight in (1e-7, 1e-6)
            ],
            ["mse, l1.weight=1e-07", "mse, l1.weight=1e-06", "mae, l1.weight=1e-07", "mae, l1.weight=1e-06"],
        ),
        (
            [["loss.name=mae"], [], ["regularization.l1.weight=1e-7"], ["regularization.l1.weight=1e-6"]],
            ["mae", "mse", "mse, l1(weight=1e-07)", "mse, l1(weight=1e-06)"],
        ),
        ([[], ["regularization.l1.weight=1e-7"], ["regularization.l2.weight=1e-7"]], ["no regularization", "l1", "l2"]),
        ([["optimization.optimizer.lr=0.1"], ["optimization.optimizer.lr=0.01"]], ["lr=0.1", "lr=0.01"]),
        (
            [["architecture.widths=[784, 32]"], ["architecture.widths=[784, 128, 32]"]],
            ["widths=[784, 32]", "widths=[784, 128, 32]"],
        ),
        (
            [[], ["data.corruption={name: gaussian, std: 0.3}"], ["data.contamination={name: gaussian, std: 0.3}"]],
            ["no corruption, no contamination", "corruption=gaussian", "contamination=gaussian"],
        ),
        (
            [[f"loss=[{{name: mse, weight: {a}}},{{name: ssim, weight: {b}}}]"] for a, b in ((0.5, 0.5), (0.9, 0.1))],
            ["mse.weight=0.5, ssim.weight=0.5", "mse.weight=0.9, ssim.weight=0.1"],
        ),
    ],
    ids=[
        "one",
        "losses",
        "one loss twice",
        "losses x strengths",
        "with and without",
        "penalties",
        "rates",
        "widths",
        "same name in two places",
        "weights",
    ],
)
def test_labels_of_typical_sets(sets, expected):
    assert labels(*sets) == expected


def test_what_is_usual_is_left_out_where_labels_would_get_long():
    some = ["mse", "huber", "denoising", "keras", "l1", "mae_trainable", "bce"]
    assert dict(zip(some, labels_of([load_config(name).plain() for name in some]), strict=True)) == {
        "mse": "mse",
        "huber": "huber",
        "denoising": "mse, salt_and_pepper",
        "keras": "mse, validation=test, eps=1e-07, checkpoint=last",
        "l1": "mse, l1",
        "mae_trainable": "mae, output_bias=mean_image, cosine, gradient_clip=1",
        "bce": "bce",
    }


def test_labels_of_all_presets_are_short_and_unique():
    found = labels_of([load_config(name).plain() for name in preset_names() if "sweep" not in name])
    assert len(found) == len(set(found)) > 30
    assert sum(map(len, found)) / len(found) < 25
    assert max(map(len, found)) < 70


def test_what_differs_in_too_much_is_called_by_its_name_where_no_other_has_it():
    plain, fast = (load_config(name).plain() for name in ("mse.yaml", "fast.yaml"))
    assert labels_of([plain, fast, load_config("bce.yaml").plain()])[1] == "fast"
    assert len(labels_of([{**plain, "name": "fast"}, fast, load_config("bce.yaml").plain()])[1]) > 70


def test_a_random_search_is_labelled_by_the_loss_and_what_tells_most_apart():
    sets = [
        [
            f"loss.name={loss}",
            f"optimization.optimizer.lr={lr}",
            f"training.batch_size={batch}",
            f"regularization.l1.weight={lr * 1.2345e-5}",
        ]
        for loss, lr, batch in (("mse", 0.0012345, 64), ("mae", 0.0123456, 64), ("mse", 0.0098765, 128))
    ]
    assert labels(*sets) == ["mse, l1.weight=1.52399e-08", "mae, l1.weight=1.52406e-07", "mse, l1.weight=1.21925e-07"]


def test_a_row_that_lacks_what_most_have_says_so():
    long = "y" * LONG_LABEL
    pairs = [("l1", long), ("l1", "z"), ("none", long), ("none", "w"), ("l1", long), ("l1", long), ("l1", long)]
    rows = [{"regularization": one, "x": other} for one, other in pairs]
    assert list(make_labels(dict(enumerate(rows)), {}).values())[1:4] == [
        "x=z",
        "no regularization",
        "no regularization, x=w",
    ]


def test_labels_are_unique_whatever_the_values_are():
    rows = [{"a": "1", "b": "2"}, {"a": "1, b=2", "b": "-"}, {"a": "1", "b": "2"}]
    assert list(make_labels(dict(enumerate(rows)), {}).values()) == ["a=1, b=2", "a=1, b=2 (2)", "a=1, b=2 (3)"]


def test_the_name_of_a_single_config_is_made_printable():
    assert make_labels({"k": {}}, {"k": {"name": "a\n[b]"}}) == {"k": "a\\n[b]"}
    assert make_labels({"k": {}}, {"k": {"name": None}}) == {"k": "run"}
