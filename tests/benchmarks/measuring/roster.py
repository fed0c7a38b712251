"""Who takes part: one row of the table each, and the libraries whose matrix products set the machine's limit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PEERS = Path(__file__).parents[1] / "peers"
PLAIN = {"CUDA_VISIBLE_DEVICES": "", "JAX_PLATFORMS": "cpu", "TF_CPP_MIN_LOG_LEVEL": "2", "PYTHONWARNINGS": "ignore"}
"""The processor only, and quiet; nothing here changes how fast anyone computes."""


@dataclass(frozen=True)
class Peer:
    """How a process that takes turns is started."""

    name: str
    script: str
    """A file in peers/."""
    arguments: tuple[str, ...] = ()
    """After the folder of the data."""
    variables: dict[str, str] = field(default_factory=dict)
    ours: bool = False
    """Runs in aecli's environment."""

    def command(self, python: str, folder: Path) -> list[str]:
        """What is started."""
        return [python, str(PEERS / self.script), str(folder), *self.arguments]


def keras_on(backend: str, label: str) -> Peer:
    """Keras with one of its back ends."""
    return Peer(f"Keras on {label}", "keras_fit.py", variables={"KERAS_BACKEND": backend})


def trainers(configs: Sequence[str], images: int) -> Iterator[Peer]:
    """Everyone who trains: aecli with some configs, then the peers."""
    for config in configs:
        yield Peer(f"aecli {config}", "aecli_fit.py", (config, str(images)), ours=True)
    yield keras_on("tensorflow", "TensorFlow")
    yield keras_on("jax", "JAX")
    yield Peer("PyTorch, tutorial loop", "tutorial.py")
    for workers in ("0", "2"):
        yield Peer(f"PyTorch Lightning, {workers} workers", "lightning_fit.py", (workers,))
    yield Peer("PyTorch, eager and resident", "eager.py")
    yield Peer("JAX, lax.scan", "jax_scan.py")
    yield Peer("scikit-learn MLPRegressor", "sklearn_mlp.py")


def products() -> Iterator[Peer]:
    """Everyone who multiplies matrices for the machine's limit; aecli's own PyTorch may be another build."""
    for name in ("torch", "numpy", "jax"):
        yield Peer(f"{name} GEMM", "gemm.py", (name,))
    yield Peer("torch GEMM, aecli's environment", "gemm.py", ("torch",), ours=True)
