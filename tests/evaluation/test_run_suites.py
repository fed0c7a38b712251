"""Running suites: what is stored where, what is measured again, and what a kill leaves behind."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from aecli.components.architecture.dense_network import Autoencoder
from aecli.components.evaluation.suites import SUITES, Findings, Skipped
from aecli.evaluation.run_suites import is_stored, judge_suites, run_suite, with_heads
from aecli.evaluation.subject import Subject
from aecli.runs.folder import RunFolder
from aecli.training.splits import Split, Splits

HEAD = {"judged_epoch": 3, "data_sha256": "abc"}


@pytest.fixture(autouse=True)
def own_cache(monkeypatch, tmp_path):
    monkeypatch.setenv("AECLI_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def subject():
    """A net with random weights on rows of numbers."""
    values = torch.as_tensor(np.random.default_rng(0).random((90, 9)), dtype=torch.float32)
    splits = Splits(*(Split(values[i : i + 30], None) for i in (0, 30, 60)), None, True, {"scaling": {}})
    net = {"activation": "linear", "code_activation": "linear", "output_activation": "linear"}
    torch.manual_seed(0)
    return Subject(Autoencoder([9, 4], **net, tied=False, normalization=None), splits, None)


@pytest.fixture
def folder(tmp_path):
    made = RunFolder(tmp_path / "run")
    made.plots.mkdir(parents=True)
    made.config.touch()
    return made


def judged(subject, names, folder, **options):
    return judge_suites(subject, names, folder, **{"place": "test", "head": HEAD, "is_default": True} | options)


def test_numbers_stand_under_their_place_with_their_heads_and_pictures_beside_them(subject, folder):
    found = judged(subject, ["code"], folder)
    stored = folder.read_summary()["suites"]["test"]["code"]
    assert stored.items() >= HEAD.items() and stored["protocol"] == 1 and stored["skill"] == found["code"].skill
    assert stored["code"] == found["code"].numbers["code"] and stored["elapsed_s"] >= 0
    assert {path.name for path in folder.plots.iterdir()} == {"code_units.png", "code_correlation.png"}


def test_another_place_has_pictures_of_its_own_name_and_no_sections_at_the_top(subject, folder):
    judged(subject, ["reconstruction"], folder, place="validation", is_default=False)
    assert set(folder.read_summary()) == {"suites"} and not folder.per_image.exists()
    assert [path.name for path in folder.plots.iterdir()] == ["error_histogram@validation.png"]
    judged(subject, ["reconstruction"], folder)
    assert {"train", "validation", "test", "code", "baselines"} < set(folder.read_summary())
    assert set(folder.read_summary()["suites"]) == {"validation", "test"} and folder.per_image.exists()


def test_what_is_stored_is_measured_again_only_when_asked_or_when_a_head_differs(subject, folder):
    told = []
    judged(subject, ["code"], folder)
    assert judged(subject, ["code"], folder, tell=told.append) == {"code": None}
    assert told == ["code: measured before; --again measures anew"]
    assert judged(subject, ["code"], folder, again=True)["code"] is not None
    assert judged(subject, ["code"], folder, head=HEAD | {"judged_epoch": 4})["code"] is not None


def test_a_suite_that_was_skipped_is_tried_again(subject, folder):
    told = []
    assert judged(subject, ["features"], folder, tell=told.append)["features"].numbers["skipped"]
    assert told == ["features ...", "features: skipped: the data has no labels"]
    assert not is_stored(folder, "test", "features", {"protocol": 1, **HEAD})
    assert judged(subject, ["features"], folder)["features"] is not None


def test_a_kill_between_two_suites_leaves_the_first(subject, folder):
    def kill():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        judged(subject, ["code", "sparsity"], folder, between=kill)
    assert list(folder.read_summary()["suites"]["test"]) == ["code"]


def test_a_suite_runs_with_exact_products_whatever_the_precision_is(subject):
    entry = SUITES["code"]
    torch.set_float32_matmul_precision("medium")
    try:
        seen = []
        watch = type(entry)(**{**vars(entry), "function": lambda subject: seen.append(precision()) or Findings({})})
        run_suite(watch, subject)
        assert seen == ["highest"] and precision() == "medium"
    finally:
        torch.set_float32_matmul_precision("highest")


def precision():
    return torch.get_float32_matmul_precision()


def test_numbers_with_the_name_of_a_head_are_refused():
    assert with_heads("code", Findings({"a": 1}), HEAD, 1.234)["elapsed_s"] == 1.23
    with pytest.raises(ValueError, match=r"suite code has numbers with reserved names: \['skill'\]"):
        with_heads("code", Findings({"skill": 1}), HEAD, 1.0)


def test_a_suite_may_skip_itself():
    def skips(subject):
        raise Skipped("too few images; give more")

    entry = SUITES["code"]
    assert run_suite(type(entry)(**{**vars(entry), "function": skips}), empty_subject()).numbers == {
        "skipped": "too few images; give more"
    }


def empty_subject():
    """As little of a subject as the check of requirements looks at."""
    return SimpleNamespace(target=SimpleNamespace(labels_N=None), splits=SimpleNamespace(unit_range=False))
