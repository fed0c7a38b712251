"""The page of a report: escaped, complete in itself, with ids, links and texts for figures."""

from fake_reports import EVIL, Page


def test_data_sets_are_never_ranked_together(hostile_report):
    assert hostile_report.count("<section id=") == 2
    assert "candidates of different data are never ranked together" in hostile_report
    first = hostile_report[hostile_report.index('id="data-1"') : hostile_report.index('id="data-2"')]
    assert "Which of 3 configs" in first


def test_what_was_left_out_is_named_with_its_reason(hostile_report):
    text = Page(hostile_report).text
    assert "1 folder that cannot be compared" in text
    assert rf"failed<i>\n failed failed, epoch 1 of 9: {EVIL}" in text


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
