"""Reports on made-up runs, and pages as a reader sees them."""

import json
from html.parser import HTMLParser

import numpy as np
import pytest
from fake_runs import make_writer

from aecli.comparison.telling.report.report import make_report
from aecli.comparison.verdicts.compare import compare

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


def report_on(*paths, title=None, **options):
    return make_report(compare(paths, **options), title=title, written=WRITTEN)


@pytest.fixture(scope="module")
def reported(tmp_path_factory):
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
def report(reported):
    """The report on the losses."""
    return report_on(reported)


@pytest.fixture(scope="module")
def hostile_report(hostile):
    """The report on the hostile names, judged by two metrics."""
    return report_on(hostile, metrics=["mse", "ssim"], title=f"</title>{EVIL}")
