"""The whole suite in parts, as many at once as there are processors, and one sum of all of them."""

from __future__ import annotations

import os
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree

from index.platform import available_cores
from scripts.setup.commands import Command, Commands

MOST_FILES = 22
"""A folder with more files of tests is more than one part; each part imports everything anew, which takes seconds."""


@dataclass(frozen=True, slots=True)
class PartResult:
    """How a part ended: its name, exit code, words and seconds."""

    name: str
    code: int
    said: str
    seconds: float


def parts_of(tests: Path) -> dict[str, list[Path]]:
    """All files of tests by the name of their part; the largest comes first, so that none waits for it."""
    folders: dict[str, list[Path]] = defaultdict(list)
    for path in sorted(tests.rglob("test_*.py")):
        folders[path.relative_to(tests).parts[0] if path.parent != tests else "."].append(path)
    parts: dict[str, list[Path]] = {}
    for name, files in folders.items():
        for number, some in enumerate(batched(files), start=1):
            parts[f"{name} {number}" if len(files) > MOST_FILES else name] = some
    return dict(sorted(parts.items(), key=lambda part: -sum(path.stat().st_size for path in part[1])))


def batched(files: Sequence[Path]) -> Iterator[list[Path]]:
    """The files in lists of at most ``MOST_FILES``."""
    for start in range(0, len(files), MOST_FILES):
        yield list(files[start : start + MOST_FILES])


def run_tests(commands: Commands, python: Path, root: Path, checks: Mapping[str, Sequence[str]] = {}) -> int:
    """Run all tests below ``root / "tests"``, and the ``checks`` beside them as modules of Python.

    What each part says is told when it has ended, the sum at last; 0 only where every part passed.
    """
    with TemporaryDirectory(prefix="hoidap-tests-") as folder:
        reports: dict[str, Path] = {}
        jobs: dict[str, Command] = {name: [python, "-m", *words] for name, words in checks.items()}
        for number, (name, files) in enumerate(parts_of(root / "tests").items()):
            reports[name] = Path(folder) / f"{number}.xml"
            options = ["-q", "-p", "no:cacheprovider", f"--junitxml={reports[name]}"]
            jobs[name] = [python, "-m", "pytest", *options, *files]
        ended = list(_run(commands, jobs))
        counts = sum((_counts(report) for report in reports.values()), Counter[str]())
    return _print_totals(counts, {part.name: part.code for part in ended if part.code})


def _run(commands: Commands, jobs: Mapping[str, Command]) -> Iterator[PartResult]:
    """Run the jobs in their order, as many at once as there are processors; they come as they end, and are printed."""

    def run(name: str) -> PartResult:
        began = time.monotonic()
        code, output = commands.attempt(jobs[name])
        return PartResult(name, code, output, time.monotonic() - began)

    with ThreadPoolExecutor(max_workers=max(2, available_cores())) as pool, commands:
        for done in as_completed([pool.submit(run, name) for name in jobs]):
            ran = done.result()
            os.write(1, f"\n{ran.said}{ran.name}: {ran.seconds:.0f} s\n".encode())
            yield ran


def _print_totals(counts: Counter[str], ill: Mapping[str, int]) -> int:
    """Say the sum of all parts, and which ones did not end well."""
    totals = f"{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped"
    summary = "; ".join([totals, *(f"{name}: ended with {code}" for name, code in sorted(ill.items()))])
    os.write(1, f"\n{summary}\n".encode())
    return 1 if ill or counts["failed"] else 0


def _counts(report: Path) -> Counter[str]:
    """What a part's JUnit file counts; nothing where the part died before it wrote one."""
    if not report.is_file():
        return Counter()
    counts: Counter[str] = Counter()
    for suite in ElementTree.parse(report).getroot().iter("testsuite"):
        number = {key: int(suite.get(key, "0")) for key in ("tests", "failures", "errors", "skipped")}
        failed = number["failures"] + number["errors"]
        counts.update(
            failed=failed, skipped=number["skipped"], passed=number["tests"] - failed - number["skipped"]
        )
    return counts
