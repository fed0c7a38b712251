"""A page is shown where there is a browser, and nothing fails where there is none."""

import webbrowser

import pytest

from aecli.console.browser import open_page, quiet_children


@pytest.fixture
def told(monkeypatch):
    """A function that sets how pages are shown here, as the system reads it at the first use."""
    for name in ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")

    def tell(browser):
        monkeypatch.setattr(webbrowser, "_tryorder", None)
        monkeypatch.setattr(webbrowser, "_browsers", {})
        monkeypatch.setenv("BROWSER", browser)

    return tell


def test_without_a_screen_nothing_is_shown(told, tmp_path):
    assert not open_page(tmp_path / "report.html")


def test_the_browser_is_given_the_page_and_its_words_are_not_shown(told, tmp_path, capfd):
    script = tmp_path / "show"
    script.write_text(f'#!/bin/sh\necho noise; echo noise >&2; echo "$1" > {tmp_path}/shown\n')
    script.chmod(0o755)
    told(f"{script} %s")
    assert open_page(tmp_path / "my report.html")
    assert (tmp_path / "shown").read_text() == f"file://{tmp_path}/my%20report.html\n"
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("browser", ["false %s", "/nowhere/at/all %s", "lynx %s"])
def test_a_browser_that_fails_or_would_take_the_terminal_fails_nothing(browser, told, tmp_path):
    told(browser)
    assert not open_page(tmp_path / "report.html")


def test_what_is_printed_afterwards_is_seen(capfd):
    with quiet_children():
        pass
    print("here")
    assert capfd.readouterr().out == "here\n"
