"""The 4-bit file is read back to the very values that were written into it."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index.encoding.checkpoint import map_checkpoint, read_folder
from index.errors import ModelError
from index.models.conversion import Shape, read_tensors, write_encoder_folder

SHAPE = Shape(hidden=32, layers=1, heads=4, inner=64, vocabulary=7, positions=9, types=2, epsilon=1e-12)


def four_bit(values: NDArray[np.int8], scale: float) -> bytes:
    """Blocks of 32 whole numbers from −8 to 7, all with one scale."""
    blocks = (values.reshape(-1, 32) + 8).astype(np.uint8)
    packed = blocks[:, :16] | blocks[:, 16:] << 4
    return b"".join(struct.pack("<e", scale) + row.tobytes() for row in packed)


def write_file(path: Path, numbers: dict[str, NDArray[np.int8]], scale: float = 0.5) -> None:
    """A whole file: weights of two axes in 4 bits, the others as floats."""
    head = struct.pack("<4sI7ifi", b"E5S1", 1, 32, 1, 4, 64, 7, 9, 2, 1e-12, 32)
    blob = b"abc"
    head += struct.pack("<5iQ", 2, 0, 2, 1, 3, len(blob)) + bytes(3 * 4 + 2 * 4) + blob
    head += struct.pack("<iI", 5, 4) + bytes(4)
    bodies = {
        name: (1, four_bit(values, scale)) if values.ndim == 2 else (0, values.astype("<f4").tobytes())
        for name, values in numbers.items()
    }
    start = len(head) + 4 + sum(2 + len(name) + 21 for name in bodies)
    directory = struct.pack("<i", len(bodies))
    for name, (kind, body) in bodies.items():
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", kind, numbers[name].size, start, len(body))
        start += len(body)
    path.write_bytes(head + directory + b"".join(body for _, body in bodies.values()))


@pytest.fixture
def numbers() -> dict[str, NDArray[np.int8]]:
    random = np.random.default_rng(0)
    return {name: random.integers(-8, 8, SHAPE.of(name), np.int8) for name in SHAPE.names()}


def test_nibbles_become_their_values() -> None:
    # The low nibbles of a block are its first 16 values: 0 → (0 − 8) · 0.5 = −4, 15 → 3.5.
    values = np.array([-8] * 16 + [7] * 16, np.int8)
    assert four_bit(values, 0.5) == struct.pack("<e", 0.5) + b"\xf0" * 16


def test_every_tensor_comes_back(tmp_path: Path, numbers: dict[str, NDArray[np.int8]]) -> None:
    write_file(tmp_path / "e5.bin", numbers)

    shape, tensors = read_tensors(tmp_path / "e5.bin")

    assert shape == Shape(32, 1, 4, 64, 7, 9, 2, pytest.approx(1e-12))
    np.testing.assert_array_equal(
        tensors["encoder.layer.0.intermediate.dense.weight"], numbers["l0.fi.w"] * np.float32(0.5)
    )
    assert tensors["encoder.layer.0.output.dense.weight"].shape == (32, 64)
    np.testing.assert_array_equal(tensors["embeddings.LayerNorm.bias"], numbers["emb.ln.b"])


def test_the_folder_holds_the_same_values(tmp_path: Path, numbers: dict[str, NDArray[np.int8]]) -> None:
    write_file(tmp_path / "e5.bin", numbers)
    (tmp_path / "tokenizer.json").write_text("{}")

    write_encoder_folder(tmp_path / "e5.bin", tmp_path / "tokenizer.json", tmp_path / "folder")

    folder = read_folder(tmp_path / "folder")
    assert (folder.hidden, folder.heads, folder.layers, folder.max_tokens) == (32, 4, 1, 9)
    assert (folder.query_prompt, folder.passage_prompt, folder.pooling) == ("query: ", "passage: ", "mean")
    np.testing.assert_array_equal(
        map_checkpoint(folder.weights)["embeddings.word_embeddings.weight"], numbers["emb.word"] * 0.5
    )


@pytest.mark.parametrize("keep", [0, 3, 60, 400, -1])
def test_a_cut_file_is_refused(tmp_path: Path, numbers: dict[str, NDArray[np.int8]], keep: int) -> None:
    path = tmp_path / "e5.bin"
    write_file(path, numbers)
    path.write_bytes(path.read_bytes()[:keep])

    with pytest.raises(ModelError, match=r"e5\.bin is damaged; run 'hoidap models fetch' again"):
        read_tensors(path)


def test_a_tensor_of_another_size_is_refused(tmp_path: Path, numbers: dict[str, NDArray[np.int8]]) -> None:
    numbers["l0.q.b"] = np.zeros(31, np.int8)
    write_file(tmp_path / "e5.bin", numbers)

    with pytest.raises(ModelError, match="damaged"):
        read_tensors(tmp_path / "e5.bin")
