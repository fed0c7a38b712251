"""Files as people have them: a folder of mixed pictures, a table, an archive, a folder of bytes."""

import numpy as np
from PIL import Image


def write_own_data(folder):
    """Write pictures/, rows.csv, archive.npz and bytes/ into a folder, 800 rows each."""
    rng = np.random.default_rng(0)
    grey = rng.integers(0, 256, (800, 28, 28), dtype=np.uint8)
    (folder / "pictures").mkdir()
    for number, pixels in enumerate(grey):
        image = Image.fromarray(pixels if number % 3 else np.stack([pixels] * 3, axis=2))
        image.save(folder / "pictures" / f"{number}.{'jpg' if number % 2 else 'png'}")
    rows = rng.normal(size=(800, 6))
    lines = [",".join([*(f"{value:.4f}" for value in row), str(number % 2)]) for number, row in enumerate(rows)]
    (folder / "rows.csv").write_text("\n".join(["a,b,c,d,e,f,kind", *lines]))
    np.savez(folder / "archive.npz", x=grey, y=np.arange(800) % 10)
    (folder / "bytes").mkdir()
    head = bytes([0, 0, 8, 3]) + b"".join(size.to_bytes(4, "big") for size in grey.shape)
    (folder / "bytes" / "train-images-idx3-ubyte").write_bytes(head + grey.tobytes())
