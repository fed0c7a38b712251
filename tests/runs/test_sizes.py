"""Room on the disk."""

import os

from aecli.runs.sizes import bytes_in


def test_a_file_with_two_names_counts_once_and_links_are_not_followed(tmp_path):
    folder = tmp_path / "run"
    (folder / "checkpoints").mkdir(parents=True)
    (folder / "checkpoints/last.pt").write_bytes(b"x" * 1000)
    os.link(folder / "checkpoints/last.pt", folder / "checkpoints/best.pt")
    (folder / "log.txt").write_bytes(b"x" * 10)
    assert bytes_in(folder) == 1010
    (tmp_path / "big").write_bytes(b"x" * 100_000)
    (folder / "link").symlink_to(tmp_path / "big")
    (folder / "up").symlink_to(tmp_path, target_is_directory=True)
    assert bytes_in(folder) < 2000 and bytes_in(tmp_path / "nothing") == 0
