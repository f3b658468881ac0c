"""The benchmark of growth measures a real store, and its drawing shows what was measured."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from eval.benchmarks.growth import main
from eval.benchmarks.growth_drawing import Line, drawing, lines

pytestmark = pytest.mark.slow


def test_a_store_is_grown_asked_and_changed(tmp_path: Path) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    words = [f"chữ{number}" for number in range(300)]
    for number in range(3):
        (texts / f"{number}.txt").write_text("Bài\n\n" + " ".join(words[number:]), encoding="utf-8")
    np.save(tmp_path / "v.npy", np.random.default_rng(0).standard_normal((50, 16)).astype(np.float16))
    out = tmp_path / "growth.json"
    arguments = ["--sizes", "40", "120", "--questions", "3", "--out", str(out)]
    assert main([str(texts), str(tmp_path / "v.npy"), *arguments]) == 0
    first, second = json.loads(out.read_text(encoding="utf-8"))["sizes"]
    assert (first["passages"], second["passages"]) == (40, 120)
    assert first["recall"] == second["recall"] == 1.0  # so few are all compared
    assert first["resident_bytes"] > 0 and 0 < first["disk_bytes"] < second["disk_bytes"]
    assert [line.points[1][0] for line in lines([first, second])] == [120] * 5
    assert 0 < first["own_bytes"] <= first["resident_bytes"]


def test_each_thing_that_grows_has_its_line() -> None:
    drawn = drawing(
        [
            Line("search, of 60 ms", 60, ((1000, 15.0), (100_000, 30.0))),
            Line("memory, of 3 GB", 3, ((1000, 0.3), (100_000, 1.5))),
        ]
    )
    for text in ("search, of 60 ms", "memory, of 3 GB", "How a store grows", "passages", "50%"):
        assert f">{text}<" in drawn
