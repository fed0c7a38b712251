"""Text for one line: what may be printed, how many there are, and the first few of them."""

from pathlib import Path

from aecli.text import counted, each, printable, several, shell_word


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


def test_a_text_or_a_path_by_itself_is_not_taken_apart():
    assert each("seed=3") == ["seed=3"] and each(Path("runs")) == [Path("runs")]
    assert each(("a", Path("b"))) == ["a", Path("b")] and each([]) == []


def test_a_word_of_a_command_is_quoted_where_it_has_blanks():
    assert shell_word(Path("my runs/it's")) == "'my runs/it'\"'\"'s'"
    assert shell_word("runs/a") == "runs/a" and "\n" not in shell_word("a\nb")
