"""What CI servers read of a check: workflow commands of GitHub Actions, and JUnit XML."""

import re
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

from aecli.comparison.check.checked import Check, CheckedCondition
from aecli.errors import RunFolderError, UsageError
from aecli.files.writing import write_output
from aecli.text import printable

NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no way to write, not even escaped."""


def annotate(checked: Check) -> list[str]:
    """A workflow command of GitHub Actions for each condition that does not hold."""
    return [workflow_error("aecli check", f"{one} ({printable(checked.run)})") for one in checked.failed]


def workflow_error(title: str, text: str) -> str:
    """The line by which GitHub Actions marks a step with an error.

    Source: https://docs.github.com/actions/reference/workflow-commands-for-github-actions
    Example:
        >>> workflow_error("a: b, c", "100 %\\nno")
        '::error title=a%3A b%2C c::100 %25%0Ano'
    """
    message = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    head = title.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A").replace(":", "%3A").replace(",", "%2C")
    return f"::error title={head}::{message}"


def write_junit(path: Path, checked: Check) -> None:
    """Write a check as JUnit XML, the whole file or nothing.

    Raises:
        UsageError: the file cannot be written.
    """
    try:
        write_output(path, make_junit(checked), f"--junit {printable(path)}")
    except RunFolderError as error:
        raise UsageError(str(error)) from None


def make_junit(checked: Check) -> bytes:
    """One test suite named after the run's config, with a test case for each condition."""
    counts = {
        "tests": str(len(checked.conditions)),
        "failures": str(len(checked.failed)),
        "errors": "0",
        "skipped": "0",
        "time": f"{checked.elapsed_s:.3f}",
    }
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S")  # the format has no time zone
    root = element("testsuites", {"name": "aecli check", **counts})
    suite = element("testsuite", {"name": checked.name, **counts, "timestamp": now}, root)
    properties = element("properties", {}, suite)
    facts = {
        "run": checked.run,
        "baseline": ", ".join(map(str, checked.baselines)) or None,
        "tolerance": checked.tolerance if checked.baseline else None,
        "false alarms": "; ".join(checked.notes) or None,
    }
    for name, value in facts.items():
        if value is not None:
            element("property", {"name": name, "value": printable(value)}, properties)
    for one in checked.conditions:
        add_case(suite, checked.name, one)
    ElementTree.indent(root)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def add_case(suite: ElementTree.Element, name: str, one: CheckedCondition) -> None:
    """The test case of one condition; its name has no measured number in it, so that a server can follow it."""
    case = element("testcase", {"classname": f"aecli.check.{name}", "name": one.condition, "time": "0.000"}, suite)
    if not one.holds:
        failure = element("failure", {"message": one.measured, "type": "condition"}, case)
        failure.text = clean(str(one))


def element(tag: str, attributes: dict[str, str], above: ElementTree.Element | None = None) -> ElementTree.Element:
    """An element, within another one if there is one."""
    cleaned = {key: clean(value) for key, value in attributes.items()}
    return ElementTree.Element(tag, cleaned) if above is None else ElementTree.SubElement(above, tag, cleaned)


def clean(text: str) -> str:
    r"""Text without the characters that XML 1.0 forbids.

    Example:
        >>> clean("a\x1bb")
        'a\ufffdb'
    """
    return NO_XML.sub("\ufffd", text)
