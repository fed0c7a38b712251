"""Data sets: from a name in the YAML to arrays with a training and a test part.

What each registered function returns is a `Dataset`, checked by `load_dataset`. Nothing here knows of seeds, batches or
torch; the validation images are split off later, by the seed.
"""

from aecli.components.data import mnist, zoo, idx_folder, arrays, tables, image_folder  # noqa: F401, I001  in order
from aecli.components.data import guess
from aecli.components.data.dataset import DATASETS, Dataset, load_dataset

__all__ = ["DATASETS", "Dataset", "guess", "load_dataset"]
