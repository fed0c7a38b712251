"""What CI servers read: workflow commands and JUnit XML."""

import os
import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from aecli.comparison.check.check import check
from aecli.comparison.check.ci import annotate, make_junit, write_junit
from aecli.errors import UsageError


@pytest.fixture
def checked(write_run):
    """Three conditions, of which one holds."""
    path = write_run(name="a,b:c%\nd\x1b[0m", test={"mse": 0.0079})
    return check(path, ["mse<=0.009", "mse<=50%", "mse<=0.5%"])


def test_each_condition_that_does_not_hold_is_a_workflow_command(checked):
    run = str(checked.run).replace("%", "%25").replace("\n", "\\n").replace("\x1b", "\\x1b")
    assert annotate(checked) == [f"::error title=aecli check::test.mse <= 0.5%25: 0.0079 ({run})"]


def test_the_xml_has_the_usual_structure_and_its_counts_are_true(checked):
    root = ElementTree.fromstring(make_junit(checked))
    (suite,) = root
    cases = suite.findall("testcase")
    assert (root.tag, suite.tag, suite.get("name")) == ("testsuites", "testsuite", "fake")
    for counted in (root, suite):
        numbers = {key: int(counted.get(key)) for key in ("tests", "failures", "errors", "skipped")}
        assert numbers == {
            key: len(list(root.iter(tag)))
            for key, tag in zip(numbers, ("testcase", "failure", "error", "skipped"), strict=True)
        }
        assert float(counted.get("time")) >= 0
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", suite.get("timestamp"))
    assert [(case.get("classname"), case.get("name")) for case in cases] == [
        ("aecli.check.fake", f"test.mse <= {limit}") for limit in ("0.009", "50%", "0.5%")
    ]
    assert all(float(case.get("time")) == 0 for case in cases)
    assert [[(failure.get("message"), failure.get("type"), failure.text) for failure in case] for case in cases] == [
        [],
        [],
        [("0.0079", "condition", "test.mse <= 0.5%: 0.0079")],
    ]
    assert [child.tag for child in suite] == ["properties", "testcase", "testcase", "testcase"]
    assert {one.get("name") for one in suite.find("properties")} == {"run"}


def test_the_xml_names_the_baseline(write_run):
    path, other = write_run(), write_run()
    root = ElementTree.fromstring(make_junit(check(path, baseline=other, tolerance="2%")))
    assert {one.get("name"): one.get("value") for one in root.iter("property")} == {
        "run": str(path),
        "baseline": str(other),
        "tolerance": "2 %",
        "false alarms": "test.mse: one baseline run has no spread; where seeds spread by 3.5 to 4.7 % of the error, a "
        "run with another seed and nothing else fails in 34 to 38 %; name several seeds of it, "
        "--baseline A --baseline B",
    }


def test_what_xml_forbids_is_replaced_and_what_it_knows_is_escaped(checked):
    every = "".join(map(chr, [*range(0x20), 0x7F, 0xD800, 0xFFFD, 0xFFFE, 0xFFFF, 0x1F600])) + "<&>\"']]>"
    spoiled = replace(
        checked, name=every, conditions=tuple(replace(one, condition=every, limit=0.0) for one in checked.conditions)
    )
    case = next(ElementTree.fromstring(make_junit(spoiled)).iter("testcase"))
    allowed = "".join(
        char if ord(char) in (9, 10, 13, 0x7F, 0x1F600) or 0x20 <= ord(char) < 0x7F else "\ufffd" for char in every
    )
    assert case.get("name") == allowed
    assert case[0].text == allowed.replace("\r", "\n") + ": 0.0079"


def test_the_file_is_replaced_as_a_whole_and_a_link_stays_one(checked, tmp_path):
    (tmp_path / "real.xml").write_text("old")
    (tmp_path / "link.xml").symlink_to("real.xml")
    write_junit(tmp_path / "link.xml", checked)
    assert (tmp_path / "link.xml").is_symlink()
    assert ElementTree.parse(tmp_path / "real.xml").getroot().get("tests") == "3"
    assert {path.name for path in tmp_path.iterdir()} == {"real.xml", "link.xml", "runs"}


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("missing/junit.xml", "No such file or directory"),
        ("file/junit.xml", "Not a directory"),
        ("folder", "it is no file"),
        ("pipe", "it is no file"),
        ("x" * 300, "File name too long"),
    ],
)
def test_a_file_that_cannot_be_written_is_refused(checked, tmp_path, name, reason):
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UsageError) as refused:
        write_junit(tmp_path / name, checked)
    assert str(refused.value) == f"--junit {tmp_path / name}: cannot be written: {reason}"
    assert (tmp_path / "pipe").is_fifo()
