"""Keep the segments few, and let nothing of a removed chunk stay in them.

It runs beside everything else: who searches goes on with the segments of before, who writes is awaited only
for the moment in which the new state is put in the place of the old one.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import groupby

import numpy as np
from filelock import FileLock, Timeout

from index.errors import StoreError
from index.store.local.postings import LIMIT
from index.store.local.segment import Segment
from index.store.local.snapshot import SearchFiles, SearchState

FEW = 8
"""So many neighbours of like size become one; between two such sizes lies this factor too."""
_LOCK = "compact.lock"
_PURPOSE = "compaction"


def choose(sizes: Sequence[int], removed: Sequence[int], limit: int = LIMIT) -> slice | None:
    """Choose the segments to be made one, of given sizes and numbers of removed chunks; ``None`` where all is well.

    Those that hold removed chunks come first, each by itself; then several small neighbours, none of them larger
    than the others together, so that a chunk is copied no more often than its segment doubles.
    """
    for place, count in enumerate(removed):
        if count:
            return slice(place, place + 1)
    tier = FEW
    while tier < limit:
        start = 0
        for small, run in groupby(size < tier for size in sizes):
            end = start + len(list(run))
            chosen = _even(sizes, start, end) if small else slice(0, 0)
            fit = int(np.searchsorted(np.cumsum(sizes[chosen]), limit, side="right"))
            if fit > 1:
                return slice(chosen.start, chosen.start + fit)
            start = end
        tier *= FEW
    return None


def _even(sizes: Sequence[int], start: int, end: int) -> slice:
    """Cut a run at its largest until that is no more than the others together; empty where few are left."""
    while end - start >= FEW:
        largest = max(range(start, end), key=lambda place: sizes[place])
        if 2 * sizes[largest] <= sum(sizes[start:end]):
            return slice(start, end)
        if end - largest > largest - start:
            start = largest + 1
        else:
            end = largest
    return slice(0, 0)


def is_due(state: SearchState | None) -> bool:
    """Tell whether there is something to merge."""
    return state is not None and _chosen(state) is not None


def compact(files: SearchFiles) -> None:
    """Merge until all is well; another process that does it already is left to it.

    Where a disk is full or a file damaged it ends: all stays as it is, and who writes or searches is told.
    """
    lock = FileLock(files.folder / _LOCK)
    with suppress(Timeout, OSError, StoreError), lock.acquire(timeout=0):
        while _compact_once(files):
            pass


def _compact_once(files: SearchFiles) -> bool:
    """Merge the segments whose turn it is; false where all is well."""
    state = files.latest()
    chosen = None if state is None else _chosen(state)
    if state is None or chosen is None:
        return False
    old = state.segments[chosen]
    removed = [number for numbers in state.removed_by_segment()[chosen] for number in numbers]
    try:
        segments = [files.segment(entry) for entry in old]
    except FileNotFoundError:  # a newer state has taken the place of this one
        return True
    merged = Segment.merge(segments, np.array(removed, dtype=np.int64))
    staged = files.stage(_PURPOSE, [merged] if len(merged.chunks) else [])

    def changed(now: SearchState | None) -> SearchState | None:
        if now is None or old[0] not in now.segments:
            return None  # the store was built again meanwhile
        place = now.segments.index(old[0])
        return replace(
            now,
            step=now.step + 1,
            segments=(
                *now.segments[:place],
                *(segment.entry for segment in staged),
                *now.segments[place + len(old) :],
            ),
            removed=tuple(sorted(set(now.removed).difference(removed))),
        )

    files.publish(staged, changed)
    return True


def _chosen(state: SearchState) -> slice | None:
    removed = [len(numbers) for numbers in state.removed_by_segment()]
    return choose([entry.chunks for entry in state.segments], removed)
