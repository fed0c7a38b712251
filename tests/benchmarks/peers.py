"""aecli beside its peers, each in a process of its own, one epoch each in turn:

python tests/benchmarks/peers.py [--peers-python PATH] [--configs keras.yaml mse.yaml] [--rounds 7] [--out DIR]
python tests/benchmarks/peers.py --quality [CONFIG] [--rounds 5]

Everyone trains the article's model (Dense 128-64-32-64-128-784, ReLU, sigmoid, Glorot, Adam 1e-3, batch 256, MSE,
shuffled) on the 60,000 images of MNIST. Prints a table and writes it as peers.md, peers.json and peers.png. `--quality`
trains Keras on JAX for 50 epochs and aecli with one config, in turn, and writes quality.md and quality.json.

The peers live in an environment of their own: tests/benchmarks/peers-requirements.txt. One that is missing or fails is
a row that says so.
"""

import argparse
import signal
import sys
import tempfile
from pathlib import Path

from measuring import epochs, quality
from measuring.data import export
from measuring.results import IMAGES

ROOT = Path(__file__).resolve().parents[2]


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--peers-python", default=str(ROOT / ".peers" / "bin" / "python"), help="interpreter of the peers"
    )
    parser.add_argument(
        "--configs", nargs="+", default=["keras.yaml", "mse.yaml", "fast.yaml"], help="aecli's own rows"
    )
    parser.add_argument("--rounds", type=int, help="7, or with --quality 5")
    parser.add_argument("--out", type=Path, default=Path("build/benchmarks"), help="where the files go")
    parser.add_argument("--quality", nargs="?", const="fast.yaml", metavar="CONFIG", help="time to quality instead")
    parser.add_argument("--epochs", type=int, default=50, help="of Keras, with --quality")
    parser.add_argument("--images", type=int, default=IMAGES, help="train on fewer, to try this program out")
    options = parser.parse_args()
    if options.rounds is not None and options.rounds < 1:
        parser.error("--rounds must be at least 1")
    if not 256 <= options.images <= IMAGES:
        parser.error(f"--images must be 256 to {IMAGES}")
    return options


def main() -> int:
    """Measure, print, write; 1 if nothing could be measured."""
    options = parse()
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="aecli-peers-") as name:
        folder = Path(name)
        export(folder, options.images)
        if options.quality:
            text, measured = quality.run(options, folder, tell)
        else:
            text, measured = epochs.run(options, folder, tell)
    print(text)
    return 0 if measured else 1


def tell(line: str) -> None:
    """Progress, on stderr."""
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
