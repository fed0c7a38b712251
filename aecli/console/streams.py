"""The streams of this process: what they cannot encode becomes plain characters, and progress may lose its reader."""

import codecs
import os
import sys
import unicodedata
from contextlib import suppress
from typing import TextIO

PLAIN = {
    **{"→": "->", "←": "<-", "↑": "^", "↓": "v", "▲": "^", "▼": "v", "±": "+-", "×": "x", "−": "-", "·": "."},
    **{
        "–": "-",
        "—": "-",
        "…": "...",
        "≤": "<=",
        "≥": ">=",
        "≠": "!=",
        "≈": "~",
        "’": "'",
        "‘": "'",
        "“": '"',
        "”": '"',
    },
    **{"•": "*", "─": "-", "━": "-", "│": "|", "┃": "|", "✓": "x", "✔": "x", "✗": "-", "°": " deg"},
    **dict(zip("▁▂▃▄▅▆▇█", "_.,-~=*#", strict=True)),
}
ERRORS = "aecli.plain"
"""The name of the way to deal with what a stream cannot encode."""


def plain(error: UnicodeError) -> tuple[str | bytes, int]:
    """Something like it in ASCII, or an escape; bytes of a file name that were no text stay those bytes."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    character = error.object[error.start]
    if "\udc80" <= character <= "\udcff":
        return bytes([ord(character) - 0xDC00]), error.start + 1
    bare = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
    box = "+" if "\u2500" <= character <= "\u257f" else ""
    return PLAIN.get(character) or box or bare or ascii(character)[1:-1], error.start + 1


def prepare_streams() -> None:
    """Let streams that are closed lead nowhere, and let what the others cannot encode become plain characters."""
    codecs.register_error(ERRORS, plain)
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        stream: TextIO | None = getattr(sys, name)
        if stream is None:  # or the next file that is opened would get its number
            with suppress(OSError):
                setattr(sys, name, os.fdopen(open_nowhere(number), "r" if name == "stdin" else "w", encoding="utf-8"))
        elif hasattr(stream, "reconfigure") and stream.errors in ("strict", "surrogateescape", "backslashreplace"):
            stream.reconfigure(errors=ERRORS)


def open_nowhere(number: int) -> int:
    """A file descriptor of this number that leads nowhere."""
    opened = os.open(os.devnull, os.O_RDWR)
    if opened != number:
        os.dup2(opened, number)
        os.close(opened)
    return number


def discard(stream: TextIO) -> None:
    """Let nothing more be written, so that what is buffered does not fail again at the end of the process.

    Source: https://docs.python.org/3/library/signal.html#note-on-sigpipe
    """
    with suppress(OSError, ValueError):  # one without a file descriptor
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


class Progress:
    """stderr as long as somebody reads it: a pipe that was closed or a terminal that is gone ends nothing."""

    @property
    def stream(self) -> TextIO:
        """What stderr is now; a bar of rich puts itself before it, and would be written into itself."""
        stream: TextIO = getattr(sys.stderr, "rich_proxied_file", sys.stderr)
        return stream

    @property
    def encoding(self) -> str:
        """Of the stream."""
        return getattr(self.stream, "encoding", None) or "utf-8"

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        return self.stream.isatty()

    def fileno(self) -> int:
        """Its number."""
        return self.stream.fileno()

    def write(self, text: str) -> int:
        """Write what can be written."""
        try:
            return self.stream.write(text)
        except OSError:
            discard(self.stream)
        return len(text)

    def flush(self) -> None:
        """Flush what can be flushed."""
        try:
            self.stream.flush()
        except OSError:
            discard(self.stream)
