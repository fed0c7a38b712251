"""The report: one file that says what the numbers allow, looked at in a real browser."""

import html
import json
import os
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser

import numpy as np
import pytest
from fake_runs import make_writer
from PIL import Image

from aecli.comparison.telling.report.report import check_target, make_report, write_report
from aecli.comparison.verdicts.compare import compare
from aecli.errors import RunFolderError, UsageError

WRITTEN = "2026-11-22 10:15 UTC"
EVIL = "<script>document.title='evil'</script>"
EVIL_FILE = "<img src=x onerror=alert(1)>\n& <b>bold"
CLASSES = {"per_class_mse": {"0": 0.010, "1": 0.005, "2": 0.0301, "10": 0.02}}
VOID = {"meta", "img", "br", "link", "hr", "input"}


class Page(HTMLParser):
    """The tags of a page with their attributes, the text, and what was not closed."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.open, self.words = [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, f"</{tag}> closes nothing"

    def handle_data(self, data):
        if not {"style", "script"} & set(self.open):
            self.words.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


def add_examples(path, level):
    """Write examples.npz: 40 images of noise, and reconstructions that are wrong by a level."""
    images = np.random.default_rng(0).integers(0, 128, (40, 1, 8, 8), dtype=np.uint8)
    wrong = images + np.random.default_rng(level).integers(0, level, images.shape, dtype=np.uint8)
    np.savez(path / "examples.npz", rows=np.arange(40), images=images, reconstructions=wrong)


def write_losses(folder):
    """Three losses with eight seeds each: mse, mae far off, bce undecided."""
    write = make_writer(folder)
    for seed, value in enumerate([0.0080, 0.0082, 0.0079, 0.0081, 0.0083, 0.0078, 0.0080, 0.0081]):
        for loss, factor, level in (
            ("mse", 1.0, 20),
            ("mae", 1.3 + seed / 100, 60),
            ("bce", 1.2 if seed % 2 else 0.9, 40),
        ):
            test = {"mse": value * factor, "ssim": 0.9 - value * factor, "mae": 0.05 * factor, **CLASSES}
            add_examples(write(seed=seed, set=[f"loss.name={loss}"], test=test), level)
    return write


@pytest.fixture(scope="module")
def losses(tmp_path_factory):
    """A folder of such runs."""
    folder = tmp_path_factory.mktemp("losses")
    write_losses(folder)
    return folder / "runs"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """The same, and a second data set, whose names are HTML, and a run that failed."""
    folder = tmp_path_factory.mktemp("hostile")
    write = write_losses(folder)
    data = {"dataset": EVIL, "sha256": "0", "images": {"test": 7}}
    for seed in range(2):
        for loss in ("mse", "mae"):
            more = {
                "environment": {"data": data, "host": EVIL, "versions": {EVIL: EVIL}},
                "summary": {"config_sha256": EVIL},
            }
            write(
                seed=seed,
                set=[f"loss.name={loss}"],
                test={"mse": 0.01, "per_class_mse": {EVIL: 0.1}},
                name=f"{EVIL_FILE}{loss}{seed}",
                **more,
            )
    status = {"status": "failed", "epoch": 1, "epochs": 9, "reason": EVIL}
    (write(name="failed<i>\n") / "status.json").write_text(json.dumps(status))
    return folder / "runs"


@pytest.fixture(scope="module")
def report(losses):
    """The report on the losses."""
    return report_on(losses)


@pytest.fixture(scope="module")
def hostile_report(hostile):
    """The report on the hostile names, judged by two metrics."""
    return report_on(hostile, metrics=["mse", "ssim"], title=f"</title>{EVIL}")


def report_on(*paths, title=None, **options):
    return make_report(compare(paths, **options), title=title, written=WRITTEN)


# ------------------------------------------------------------------------------- what it says


def test_the_verdict_comes_first_and_everything_after_it(report):
    text = Page(report).text
    parts = [
        "mnist: 3 configs compared",
        "Question: Which of 3 configs, which differ in loss, is the best by test.mse?",
        "Undecided. mse has the best mean test.mse (0.00805 ±0.00013, 8 seeds), but is not shown to be better than "
        "bce.",
        "seeds each would decide, if the spread stays what it is.",
        "Setting",
        "differs: mse | bce | mae",
        "8 seeds for each config: 0, 1, 2, 3, 4, 5, 6, 7",
        "Results",
        "0.00805 ±0.00013 *",
        "mean image",
        "Verdicts against mse",
        "undecided",
        "mse was chosen as the best by test.mse; p is corrected for this choice, the intervals are not.",
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
        "Environment",
        "Some Processor",
        "How to reproduce each run",
        "24 runs with their commands",
        f"Written {WRITTEN} by aecli report",
    ]
    places = [text.find(part) for part in parts]
    assert -1 not in places, [part for part, place in zip(parts, places, strict=True) if place < 0]
    assert places == sorted(places)


def test_every_run_has_the_command_that_makes_it_again(losses, report):
    text = Page(report).text
    commands = re.findall(r"aecli train --config (\S+)", text)
    assert sorted(commands) == sorted(str(path / "config.yaml") for path in losses.iterdir())


def test_a_path_with_spaces_is_quoted_in_its_command(write_run, tmp_path):
    path = write_run(name="my run")
    assert f"aecli train --config '{path}/config.yaml'" in Page(report_on(tmp_path / "runs")).text


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
    assert "One seed each says nothing about the losses, only about these nets: train at least 6 seeds each." in text
    assert "the net of mae is better on 0 % of 20 test images" in text


def test_data_sets_are_never_ranked_together(hostile_report):
    assert hostile_report.count("<section id=") == 2
    assert "candidates of different data are never ranked together" in hostile_report
    first = hostile_report[hostile_report.index('id="data-1"') : hostile_report.index('id="data-2"')]
    assert "Which of 3 configs" in first


def test_what_was_left_out_is_named_with_its_reason(hostile_report):
    text = Page(hostile_report).text
    assert "1 folder that cannot be compared" in text
    assert rf"failed<i>\n failed failed, epoch 1 of 9: {EVIL}" in text


def test_runs_without_any_extra_file_make_a_report(write_run, tmp_path):
    for loss in ("mse", "mae"):
        path = write_run(set=[f"loss.name={loss}"])
        (path / "metrics.jsonl").unlink()
        (path / "environment.json").write_text("[broken")
    text = Page(report_on(tmp_path / "runs")).text
    for reason in ("No learning curves: ", "No scatter of two metrics: ", "No reconstructions: "):
        assert reason in text


# ------------------------------------------------------------------------------- what it is made of


def test_names_are_text_and_never_html(hostile_report):
    page = Page(hostile_report)
    assert page.open == []
    assert page.all("script") == [] and page.all("b") == [] and page.all("i") == []
    assert {attributes["src"][:11] for attributes in page.all("img")} == {"data:image/"}
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)
    assert EVIL in page.text and r"<img src=x onerror=alert(1)>\n& <b>bold" in page.text


def test_it_needs_no_network_and_no_other_file(hostile_report):
    page = Page(hostile_report)
    assert page.all("link") == [] and page.all("script") == [] and page.all("iframe") == []
    for _, attributes in page.tags:
        for name in ("src", "href", "srcset", "action", "data", "poster"):
            assert attributes.get(name, "#").startswith(("#", "data:image/"))
    style = hostile_report.partition("<style>")[2].partition("</style>")[0]
    assert "url(" not in style and "@import" not in style


def test_ids_are_unique_and_links_lead_somewhere(hostile_report):
    page = Page(hostile_report)
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = [attributes["href"][1:] for attributes in page.all("a")] + [
        one["aria-describedby"] for one in page.all("table") if "aria-describedby" in one
    ]
    assert targets and set(targets) <= set(ids)


def test_every_figure_has_a_text(report):
    images = Page(report).all("img")
    assert len(images) == 5
    assert all(len(image["alt"]) > 40 for image in images)


def test_the_same_runs_give_the_same_file_in_another_process(losses, report):
    code = (
        "import sys\n"
        "from aecli.comparison.telling.report.report import make_report\n"
        "from aecli.comparison.verdicts.compare import compare\n"
        f"sys.stdout.write(make_report(compare([{str(losses)!r}]), title=None, written={WRITTEN!r}))"
    )
    environment = os.environ | {"PYTHONHASHSEED": "7", "PYTHONIOENCODING": "utf-8"}
    other = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, env=environment, timeout=120
    ).stdout.decode()
    assert report == other


# ------------------------------------------------------------------------------- the file


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


# ------------------------------------------------------------------------------- in a browser

MEASURE = """
function measure(frame) {
  const page = frame.contentDocument, width = frame.contentWindow.innerWidth;
  const inside = element => element.closest(".scroll") && !element.matches(".scroll");
  const wide = [...page.querySelectorAll("body *")].filter(e => !inside(e) && e.getBoundingClientRect().right > width +
  1); return {width: width, needed: page.documentElement.scrollWidth, wide: wide.map(e => e.tagName),
          requests: frame.contentWindow.performance.getEntriesByType("resource").map(e => e.name),
          blank: [...page.images].filter(e => !e.naturalWidth).length, images: page.images.length,
          scripts: page.scripts.length, title: page.title, text: page.body.innerText};
}
onload = () => {
  document.title = "measured";
  document.body.textContent = JSON.stringify([...document.querySelectorAll("iframe")].map(measure));
};
"""


@pytest.fixture
def browse(tmp_path):
    """A function that runs a headless browser, cut off from the network, and returns what it prints."""
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        pytest.skip("no chromium, chromium-browser or google-chrome on this machine")

    def run(*arguments):
        fixed = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            f"--user-data-dir={tmp_path / 'profile'}",
            "--host-resolver-rules=MAP * ~NOTFOUND",
        ]
        return subprocess.run(
            [program, *fixed, *map(str, arguments)], capture_output=True, text=True, timeout=120
        ).stdout

    return run


def measured(browse, tmp_path, pages):
    """Pages with the widths of their frames -> what the browser sees in each; windows have a least width."""
    frames = "".join(
        f'<iframe style="width:{width}px;height:900px;border:0" srcdoc="{html.escape(text)}"></iframe>'
        for text, width in pages
    )
    (tmp_path / "frames.html").write_text(
        f'<!DOCTYPE html><meta charset="utf-8"><script>{MEASURE}</script><body>{frames}'
    )
    dom = browse("--window-size=1300,2000", "--dump-dom", (tmp_path / "frames.html").as_uri())
    assert "<title>measured</title>" in dom
    return json.loads(html.unescape(dom.partition("<body>")[2].partition("</body>")[0]))


def test_nothing_overflows_and_nothing_is_loaded_in_a_browser(hostile_report, browse, tmp_path):
    report = hostile_report
    control = report.replace(
        "</main>", '<div style="width:3000px">wide</div><img src="http://example.invalid/a.png" alt=""></main>'
    )
    desk, phone, bad = measured(browse, tmp_path, [(report, 1280), (report, 400), (control, 400)])
    assert (desk["width"], phone["width"]) == (1280, 400)
    for seen in (desk, phone):
        assert seen["wide"] == [] and seen["needed"] <= seen["width"]
        assert seen["requests"] == [] and seen["scripts"] == 0
        assert seen["images"] > 6 and seen["blank"] == 0
        assert seen["title"] == f"</title>{EVIL}" and EVIL in seen["text"].partition("Question")[2]
    assert bad["wide"] and bad["needed"] >= 3000, "the check sees what overflows"
    assert bad["requests"] == ["http://example.invalid/a.png"] and bad["blank"] == 1, "and what is loaded"


def test_it_can_be_seen_and_printed(report, browse, tmp_path):
    path = tmp_path / "report.html"
    path.write_text(report)
    browse("--window-size=1280,2400", f"--screenshot={tmp_path / 'seen.png'}", path.as_uri())
    shot = np.asarray(Image.open(tmp_path / "seen.png").convert("RGB"), int)
    assert shot.shape == (2400, 1280, 3)
    ink = (np.abs(shot - shot[0, 0]).sum(2) > 60).mean(1)
    assert all(ink[top : top + 300].max() > 0.02 for top in range(0, 2400, 300)), (
        "there is something on every part of the page"
    )
    browse("--no-pdf-header-footer", f"--print-to-pdf={tmp_path / 'printed.pdf'}", path.as_uri())
    pdf = (tmp_path / "printed.pdf").read_bytes()
    assert pdf.startswith(b"%PDF") and 3 <= len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 12


def test_the_band_is_told_on_the_scale_of_the_metric(write_run, tmp_path):
    for loss in ("mse", "mae"):
        for seed in range(2):
            write_run(seed=seed, test={"psnr_db": 20.0 + seed}, set=[f"loss.name={loss}"])
    page = make_report(compare([tmp_path / "runs"], metrics=["psnr_db"]), title=None, written=WRITTEN)
    assert "Equivalent: the 95 % interval lies within ±0.0432 dB." in page


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
