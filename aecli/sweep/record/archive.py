"""A run folder as bytes, for the way between two machines that have no file system in common."""

import io
import shutil
import tarfile
import tempfile
from pathlib import Path, PurePosixPath

from aecli.errors import RunFolderError


def pack(folder: Path) -> bytes:
    """The regular files of a run folder as a tar archive below its name; the big ones are compressed already."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.is_symlink() and path.suffix != ".tmp":
                member = tarfile.TarInfo(f"{folder.name}/{path.relative_to(folder).as_posix()}")
                with path.open("rb") as file:  # not `archive.add`: two names of one file would become a link
                    member.size, member.mtime = path.stat().st_size, int(path.stat().st_mtime)
                    archive.addfile(member, file)
    return buffer.getvalue()


def unpack(archive: bytes, runs: Path, replaces: str | None = None) -> Path:
    """Put a run folder among the others, whole or not at all.

    Args:
        archive: what `pack` made.
        runs: the folder of the runs.
        replaces: the name of an earlier state of the same run, whose place it takes.

    Returns: the run folder.

    Raises:
        RunFolderError: the archive is not that of one run folder, its name is taken, or the disk is full.
    """
    try:
        runs.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".arriving-", dir=runs.parent) as arriving:
            with tarfile.open(fileobj=io.BytesIO(archive)) as opened:
                name = folder_of(opened)
                opened.extractall(arriving, filter="data")
            place = runs / name
            if name == replaces and place.exists():
                place.rename(Path(arriving) / ".before")
            elif place.exists():
                raise RunFolderError(f"{place}: is there already, and a run of the same name arrived")
            shutil.move(Path(arriving) / name, place)
            return place
    except (OSError, tarfile.TarError) as error:
        raise RunFolderError(f"cannot store a run in {runs}: {getattr(error, 'strerror', None) or error}") from error


def folder_of(archive: tarfile.TarFile) -> str:
    """The one folder that all files of an archive are in.

    Raises:
        RunFolderError: there are several or none, or something else than files below it.
    """
    members = archive.getmembers()
    paths = [PurePosixPath(member.name) for member in members]
    names = {path.parts[0] for path in paths if len(path.parts) > 1}
    is_sound = all(member.isreg() for member in members) and all(
        len(path.parts) > 1 and ".." not in path.parts for path in paths
    )
    if not is_sound or len(names) != 1 or names & {"/", "."}:
        raise RunFolderError("what arrived is not one run folder")
    return names.pop()
