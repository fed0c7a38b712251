"""Fetching what torchvision can download, without leaving halves behind, waiting for ever, or writing to stdout."""

import contextlib
import hashlib
import socket
import sys
import tempfile
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from aecli.components.data.files import readable
from aecli.errors import DataError
from aecli.files.reading import open_file
from aecli.lazy import LazyModule

torchvision_datasets = LazyModule("torchvision.datasets")

SILENCE_S = 10.0
"""Seconds without a byte after which a download is given up."""
FIRST_ANSWER_S = 12.0
"""Seconds for the first answer; resolving a name and trying all of its addresses may take minutes on a dead network."""


def download_idx(class_name: str, root: Path, options: dict[str, str]) -> None:
    """Download a data set of IDX files into a folder of its own, then move the files to where torchvision looks.

    torchvision takes any IDX file that is there for a whole one; so none is there before all of them are whole.

    Args:
        class_name: the class in torchvision.datasets.
        root: torchvision's root folder.
        options: what else the class takes.

    Raises:
        Exception: whatever the network, the server, the archive and the disk can do.
    """
    make = getattr(torchvision_datasets, class_name)
    root.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".download-", dir=root) as staging:
        with downloading(first_address(make)):
            for train in (True, False):
                make(root=staging, train=train, download=True, **options)
        for path in sorted(Path(staging).rglob("*")):
            target = root / path.relative_to(staging)
            if path.is_dir():
                target.mkdir(exist_ok=True)
            else:
                path.replace(target)


class Downloads(Protocol):
    """What a class of torchvision's data sets says of where they come from; some have one `url` instead."""

    mirrors: list[str]
    resources: list[tuple[str, str]] | dict[str, list[tuple[str, str]]]


def first_address(make: Downloads) -> str:
    """The first address that a class of torchvision downloads from."""
    if isinstance(url := getattr(make, "url", None), str):
        return url
    if isinstance(make.resources, dict):
        return make.resources["train"][0][0]
    return make.mirrors[0] + make.resources[0][0]


@contextlib.contextmanager
def downloading(address: str) -> Iterator[None]:
    """Make torchvision's downloads end when the network is silent, and keep their progress out of stdout.

    Raises:
        OSError: the address does not answer.
    """
    wait_for_answer(address)
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(SILENCE_S)
    try:
        with contextlib.redirect_stdout(sys.stderr):
            yield
    finally:
        socket.setdefaulttimeout(before)


def wait_for_answer(address: str) -> None:
    """Return when a server answers, whatever it answers.

    In a thread, since no timeout covers the whole of a connection: neither the name nor a list of addresses.

    Raises:
        OSError: it does not answer.
    """
    failures: list[Exception] = []

    def ask() -> None:
        try:
            urllib.request.urlopen(urllib.request.Request(address, method="HEAD"), timeout=FIRST_ANSWER_S).close()
        except urllib.error.HTTPError as answer:
            answer.close()
        except Exception as error:
            failures.append(error)

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(FIRST_ANSWER_S)
    if thread.is_alive():
        raise TimeoutError(f"no answer within {FIRST_ANSWER_S:g} s")
    if failures:
        raise failures[0]


def is_whole(path: Path, md5: str) -> bool:
    """Whether a file is there and has the MD5 that its publisher gives."""
    if not path.is_file():
        return False
    with readable(path), open_file(path) as stream:
        return hashlib.file_digest(stream, "md5").hexdigest() == md5


def advice(name: str, error: Exception, folder: Path, files: list[str], damage: str = "") -> DataError:
    """The refusal when a download failed: why, and how to do without it.

    Args:
        name: the data set.
        error: why the download failed.
        folder: where the files belong.
        files: their names.
        damage: what is wrong with a file that is there, if one is.
    """
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    text = " ".join(str(reason).split()) or type(error).__name__
    return DataError(
        f"{damage}{'; ' if damage else ''}{name}: could not be downloaded: {text}; put {', '.join(files)} "
        f"into {folder}, or set data.dataset.folder to another root folder"
    )
