"""The report: one file that says what the numbers allow, looked at in a real browser."""

import json
import os
import re
import subprocess
import sys

import numpy as np
import pytest
from fake_reports import WRITTEN, Page, report_on

from aecli.comparison.telling.report.report import check_target, make_report, write_report
from aecli.comparison.verdicts.compare import compare
from aecli.errors import RunFolderError, UsageError


def test_the_verdict_comes_first_and_everything_after_it(report):
    text = Page(report).text
    parts = [
        "mnist: 3 configs compared",
        "Question: Which of 3 configs, which differ in loss, is the best by test.mse?",
        "Undecided. mse has the best mean test.mse (0.00805 ±0.00013, 8 seeds), but is not shown to be better than "
        "bce.",
        "seeds each would decide with a chance of 80 %.",
        "More seeds are another look: plan it with looks: in a sweep.",
        "Results",
        "0.00805 ±0.00013 *",
        "mean image",
        "Verdicts against mse",
        "undecided",
        "mse was chosen as the best by test.mse.",
        "Referees",
        "(0.00805) best",
        "Figures",
        "Validation mse by epoch",
        "Where two candidates differ most",
        "of 40 test images that the runs keep; seed 0",
        "Errors by class",
        "▲ 0.0301",
        "What cannot be concluded",
        "own-referee test.mse is what mse was trained on. So: another metric may say otherwise: see the referees "
        "(--matrix).",
        "Setting",
        "differs: mse | bce | mae",
        "8 seeds for each config: 0, 1, 2, 3, 4, 5, 6, 7",
        "Environment",
        "Some Processor",
        "How to reproduce each run",
        "24 runs with their commands",
        f"Written {WRITTEN} by aecli report",
    ]
    places = [text.find(part) for part in parts]
    assert -1 not in places, [part for part, place in zip(parts, places, strict=True) if place < 0]
    assert places == sorted(places)


def test_classes_stand_in_their_order_and_the_worst_is_marked(report):
    table = report[report.index('<table class="classes"') :].partition("</table>")[0]
    assert re.findall(r'<th scope="col" class="number">(\w+)</th>', table) == ["0", "1", "2", "10"]
    assert table.count("▲ 0.0301") == 3 and table.count("▲") == 3


def test_one_config_is_a_sensible_report(write_seeds, tmp_path):
    write_seeds([0.0080, 0.0082])
    text = Page(report_on(tmp_path / "runs")).text
    assert "One config, so there is nothing to compare it with: test.mse 0.0081 ±0.0013, 2 seeds." in text
    assert "Verdicts against" not in text and "Referees" not in text and "differ most" not in text


def test_one_seed_each_says_so_at_once(write_run, tmp_path):
    for loss, shift in (("mse", 0.0), ("mae", 0.1)):
        write_run(
            test={"mse": 0.1 + shift}, set=[f"loss.name={loss}"], per_image={"squared": np.linspace(0, 0.2, 20) + shift}
        )
    text = Page(report_on(tmp_path / "runs")).text
    assert "One seed each says nothing about the losses, only about these nets: train at least 3 seeds each." in text
    assert "the net of mae is better on 0 % of 20 test images" in text


def test_runs_without_any_extra_file_make_a_report(write_run, tmp_path):
    for loss in ("mse", "mae"):
        path = write_run(set=[f"loss.name={loss}"])
        (path / "metrics.jsonl").unlink()
        (path / "environment.json").write_text("[broken")
    text = Page(report_on(tmp_path / "runs")).text
    for reason in ("No learning curves: ", "No scatter of two metrics: ", "No reconstructions: "):
        assert reason in text


def test_the_same_runs_give_the_same_file_in_another_process(reported, report):
    code = (
        "import sys\n"
        "from aecli.comparison.telling.report.report import make_report\n"
        "from aecli.comparison.verdicts.compare import compare\n"
        f"sys.stdout.write(make_report(compare([{str(reported)!r}]), title=None, written={WRITTEN!r}))"
    )
    environment = os.environ | {"PYTHONHASHSEED": "7", "PYTHONIOENCODING": "utf-8"}
    other = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, env=environment, timeout=120
    ).stdout.decode()
    assert report == other


def test_an_earlier_report_is_replaced_and_another_file_is_not(write_run, tmp_path):
    write_run()
    losses = tmp_path / "runs"
    path = tmp_path / "report.html"
    write_report(compare([losses]), check_target(path, force=False), title="first", written=WRITTEN)
    write_report(compare([losses]), check_target(path, force=False), title="second", written=WRITTEN)
    assert "<title>second</title>" in path.read_text()
    path.write_text("<html>mine</html>")
    with pytest.raises(
        UsageError,
        match=r"report\.html: exists and is no report of aecli; name another file, or replace it with --force$",
    ):
        check_target(path, force=False)
    assert check_target(path, force=True) == path


def test_a_file_that_has_no_place_is_refused(tmp_path):
    with pytest.raises(UsageError, match=r": is a directory; name the file in it, for example .*/report\.html$"):
        check_target(tmp_path, force=False)
    with pytest.raises(UsageError, match=r"a/report\.html: there is no directory .*/a; make it first$"):
        check_target(tmp_path / "a" / "report.html", force=True)


def test_a_report_that_cannot_be_written_leaves_the_old_one(write_run, tmp_path, monkeypatch):
    write_run()
    path = tmp_path / "report.html"
    path.write_text("old")

    def full(self, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", full)
    with pytest.raises(RunFolderError, match="No space left on device"):
        write_report(compare([tmp_path / "runs"]), path, written=WRITTEN)
    assert path.read_text() == "old" and sorted(one.name for one in tmp_path.iterdir()) == ["report.html", "runs"]


def test_the_band_is_told_on_the_scale_of_the_metric(write_run, tmp_path):
    for loss in ("mse", "mae"):
        for seed in range(2):
            write_run(seed=seed, test={"psnr_db": 20.0 + seed}, set=[f"loss.name={loss}"])
    page = make_report(compare([tmp_path / "runs"], metrics=["psnr_db"]), title=None, written=WRITTEN)
    assert "Equivalent: the interval, wide enough for all rows, lies within ±0.0432 dB." in page


def test_runs_of_a_search_warn_of_its_winner_and_offer_fresh_seeds_as_a_command_and_as_yaml(write_run, tmp_path):
    for loss in ("mse", "mae"):
        write_run(set=[f"loss.name={loss}"])
    assert "Chosen by a search" not in Page(make_report(compare([tmp_path]), title=None, written=WRITTEN)).text
    luck = {"settings": 12, "seeds": 3, "deviations": 1.63, "optimism": 0.00031}
    best = [{"fresh_seeds": "winner.yaml"}]
    (tmp_path / "winner.yaml").write_text("# aecli sweep\nbase: runs/a/config.yaml\nseeds:\n- 1\n- 2\n")
    (tmp_path / "search.json").write_text(json.dumps({"objectives": ["validation.mse"], "luck": luck, "best": best}))
    text = make_report(compare([tmp_path]), title=None, written=WRITTEN)
    assert (
        f"Chosen by a search {tmp_path} is a search: its settings were chosen by validation.mse; were all 12 settings "
        f"equally good, the "
        "best of them would look 0.00031 better than it is. So: the winner's validation number is optimistic, and its "
        "test number as "
        "far as its seeds were lucky. Its winner is trained with seeds that the search has not seen by "
        f"aecli sweep --config {tmp_path}/winner.yaml"
    ) in Page(text).text
    assert "<pre>base: runs/a/config.yaml\nseeds:\n- 1\n- 2\n</pre>" in text
