"""The files and modules that the documents name are there, so that a renamed one is renamed in them too."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
WORKFLOW = ".github/workflows/tests.yml"
DOCUMENTS = (
    "README.md", "README.vi.md", "CONTRIBUTING.md", "models.md", "eval/README.md",
    "docs/architecture.md", "docs/operation.md", "docs/programs.md", "docs/proxy.md", "docs/scale.md",
)  # fmt: skip
"""``docs/notes.md``, ``docs/before-after.md`` and the changelog also name what is gone."""
_FOLDERS = "deploy|docs|eval|index|rag|scripts|tests|ui"
_FILE = re.compile(rf"(?<![\w/.-])(?:{_FOLDERS})/[\w./*-]*[\w*]")
_MODULE = re.compile(rf"python -m ((?:{_FOLDERS})(?:\.\w+)*)")
_HASHED = re.compile(r"hashFiles\('([^']+)'\)")


def missing(named: list[str]) -> list[str]:
    """Those of the named files and folders that are not there; a name may have a ``*`` in it."""
    return [name for name in named if not any(ROOT.glob(name))]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_files_that_a_document_names_are_there(document: str) -> None:
    named = _FILE.findall((ROOT / document).read_text(encoding="utf-8"))
    assert missing(named) == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_modules_that_a_document_runs_are_there(document: str) -> None:
    modules = _MODULE.findall((ROOT / document).read_text(encoding="utf-8"))
    places = [module.replace(".", "/") for module in modules]
    assert [place for place in places if not (ROOT / f"{place}.py").exists() and missing([place])] == []


def test_the_models_are_kept_for_the_catalogue_that_names_them() -> None:
    """A hash of a file that is not there is empty, and old models would be kept for ever."""
    assert _HASHED.findall((ROOT / WORKFLOW).read_text(encoding="utf-8")) == ["index/models/catalogue.toml"]
    assert missing(["index/models/catalogue.toml"]) == []
