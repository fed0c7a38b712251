"""The report in a real browser: nothing overflows, nothing is loaded, and it can be printed."""

import html
import json
import re
import shutil
import subprocess

import numpy as np
import pytest
from fake_reports import EVIL, report_on
from PIL import Image

MEASURE = """
function measure(frame) {
  const page = frame.contentDocument, width = frame.contentWindow.innerWidth;
  page.querySelectorAll("details").forEach(e => e.open = true);
  const all = [...page.querySelectorAll("body *")], wide = all.filter(e => e.getBoundingClientRect().right > width + 1);
  const inner = all.filter(e => e.scrollWidth > e.clientWidth + 1 && !["inline", "table-row"].includes(
    frame.contentWindow.getComputedStyle(e).display) && e.clientWidth && !e.closest("thead"));
  return {width: width, needed: page.documentElement.scrollWidth, wide: wide.map(e => e.tagName),
          inner: inner.map(e => e.tagName), cells: [...page.querySelectorAll(".results tbody tr")].map(row =>
            [...row.children].map(e => e.innerText.trim().replaceAll("\\n", " "))),
          tables: [...page.querySelectorAll("table")].map(e => e.className),
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
    *seen_at, bad = measured(browse, tmp_path, [*((report, width) for width in (1280, 1000, 800, 390)), (control, 390)])
    assert [seen["width"] for seen in seen_at] == [1280, 1000, 800, 390]
    for seen in seen_at:
        assert seen["wide"] == [] and seen["inner"] == [] and seen["needed"] <= seen["width"]
        assert seen["requests"] == [] and seen["scripts"] == 0
        assert seen["images"] > 6 and seen["blank"] == 0
        assert seen["title"] == f"</title>{EVIL}" and EVIL in seen["text"].partition("Question")[2]
    assert bad["wide"] and bad["needed"] >= 3000, "the check sees what overflows"
    assert bad["requests"] == ["http://example.invalid/a.png"] and bad["blank"] == 1, "and what is loaded"


def test_names_and_metrics_come_first_and_what_differs_is_behind_them_at_every_width(write_run, browse, tmp_path):
    """Seven settings differ; a table is as wide as the page at most, and on a telephone each row is a card."""
    settings = ["loss.name=mae", "training.batch_size=128", "architecture.widths=[784, 100, 50]"]
    settings += ["data.validation=test", "architecture.init=torch", "optimization.optimizer.lr=0.01"]
    settings += ["architecture.output_bias=mean_image"]
    for number in range(len(settings) + 1):
        write_run(set=settings[:number], test={"mse": 0.01 + number / 1000, "ssim": 0.5})
    text = report_on(tmp_path / "runs")
    for seen in measured(browse, tmp_path, [(text, 1280), (text, 390)]):
        assert seen["wide"] == [] and seen["inner"] == [] and seen["needed"] <= seen["width"]
        assert seen["tables"].index("results") < seen["tables"].index("settings")
        best = " ".join(seen["cells"][0][1:])
        assert "0.01 *" in best and "0.5" in best and "batch" not in best


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
