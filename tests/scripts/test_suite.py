"""The parts of the suite give one sum, which cannot say that all is well where a part is not."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from scripts.setup.commands import Commands
from scripts.setup.suite import MOST_FILES, parts_of, run_tests

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
PLAIN = "import pytest\n\ndef test_plain() -> None:\n    {plain}\n\n@pytest.mark.skip\ndef test_left() -> None: ...\n"


@pytest.mark.parametrize(
    ("page", "plain", "check", "code", "said"),
    [
        ("pass", "pass", "pass", 0, "2 passed, 0 failed, 1 skipped"),
        (
            "assert 1 == 2",
            "import os; os._exit(3)",
            "raise SystemExit(2)",
            1,
            "0 passed, 1 failed, 0 skipped; rag: ended with 3; types: ended with 2; ui: ended with 1",
        ),
    ],
    ids=["well", "ill"],
)
def test_a_part_that_fails_or_dies_fails_the_whole(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], page: str, plain: str, check: str, code: int, said: str
) -> None:
    for folder, text in (("ui/window/screens", "def test_page() -> None:\n    {page}\n"), ("rag", PLAIN)):
        (tmp_path / "tests" / folder).mkdir(parents=True)
        path = tmp_path / "tests" / folder / "test_some.py"
        path.write_text(text.format(page=page, plain=plain), encoding="utf-8")
    (tmp_path / "checked.py").write_text(check, encoding="utf-8")
    commands = Commands(tmp_path, tmp_path / "log")
    assert run_tests(commands, Path(sys.executable), tmp_path, {"types": ["checked"]}) == code
    lines = capfd.readouterr().out.splitlines()
    assert lines[-1] == said
    assert {line.split(":")[0] for line in lines if line.endswith(" s")} == {"types", "rag", "ui"}


def test_every_file_of_tests_is_in_one_part() -> None:
    parts = parts_of(ROOT / "tests")
    files = [path for part in parts.values() for path in part]
    assert sorted(files) == sorted((ROOT / "tests").rglob("test_*.py"))
    assert max(map(len, parts.values())) <= MOST_FILES
    assert {"ui 1", "ui 2", "index 1", "rag 1", "scripts", "."} <= parts.keys()
