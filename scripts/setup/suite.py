"""The tests in two processes side by side: those in a browser wait for pages while the others compute."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree

PARTS = {"without a browser": "not browser", "in a browser": "browser"}
"""What the part is called, and the marker expression that chooses its tests; together they are all tests."""


def run_tests(python: Path, root: Path, parts: Mapping[str, str] = PARTS) -> int:
    """Run all tests below ``root`` and say one sum at the end; 0 only where every part ran to its end and passed.

    The first part speaks at once, the others when it is done.
    """
    with tempfile.TemporaryDirectory(prefix="hoidap-tests-") as folder:
        reports = {name: Path(folder) / f"{number}.xml" for number, name in enumerate(parts)}
        logs = [report.with_suffix(".log").open("w+b") for report in reports.values()]
        running = [
            subprocess.Popen(
                [python, "-m", "pytest", "-m", parts[name], f"--junitxml={report}"],
                cwd=root,
                stdout=None if number == 0 else log,
                stderr=subprocess.STDOUT,
            )
            for number, ((name, report), log) in enumerate(zip(reports.items(), logs, strict=True))
        ]
        try:
            codes = []
            for process, log in zip(running, logs, strict=True):
                codes.append(process.wait())
                log.seek(0)
                os.write(1, log.read())
                log.close()
        finally:
            for process in running:
                process.terminate()
        return _tell(dict(zip(parts, codes, strict=True)), reports)


def _tell(codes: Mapping[str, int], reports: Mapping[str, Path]) -> int:
    """Say the sum of all parts, and which one did not end well."""
    total: Counter[str] = Counter()
    for report in reports.values():
        total += _counts(report)
    said = f"{total['passed']} passed, {total['failed']} failed, {total['skipped']} skipped"
    ill = [f"{name}: pytest ended with {code}" for name, code in codes.items() if code]
    os.write(1, f"\n{'; '.join([said, *ill])}\n".encode())
    return 1 if ill or total["failed"] else 0


def _counts(report: Path) -> Counter[str]:
    """What a part's JUnit file counts; nothing where the part died before it wrote one."""
    if not report.is_file():
        return Counter()
    suites = ElementTree.parse(report).getroot().iter("testsuite")
    counts: Counter[str] = Counter()
    for suite in suites:
        number = {key: int(suite.get(key, "0")) for key in ("tests", "failures", "errors", "skipped")}
        failed = number["failures"] + number["errors"]
        counts.update(
            failed=failed, skipped=number["skipped"], passed=number["tests"] - failed - number["skipped"]
        )
    return counts
