"""The two parts of the suite give one sum, which cannot say that all is well where a part is not."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from scripts.setup.suite import PARTS, run_tests

MARKED = "import pytest\n\n@pytest.mark.browser\ndef test_page() -> None:\n    {page}\n\n"
MARKED += "def test_plain() -> None:\n    {plain}\n\n\n@pytest.mark.skip\ndef test_left() -> None: ...\n"


@pytest.mark.parametrize(
    ("page", "plain", "code", "said"),
    [
        ("pass", "pass", 0, "2 passed, 0 failed, 1 skipped"),
        ("assert 1 == 2", "pass", 1, "1 passed, 1 failed, 1 skipped; in a browser: pytest ended with 1"),
        ("pass", "assert 1 == 2", 1, "1 passed, 1 failed, 1 skipped; without a browser: pytest ended with 1"),
        (
            "import os; os._exit(3)",
            "pass",
            1,
            "1 passed, 0 failed, 1 skipped; in a browser: pytest ended with 3",
        ),
    ],
    ids=["well", "page", "plain", "died"],
)
def test_a_part_that_fails_or_dies_fails_the_whole(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], page: str, plain: str, code: int, said: str
) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = browser\n", encoding="utf-8")
    (tmp_path / "test_some.py").write_text(MARKED.format(page=page, plain=plain), encoding="utf-8")
    assert run_tests(Path(sys.executable), tmp_path) == code
    assert capfd.readouterr().out.splitlines()[-1] == said


def test_every_test_belongs_to_one_part() -> None:
    assert set(PARTS.values()) == {"browser", "not browser"}
