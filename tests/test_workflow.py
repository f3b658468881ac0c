"""The workflow for the three systems names files and commands that are there; it was not run yet, and says so."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / ".github" / "workflows" / "tests.yml").read_text(encoding="utf-8")


def test_it_runs_on_the_three_systems_and_is_marked_as_not_run() -> None:
    assert "not yet run" in TEXT.splitlines()[0]
    for job in yaml.safe_load(TEXT)["jobs"].values():
        assert job["strategy"]["matrix"]["os"] == ["ubuntu-latest", "macos-latest", "windows-latest"]


def test_the_models_are_kept_under_the_hash_of_their_list() -> None:
    """A name that is not there gives no hash, and then old models are taken for ever."""
    (named,) = re.findall(r"hashFiles\('([^']+)'\)", TEXT)
    assert (ROOT / named).is_file()


def test_the_oldest_python_that_is_supported_is_tried() -> None:
    (oldest,) = re.findall(
        r'requires-python = ">=([\d.]+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    )
    assert yaml.safe_load(TEXT)["jobs"]["tests"]["strategy"]["matrix"]["python"][0] == oldest
