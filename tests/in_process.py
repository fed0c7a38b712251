"""The command line called in the process of the tests: it ends as a process would, without loading torch anew."""

import io
import signal
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from unittest.mock import patch

from aecli import console
from aecli.cli import main
from aecli.runs.interrupts import SIGNALS


def call_main(*arguments: str, cwd: Path | str = ".") -> subprocess.CompletedProcess:
    """`aecli` with some arguments: its exit code and what it printed; a bug keeps its traceback."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    console.stdout.cache_clear()
    console.stderr.cache_clear()
    handlers = {number: signal.getsignal(number) for number in SIGNALS}
    with patch.object(sys, "argv", ["aecli", *arguments]), chdir(cwd), redirect_stdout(out), redirect_stderr(err):
        try:
            main()
        except SystemExit as end:
            code = end.code or 0
        finally:
            for number, handler in handlers.items():
                signal.signal(number, handler)
    return subprocess.CompletedProcess(["aecli", *arguments], code, out.getvalue(), err.getvalue())
