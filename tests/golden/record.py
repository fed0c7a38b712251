"""Records what must not change while the rooms of the house are moved: what users see, and what nets become.

    python tests/golden/record.py FOLDER

Every recorder writes files into the folder; test_golden.py holds today's against those in expected/. Most are compared
to the letter. Weights are bits of one machine: they are recorded as digests, for a comparison on the same machine, and
as sums, which other machines give but for rounding.
"""

import contextlib
import hashlib
import io
import json
import os
import re
import sys
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
COMMANDS = [
    "train",
    "resume",
    "evaluate",
    "sweep",
    "compare",
    "report",
    "recommend",
    "dose",
    "check",
    "validate",
    "show",
    "schema",
    "list",
    "init",
    "runs",
    "diff",
]
LOSSES, DOSES = "sweeps/losses", "sweeps/doses"
COMPARISONS = {
    "losses.json": ["compare", LOSSES, "--json"],
    "losses.txt": ["compare", LOSSES, "--metric", "mae", "--metric", "ssim", "--matrix"],
    "losses.csv": ["compare", LOSSES, "--format", "csv", "--no-fold"],
    "losses.md": ["compare", LOSSES, "--format", "md", "--metric", "features.linear_probe", "--columns", "train_s"],
    "losses.tex": ["compare", LOSSES, "--format", "latex", "--baseline", "loss.name=mse", "--metric", "psnr_db"],
    "losses.html": ["compare", LOSSES, "--format", "html", "--top", "2"],
    "mixed.txt": ["compare", LOSSES, DOSES, "whole", "halfway"],
    "doses.json": ["compare", DOSES, "--json", "--metric", "validation.mse", "--rope", "0.001"],
    "dose.json": ["dose", DOSES, "--key", "regularization.l1_proximal.weight", "--json"],
    "dose.txt": ["dose", DOSES, "--key", "regularization.l1_proximal.weight"],
    "recommend.json": ["recommend", LOSSES, "--for", "reconstruction", "--for", "classification=2", "--json"],
    "recommend.txt": ["recommend", LOSSES, "--for", "clustering"],
    "refused.txt": ["compare", LOSSES, "--metric", "features.linear_prob"],
    "check.txt": [
        "check",
        "whole/RUN",
        "--assert",
        "test.mse<=0.2",
        "--assert",
        "test.psnr_db>=20",
        "--assert",
        "test.ssim>=0",
    ],
    "show.txt": ["show", "whole/RUN"],
    "show.json": ["show", "whole/RUN", "--json"],
    "plan.json": ["sweep", "--config", "losses.yaml", "--plan", "--json", "--jobs", "1x1"],
}
PLANNED = ("trials", "done", "to_do", "excluded", "doubles", "seeds")
VARIANTS = {
    "tied": {"architecture": {"tied": True, "widths": ["auto", 24, 8]}},
    "batch_norm": {"architecture": {"normalization": "batch", "widths": ["auto", 24, 8]}, "loss": "bce"},
    "layer_norm_he": {"architecture": {"normalization": "layer", "init": "he_normal", "widths": ["auto", 24, 8]}},
    "tanh_torch": {"architecture": {"activation": "tanh", "init": "torch", "output_bias": "mean_image"}, "loss": "mae"},
    "contaminated": {"data": {"contamination": "salt_and_pepper"}, "optimization": {"gradient_clip": 0.1}},
    "contractive": {"regularization": [{"name": "contractive", "estimator": "exact"}, "dropout", "orthogonality"]},
    "bf16": {"training": {"precision": "bf16"}, "optimization": {"optimizer": "sgd"}},
}


def record(folder: Path) -> None:
    """Everything."""
    for recorder in RECORDERS:
        recorder(folder)


def write(path: Path, text: str) -> None:
    """A file, its folder made where it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def as_json(value: Any) -> str:
    """JSON, a value a line."""
    return json.dumps(value, indent=1) + "\n"


def run(*arguments: str) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a command, 80 columns wide, in this process."""
    from aecli import cli, console

    os.environ["COLUMNS"] = "80"
    for stream in (console.stdout, console.stderr):
        stream.cache_clear()
    before, sys.argv = sys.argv, ["aecli", *arguments]
    out, err, code = io.StringIO(), io.StringIO(), 0
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            cli.main()
    except SystemExit as stop:
        code = int(stop.code or 0)
    finally:
        sys.argv = before
        os.environ.pop("COLUMNS")
        for stream in (console.stdout, console.stderr):
            stream.cache_clear()
    return code, out.getvalue(), err.getvalue()


def record_configs(folder: Path) -> None:
    """The resolved content and digest of every YAML that ships, and of every trial of the sweeps among them."""
    from aecli.config.load import load_config
    from aecli.config.presets import preset_names, sweep_names
    from aecli.sweep.planning.document import load_sweep
    from aecli.sweep.planning.plan import make_plan

    configs = {name: load_config(name) for name in preset_names()}
    resolved = {name: {"digest": config.digest(), "content": config.plain()} for name, config in configs.items()}
    write(folder / "configs.json", as_json(resolved))
    trials = {}
    for name in sweep_names():
        loaded = load_sweep(f"sweeps/{name}")
        if not loaded[0].search:
            trials[name] = [trial.config.digest() for trial in make_plan(*loaded).trials]
    write(folder / "sweeps.json", as_json(trials))


def record_help(folder: Path) -> None:
    """The help of every command, the schema, every list, and what is said about broken configs."""
    write(folder / "help/aecli.txt", run("--help")[1])
    for command in COMMANDS:
        write(folder / f"help/{command}.txt", run(command, "--help")[1])
    write(folder / "schema.json", run("schema")[1])
    from aecli.cli.configs import KINDS

    for kind in KINDS:
        write(folder / f"list/{kind}.json", run("list", kind, "--json")[1])
        write(folder / f"list/{kind}.txt", run("list", kind)[1])
    write(folder / "show_config.txt", run("show", "denoising.yaml")[1])


def record_refusals(folder: Path) -> None:
    """What is said of configs that are wrong, in all kinds of ways, one file for all."""
    from aecli.config.load import load_config
    from aecli.errors import ConfigError

    told = {}
    for name, text in sorted(json.loads((HERE / "refused.json").read_text()).items()):
        try:
            load_config(text)
            told[name] = "accepted"
        except ConfigError as error:
            told[name] = str(error)
    write(folder / "refusals.json", as_json(told))


def record_comparisons(folder: Path) -> None:
    """What the commands that read run folders print about the stored ones."""
    with fixtures(folder):
        (whole,) = Path("whole").iterdir()
        for name, arguments in COMPARISONS.items():
            code, out, err = run(*[argument.replace("whole/RUN", str(whole)) for argument in arguments])
            if name == "plan.json":  # the rest of a plan is measured
                out, err = json.dumps({key: value for key, value in json.loads(out).items() if key in PLANNED}), ""
            write(folder / "comparisons" / name, f"{out}\n--- stderr, exit code {code}\n{err}")
        for name in ("losses", "doses"):
            run(*f"report sweeps/{name} --output report.html --metric mse --metric mae".split())
            report = Path("report.html").read_text()
            write(folder / "comparisons" / f"report_{name}.html", without_pictures(report))


def without_pictures(html: str) -> str:
    """A report without its drawings, which follow matplotlib's version, and without the time it was written."""
    html = re.sub(r"<svg.*?</svg>", "<svg/>", html, flags=re.S)
    html = re.sub(r"data:image/[^\"')]*", "data:image", html)
    return re.sub(r"20\d\d-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?( ?UTC|Z)?", "DATE", html)


@contextlib.contextmanager
def fixtures(folder: Path) -> Iterator[None]:
    """Be in a fresh copy of the stored runs."""
    before = Path.cwd()
    work = folder.resolve() / "fixtures"
    with tarfile.open(HERE / "fixtures.tar.xz") as archive:
        archive.extractall(work, filter="data")
    try:
        os.chdir(work)
        yield
    finally:
        os.chdir(before)


def record_continued(folder: Path) -> None:
    """What becomes of stored runs: one is judged again, one resumed, a sweep completed."""
    import aecli

    with fixtures(folder):
        (whole,), (halfway,) = Path("whole").iterdir(), Path("halfway").iterdir()
        judged = aecli.evaluate(whole, again=True)
        summary = strip_times(judged.run.summary)
        resumed = aecli.resume(halfway)
        code, out, _ = run(*"sweep --config doses.yaml --out sweeps/doses --jobs 1x1 --quiet --json".split())
        swept = json.loads(out)
        told = {
            "judged": summary,
            "resumed": {"epochs": resumed.summary["epochs"], "model": describe(resumed.model)},
            "loaded": describe(aecli.load(whole).model),
            "swept": {"code": code, "runs": len(list(Path("sweeps/doses/runs").iterdir())), "keys": sorted(swept)},
        }
    write(folder / "continued.json", as_json(told))


def strip_times(value: Any) -> Any:
    """Plain data without what is measured in seconds."""
    if isinstance(value, dict):
        return {key: strip_times(item) for key, item in value.items() if not key.endswith(("_s", "_per_s"))}
    return [strip_times(item) for item in value] if isinstance(value, list) else value


def describe(model: Any) -> dict[str, Any]:
    """The weights of a net: a digest of their bits, and for each tensor the sums of its values and of their squares."""
    state = model.state_dict()
    digest = hashlib.sha256(b"".join(tensor.numpy().tobytes() for tensor in state.values()))
    sums = {name: [float(t.double().sum()), float(t.double().square().sum())] for name, t in state.items()}
    return {"bits": digest.hexdigest(), "sums": sums}


def record_weights(folder: Path) -> None:
    """The weights of every config that ships, and of variants, after two steps."""
    from aecli.config.load import load_config
    from aecli.config.presets import preset_names

    few = ["data.train_size=512", "training.batch_size=256", "training.threads=1", "training.device=cpu"]
    few.append("training.precision=highest")  # lower ones are rounded otherwise on every kind of processor
    told = {}
    for name, source in {**{name: name for name in preset_names()}, **VARIANTS}.items():
        validation = [] if load_config(source).data.validation == "test" else ["data.validation=64"]
        told[name] = describe(train_two_steps(load_config(source, set=[*few, *validation])))
    write(folder / "weights.json", as_json(told))


def train_two_steps(config: Any) -> Any:
    """The net of a config after its first two steps."""
    prepare, fit = find("prepare"), find("fit")
    prepared = prepare(config)
    fit(prepared.trainee, 1, lambda event: True)
    return prepared.trainee.model


def find(name: str) -> Callable[..., Any]:
    """A function of the package, wherever its room is now."""
    import importlib

    homes = {
        "prepare": ("aecli.training.build", "aecli.experiment.prepare"),
        "fit": ("aecli.training.loop", "aecli.experiment.training"),
    }
    for home in homes[name]:
        with contextlib.suppress(ModuleNotFoundError):
            return getattr(importlib.import_module(home), name)
    raise LookupError(name)


RECORDERS = (record_configs, record_help, record_refusals, record_comparisons, record_continued, record_weights)

if __name__ == "__main__":
    record(Path(sys.argv[1]))
