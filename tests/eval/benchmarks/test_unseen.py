"""Development questions are put through the whole assistant, each after those of its conversation."""

from __future__ import annotations

import json
from pathlib import Path

from training_maker import make_training_folder

from eval.benchmarks import unseen
from rag.training.data import read_training_data


def test_articles_and_questions_are_those_of_the_development_split(tmp_path: Path) -> None:
    folder = make_training_folder(tmp_path / "data")
    assert unseen.main([str(folder), "--articles", str(tmp_path / "articles.jsonl")]) == 0
    (row,) = map(json.loads, (tmp_path / "articles.jsonl").read_text(encoding="utf-8").splitlines())
    assert (row["id"], row["title"], row["text"]) == ("p4", "Hội xuân", "Hội mở ngày mùng 9.")
    data = read_training_data([folder])
    assert [one.text for one in unseen.sample(data, ("fact", "number"), 5, 1)] == ["Hội mở ngày nào?"]
    assert unseen.sample(data, ("number",), 5, 1) == []
