"""The engine ray on a real cluster of several nodes on this machine: same runs, lost nodes, no shared folder."""

import json
import os
import signal
from pathlib import Path

import pytest
import yaml

from aecli.errors import InterruptedRun, UsageError
from aecli.sweep.engines.local import LocalEngine
from aecli.sweep.engines.ray_cluster import check_address
from aecli.sweep.planning.document import load_sweep
from aecli.sweep.planning.plan import make_plan
from aecli.sweep.record.sweep_folder import prepare_sweep_folder
from aecli.sweep.schedule import run_trials
from aecli.sweep.search.search_result import conclude_search
from aecli.sweep.search.search_rules import plan_search
from aecli.sweep.search.search_source import SearchSource

os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
ray = pytest.importorskip("ray")
pytestmark = pytest.mark.slow
EPOCHS = 60
TRIALS = 10


class Witness:
    """A watcher that remembers the trials that ended, and does something at an epoch of its choice."""

    def __init__(self, act=lambda trial, epoch: None):
        self.act, self.ended, self.tries = act, {}, {}

    def begin(self, total, done):
        pass

    def started(self, trial):
        self.tries[trial.digest] = self.tries.get(trial.digest, 0) + 1

    def epoch(self, trial, epoch, epochs, metrics):
        self.act(trial, epoch)

    def finished(self, trial, outcome, done):
        self.ended[trial.digest] = outcome

    def elsewhere(self, count):
        pass


@pytest.fixture(scope="module")
def cluster():
    """A head without room for trials, and two nodes with a CPU each."""
    from ray.cluster_utils import Cluster

    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False})
    try:
        cluster.nodes = [cluster.add_node(num_cpus=1) for _ in range(2)]
        ray.init(address=cluster.address, log_to_driver=False, logging_level="ERROR")
        cluster.wait_for_nodes()
        yield cluster
    finally:
        ray.shutdown()
        cluster.shutdown()


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    """Four trials that take a second or two each."""
    here = tmp_path_factory.mktemp("asked")
    base = {
        "name": "tiny",
        "data": {"train_size": 1500, "validation": 100},
        "architecture": {"widths": ["auto", 16, 8]},
        "training": {"epochs": EPOCHS, "batch_size": 32, "device": "cpu"},
        "evaluation": {"suites": []},
    }
    (here / "base.yaml").write_text(yaml.safe_dump(base))
    (here / "sweep.yaml").write_text("base: base.yaml\nseeds: 0-1\ngrid: {loss: [mse, mae]}\n")
    asked, document, path = load_sweep(str(here / "sweep.yaml"))
    return make_plan(asked, document, path)


@pytest.fixture(scope="module")
def reference(plan, tmp_path_factory):
    """What this machine alone makes of them."""
    folder = prepare_sweep_folder(tmp_path_factory.mktemp("local") / "sweep", plan, "")
    run_trials(plan.trials, folder, LocalEngine(2, 1, folder.runs), Witness())
    return contents(folder)


def contents(folder):
    """Digest -> what a run came to: weights and metrics, times left out."""
    import torch

    found = {}
    for run in folder.runs.iterdir():
        weights = torch.load(run / "checkpoints" / "last.pt", weights_only=True)["model"]
        lines = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
        metrics = [
            {key: value for key, value in line.items() if key not in ("train_s", "elapsed_s", "time")} for line in lines
        ]
        status = json.loads((run / "status.json").read_text())
        parts = {path.relative_to(run).as_posix() for path in run.rglob("*") if path.is_file()}
        bits = {name: tensor.numpy().tobytes() for name, tensor in weights.items()}
        assert status["config_sha256"] not in found, "two runs of one trial"
        found[status["config_sha256"]] = (status["status"], bits, metrics, parts)
    return found


def sweep_on_ray(plan, folder, witness, **options):
    from aecli.sweep.engines.ray_engine import RayEngine

    engine = RayEngine(4, 1, folder.runs, **options)
    witness.engine = engine
    return run_trials(plan.trials, folder, engine, witness)


def node_of(place, cluster):
    """The node that an actor is on."""
    address = ray._private.state.actors(place.actor._actor_id.hex())["Address"]
    return next(node for node in cluster.nodes if node.node_id == address["NodeID"])


def test_a_lost_node_loses_no_finished_run_and_all_runs_are_bitwise_those_of_this_machine(
    cluster, plan, reference, tmp_path
):
    lost, kept, places = [], {}, set()

    def kill(trial, epoch):
        places.update(place for place in witness.engine.places if place.is_ready)
        if witness.ended and epoch >= 2 and not lost:
            place = next(place for place in witness.engine.places if place.trial is trial)
            lost.append(trial.digest)
            kept.update(
                {
                    outcome.run: Path(outcome.run, "summary.json").stat().st_mtime_ns
                    for outcome in witness.ended.values()
                }
            )
            node = node_of(place, cluster)
            cluster.nodes.remove(node)
            cluster.remove_node(node, allow_graceful=False)
            cluster.nodes.append(cluster.add_node(num_cpus=1))

    witness = Witness(kill)
    folder = prepare_sweep_folder(tmp_path / "sweep", plan, "")
    progress = sweep_on_ray(plan, folder, witness)
    assert len(lost) == 1 and kept
    assert progress.failed == [] and len(progress.outcomes) == 4
    assert witness.tries == {digest: 2 if digest in lost else 1 for digest in progress.trials}
    assert {run: Path(run, "summary.json").stat().st_mtime_ns for run in kept} == kept, "not trained again"
    assert contents(folder) == reference
    assert len(places) >= 2 and {place.is_shared for place in places} == {True}
    assert {outcome.run for outcome in progress.outcomes.values()} == {str(run) for run in folder.runs.iterdir()}
    assert {path.name for path in folder.path.iterdir()} == {"sweep.yaml", "plan.json", "status.json", "claims", "runs"}


def test_an_interrupt_brings_the_checkpoints_home_and_the_next_sweep_sends_them_out_again(
    cluster, plan, reference, tmp_path
):
    sent = []

    def interrupt(trial, epoch):
        if epoch >= 2 and not sent:
            sent.append(trial.digest)
            os.kill(os.getpid(), signal.SIGINT)

    folder = prepare_sweep_folder(tmp_path / "sweep", plan, "")
    with pytest.raises(InterruptedRun, match="^stopped by SIGINT; go on with the same command$"):
        sweep_on_ray(plan, folder, Witness(interrupt), may_share=False)
    begun = {run.name: json.loads((run / "status.json").read_text()) for run in folder.runs.iterdir()}
    stopped = {name for name, status in begun.items() if status["status"] == "interrupted"}
    assert stopped and all((folder.runs / name / "checkpoints" / "last.pt").exists() for name in begun)
    for name in stopped:
        assert begun[name]["reason"] == f"stopped by SIGTERM; go on with: aecli resume {folder.runs / name}"
    shared = set()
    witness = Witness(
        lambda trial, epoch: shared.update(place.is_shared for place in witness.engine.places if place.trial)
    )
    progress = sweep_on_ray(plan, folder, witness, may_share=False)
    assert progress.failed == [] and shared == {False}
    assert set(begun) <= {run.name for run in folder.runs.iterdir()}, "resumed, not begun anew"
    assert contents(folder) == reference


@pytest.mark.parametrize("may_share", [True, False], ids=["shared folder", "no shared folder"])
def test_a_search_runs_on_the_cluster_and_its_pruner_reaches_the_nodes(may_share, cluster, tmp_path):
    pytest.importorskip("optuna")
    from aecli.sweep.engines.ray_engine import RayEngine

    base = {
        "data": {"train_size": 300, "validation": 100},
        "architecture": {"widths": ["auto", 16, 8]},
        "optimization": {"optimizer": {"name": "adam"}},
        "training": {"epochs": 8, "batch_size": 32, "device": "cpu"},
        "evaluation": {"suites": []},
    }
    space = {"optimization.optimizer.lr": {"log_uniform": [1e-7, 1e-1]}}
    search = {"trials": TRIALS, "sampler": "random", "pruner": "median", "space": space}
    (tmp_path / "base.yaml").write_text(yaml.safe_dump(base))
    (tmp_path / "find.yaml").write_text(yaml.safe_dump({"base": "base.yaml", "search": search}))
    asked, document, path = load_sweep(str(tmp_path / "find.yaml"))
    folder = prepare_sweep_folder(tmp_path / "found", plan := plan_search(asked, document, path), "")
    source = SearchSource(asked, document, path, folder, plan)
    progress = run_trials(source, folder, RayEngine(2, 1, folder.runs, may_share=may_share), Witness())
    found = conclude_search("find", source)

    assert progress.is_over and not progress.failed
    assert found.counts == {
        "tried": TRIALS,
        "completed": TRIALS - found.counts["pruned"],
        "pruned": found.counts["pruned"],
    }
    assert 0 < found.counts["pruned"] <= TRIALS - 5, "five come to their end before anything is pruned"
    assert found.best[0].fresh == folder.path / "winner.yaml" and found.best[0].fresh.is_file()
    told = {
        run: row["kind"]
        for row in json.loads((folder.path / "search.json").read_text())["trials"]
        for run in row["runs"]
    }
    assert told.keys() == {run.name for run in folder.runs.iterdir()} and len(told) == TRIALS
    for run, kind in told.items():
        epochs = len((folder.runs / run / "metrics.jsonl").read_text().splitlines()) - 1
        assert (epochs == 8) == (kind == "completed"), "what was pruned was stopped on its node"


def test_another_version_of_aecli_on_a_node_is_refused(cluster, plan, tmp_path, monkeypatch):
    from aecli.sweep.engines import ray_engine

    monkeypatch.setattr(ray_engine, "__version__", "99.0")
    folder = prepare_sweep_folder(tmp_path / "sweep", plan, "")
    with pytest.raises(UsageError) as refused:
        sweep_on_ray(plan, folder, Witness())
    from aecli import __version__

    message = f"a node of the Ray cluster has aecli {__version__}, and here it is 99.0; install the same on both"
    assert str(refused.value) == message


def test_a_trial_that_fits_on_no_node_is_refused(cluster, plan, tmp_path):
    from aecli.sweep.engines.ray_engine import RayEngine

    folder = prepare_sweep_folder(tmp_path / "sweep", plan, "")
    with pytest.raises(UsageError) as refused:
        RayEngine(1, 2, folder.runs, is_gpu=True)
    assert str(refused.value) == (
        "no node of the Ray cluster has 2 CPUs and a GPU for a trial; `ray status` shows its nodes, and --jobs NxT "
        "asks for T CPUs"
    )


def test_a_cluster_that_is_there_is_found(cluster):
    check_address(cluster.address)
