"""The speed of reading, compared with other revisions of the project."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.benchmarks.formats.speed import measure


@pytest.mark.parametrize(
    "place", ["index/ingest/read_files.py", "index/ingest/files.py", "index/articles.py"]
)
def test_the_code_of_any_revision_is_found(tmp_path: Path, place: str) -> None:
    module = tmp_path / "tree" / place
    module.parent.mkdir(parents=True)
    for package in ("index", "index/ingest"):
        if (tmp_path / "tree" / package).is_dir():
            (tmp_path / "tree" / package / "__init__.py").touch()
    module.write_text(
        "from types import SimpleNamespace\n\n\n"
        "def read_folder(folder):\n    return [SimpleNamespace(text=folder.name), SimpleNamespace()]\n",
        encoding="utf-8",
    )
    timing = measure(tmp_path / "news", tmp_path / "tree")
    assert (timing.articles, timing.letters) == (1, 4)
