"""Folders of images: order, classes, colour, sizes, and refusals by name."""

import numpy as np
import pytest
from PIL import Image

from aecli.components.data.image_folder import images

RNG = np.random.default_rng(5)


def save(path, pixels):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path)


def grey(height=4, width=3):
    return RNG.integers(0, 256, (height, width), dtype=np.uint8)


def colour(height=4, width=3):
    return RNG.integers(0, 256, (height, width, 3), dtype=np.uint8)


def test_a_flat_folder_is_read_in_the_order_of_the_names(tmp_path):
    pixels = {f"{name}.png": grey() for name in "cabed"}
    for name, array in pixels.items():
        save(tmp_path / name, array)
    data = images(folder=str(tmp_path))
    assert (len(data.train_NP), len(data.test_NP)) == (4, 1) and data.image_shape == (1, 4, 3)
    held_out = int(np.random.default_rng(0).permutation(5)[0])
    expected = [pixels[name].ravel().tolist() for name in sorted(pixels)]
    assert data.test_NP[0].tolist() == expected.pop(held_out) and data.train_NP.tolist() == expected
    assert data.train_labels_N is None and data.scaling == {"kind": "bytes", "divide_by": 255}


def test_train_and_test_folders_with_classes_give_labels(tmp_path):
    for name in ("train/dog/1.png", "train/ant/1.png", "train/ant/deep/2.png", "test/dog/1.png", "test/cat/1.png"):
        save(tmp_path / name, grey())
    (tmp_path / "train" / "aaa").mkdir()
    data = images(folder=str(tmp_path))
    assert data.train_labels_N.tolist() == [0, 0, 2] and data.test_labels_N.tolist() == [1, 2]


def test_colour_images_are_channels_first(tmp_path):
    array = colour()
    for name in ("train/1.png", "train/2.png", "test/1.png"):
        save(tmp_path / name, array)
    data = images(folder=str(tmp_path), grey=False)
    assert data.image_shape == (3, 4, 3)
    assert np.array_equal(data.test_NP[0].reshape(3, 4, 3), array.transpose(2, 0, 1))


def test_colour_turns_grey_by_luminance(tmp_path):
    array = colour()
    for number in range(3):
        save(tmp_path / f"{number}.png", array)
    data = images(folder=str(tmp_path))
    assert data.train_NP[0] == pytest.approx((array @ [0.299, 0.587, 0.114]).ravel(), abs=0.51)


def test_every_format_is_read_and_other_and_hidden_files_are_skipped(tmp_path):
    array = np.full((4, 3), 200, np.uint8)
    for suffix in ("png", "jpg", "JPEG", "bmp", "gif", "tif", "webp"):
        save(tmp_path / f"a.{suffix}", array)
    (tmp_path / "notes.txt").write_text("no image")
    (tmp_path / ".hidden.png").write_text("no image")
    save(tmp_path / ".cache" / "a.png", grey(9, 9))
    (tmp_path / "folder.png").mkdir()
    data = images(folder=str(tmp_path))
    assert len(data.train_NP) + len(data.test_NP) == 7
    assert data.train_NP == pytest.approx(200, abs=3)


def test_height_and_width_resize_all_images(tmp_path):
    for number, size in enumerate([(4, 3), (8, 6), (5, 5)]):
        save(tmp_path / f"{number}.png", np.full(size, 77, np.uint8))
    data = images(folder=str(tmp_path), height=6, width=5)
    assert data.image_shape == (1, 6, 5) and (data.train_NP == 77).all() and data.size == 30


def test_resizing_is_bilinear(tmp_path):
    array = grey(8, 8)
    for number in range(3):
        save(tmp_path / f"{number}.png", array)
    data = images(folder=str(tmp_path), height=3, width=4)
    expected = np.asarray(Image.fromarray(array).resize((4, 3), Image.Resampling.BILINEAR))
    assert np.array_equal(data.train_NP[0].reshape(3, 4), expected)


def test_images_of_several_sizes_are_refused(tmp_path, refusal):
    save(tmp_path / "a.png", grey(4, 3))
    save(tmp_path / "b.png", grey(5, 3))
    assert refusal("images", folder=tmp_path) == (
        f"{tmp_path}: holds images of 2 sizes (height x width): 4 x 3 (1 image, such as a.png), "
        "5 x 3 (1 image, such as b.png); to resize all: --set data.dataset.height=4 --set data.dataset.width=3"
    )
    assert refusal("images", folder=tmp_path, height=4) == (
        f"{tmp_path}: height and width belong together; give both or none"
    )


def test_an_image_that_cannot_be_read_is_refused_by_name(tmp_path, refusal):
    save(tmp_path / "a.png", grey(40, 40))
    whole = (tmp_path / "a.png").read_bytes()
    broken = tmp_path / "b.png"
    for content in (b"", b"no image", whole[: len(whole) // 2], whole[:50] + b"\0" * 200 + whole[250:]):
        broken.write_bytes(content)
        message = refusal("images", folder=tmp_path)
        assert message.startswith(f"{broken}: cannot be read as an image: ")
        assert message.endswith("; replace or remove it")


def test_sixteen_bits_are_refused_instead_of_cut_off(tmp_path, refusal):
    save(tmp_path / "a.png", np.full((4, 3), 40000, np.uint16))
    message = refusal("images", folder=tmp_path)
    assert message.startswith(f"{tmp_path}/a.png: has more than 8 bits per channel (mode ")
    assert message.endswith("; convert it to 8 bits")


def test_folders_that_hold_no_clear_data_set_are_refused(tmp_path, refusal):
    assert refusal("images", folder=tmp_path) == (
        f"{tmp_path}: holds no images; looked for .avif, .bmp, .dib, .gif, .jfif, .jp2, .jpe, .jpeg, .jpg, .pbm, "
        ".pgm, .png, .pnm, .ppm, .tga, .tif, .tiff, .webp"
    )
    save(tmp_path / "test" / "a.png", grey())
    assert refusal("images", folder=tmp_path) == (
        f"{tmp_path}: has a folder test but no folder train; add it, or rename test"
    )
    save(tmp_path / "train" / "a.png", grey())
    assert refusal("images", folder=tmp_path) == f"{tmp_path}/train: has 1 rows; at least 2 are needed"
    save(tmp_path / "train" / "cat" / "b.png", grey())
    assert refusal("images", folder=tmp_path) == (
        f"{tmp_path}/train: some images are in class folders and some are not, such as a.png; move them"
    )
    assert refusal("images", folder=tmp_path / "missing") == (
        f"{tmp_path}/missing: no such folder; relative paths start in the folder the command runs in"
    )
