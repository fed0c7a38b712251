"""Nobody but `aecli.files` opens files, but for a few with a reason."""

import ast
from pathlib import Path

import aecli

ROOT = Path(aecli.__file__).parent
METHODS = {"open", "read_text", "read_bytes", "write_text", "write_bytes"}
CALLS = {f"{module}.{name}" for module in ("np", "torch") for name in ("load", "save", "savez", "loadtxt")}
CALLS |= {f"os.{name}" for name in ("open", "link", "truncate", "symlink")}
CALLS |= {"shutil.copyfile", "shutil.move", "tempfile.mkdtemp", "zipfile.ZipFile", "tarfile.open"}
ITS_OWN = "what aecli ships"
REASONS = {
    "cores.py": "what the system says of the machine",
    "experiment/environment.py": "what the system says of the machine",
    "runs/processes.py": "what the system says of the machine",
    "pages.py": ITS_OWN,
    "config/presets.py": f"{ITS_OWN}; and `init` writes where nothing is",
    "comparison/telling/report/report.py": ITS_OWN,
    "config/merge.py": "a config may come through a pipe; so many bytes of it are read, and no more",
    "components/data/arrays.py": "a .npy file is mapped before it is read",
    "components/data/tables.py": "numbers are read out of an open table",
    "components/data/image_folder.py": "Pillow reads an open file",
    "comparison/telling/figures/caption.py": "Pillow reads from memory",
    "evaluation/instruments/codecs.py": "Pillow reads from memory",
    "evaluation/stored_arrays.py": "numpy writes into memory",
    "experiment/checkpoint.py": "torch writes into memory, and reads an open file",
    "experiment/prune.py": "torch writes into memory",
    "experiment/journal.py": "the log stays open",
    "experiment/run.py": "a journal, which is no file",
    "runs/locks.py": "locks",
    "sweep/record/claims.py": "locks",
    "sweep/search/search_log.py": "Optuna writes the log",
    "sweep/record/archive.py": "what comes from another machine is unpacked with the filter of tarfile",
    "sweep/engines/ray_node.py": "a folder of its own on another machine",
    "console/streams.py": "the null device",
    "console/browser.py": "the null device, and a browser",
    "api/sweeps.py": "into a folder of its own",
}
"""Who else opens files, and why."""


def opened_in(source: str) -> list[str]:
    """What opens or writes files in a module, by the names of the calls; `from aecli.files` is the door."""
    found = []
    tree = ast.parse(source)
    ours = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("aecli.files")
        for alias in node.names
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            left = node.func.value.id if isinstance(node.func.value, ast.Name) else ""
            name = f"{left}.{node.func.attr}"
            found += [name] if name in CALLS or (node.func.attr in METHODS and left not in ours) else []
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "open":
            found.append("open")
    return found


def test_nobody_else_opens_files():
    found = {}
    for path in sorted(ROOT.rglob("*.py")):
        inside = path.relative_to(ROOT).as_posix()
        if not inside.startswith("files/") and (names := opened_in(path.read_text())):
            found[inside] = names
    assert {path: names for path, names in found.items() if path not in REASONS} == {}
    assert REASONS.keys() - found.keys() == set(), "a reason that is no longer needed"


def test_what_opens_a_file_is_found():
    source = (
        "with path.open() as f:\n    np.load(f)\nopen('a')\nfrom aecli.files.reading import read_bytes\nread_bytes(f)"
    )
    assert sorted(opened_in(source)) == [
        "np.load",
        "open",
        "path.open",
    ]
