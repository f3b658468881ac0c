"""What a sync did, in words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime

from index.ingest.list_folder import Unreadable
from index.schema import Filters
from index.sync.sync import SyncReport

_NAMES_LISTED = 3
_ROWS_LISTED = 3


def sync_summary(report: SyncReport) -> str:
    """Tell what a sync did and what the store holds."""
    counts = (
        (report.added, "new"), (report.changed, "changed"), (report.moved, "moved"),
        (report.removed, "removed"), (report.unchanged, "unchanged"),
    )  # fmt: skip
    files = ", ".join(f"{count:,} {word}" for count, word in counts if count)
    return f"files: {files or 'none'}; {_held(report)}"


def change_summary(report: SyncReport, when: datetime) -> str:
    """Tell in one line which files a sync found changed."""
    files = report.files
    parts = [
        _names("added", files.added),
        _names("changed", files.changed),
        _names("moved", [f"{old} → {new}" for old, new in files.moved]),
        _names("removed", files.removed),
    ]
    return f"{when:%H:%M:%S}  {'; '.join(filter(None, parts))}; {_held(report)}"


def encoding_speed(passages: int, seconds: float) -> str:
    """Tell how many passages were encoded, and how many a second."""
    return f"{passages:,} passages, {passages / max(seconds, 0.001):.1f}/s"


def nothing_found(articles: int, filters: Filters) -> str:
    """Tell why no passage was found in a store of so many articles."""
    if not articles:
        return "the store holds no article; read some with: hoidap sync FOLDER"
    return "no passage was found" if filters == Filters() else "no passage was found within these filters"


def problem_lines(problems: Sequence[Unreadable]) -> Iterator[str]:
    """A line for each problem; rows of one file with the same one share a line, as ``--report`` has them all.

    A file of which only some pages could not be read is not told as one that was not read.
    """
    for problem in problems:
        if problem.in_part:
            yield f"read in part: {problem.source}: {problem.reason} (the rest is stored)"
    yield from (
        f"not read: {line}" for line in _unread([unread for unread in problems if not unread.in_part])
    )


def _unread(problems: Sequence[Unreadable]) -> Iterator[str]:
    rows: dict[tuple[str, str], list[Unreadable]] = defaultdict(list)
    for problem in problems:
        file, _, row = problem.source.rpartition("#")
        rows[file if row.isdigit() else problem.source, problem.reason].append(problem)
    for (file, reason), some in rows.items():
        if len(some) > _ROWS_LISTED:
            yield f"{file}: {len(some):,} rows, the first is {some[0].source}: {reason}"
        else:
            yield from (f"{problem.source}: {problem.reason}" for problem in some)


def passed_over_summary(report: SyncReport) -> str:
    """Count once what is no document, by its kind, and what a person took out; ``""`` where that is nothing."""
    kinds = Counter(item.kind for item in report.passed_over)
    names = {"link": "links that lead out of the folder or in a loop", "frame": "folders of saved pages"}
    counted = ", ".join(f"{count:,} {names.get(kind, kind)}" for kind, count in kinds.most_common())
    parts = [f"passed over: {counted}" if counted else ""]
    parts.append(f"{report.left_out:,} articles stay out, as you took them out" if report.left_out else "")
    return "; ".join(filter(None, parts))


def _names(done: str, names: Sequence[str]) -> str:
    if not names:
        return ""
    more = len(names) - _NAMES_LISTED
    listed = ", ".join(names[:_NAMES_LISTED]) + (f" and {more:,} more" if more > 0 else "")
    return f"{done} {listed}"


def _held(report: SyncReport) -> str:
    return (
        f"the store holds {report.articles:,} articles, {report.chunks:,} passages ({report.seconds:.1f} s)"
    )
