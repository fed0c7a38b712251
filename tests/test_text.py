"""Text for one line: what may be printed, how many there are, and the first few of them."""

from aecli.text import counted, printable, several


def test_what_a_terminal_would_obey_is_shown():
    shown = "a\\r\\n\\t\\x1b]0;x\\x07\\x9b\\u202e\\u2028\\ud800 [b]ü 日"
    assert printable("a\r\n\t\x1b]0;x\x07\x9b\u202e\u2028\ud800 [b]ü 日") == shown


def test_only_the_first_few_are_listed():
    assert several(range(4)) == "0, 1, 2, 3"
    assert several([*range(5), "\n"]) == "0, 1, 2, 3 and 2 more"


def test_what_is_listed_may_be_printed():
    assert several(["a\n", "b"]) == "a\\n, b"


def test_one_thing_is_no_plural():
    assert [counted(number, "run") for number in (0, 1, 2)] == ["0 runs", "1 run", "2 runs"]
