"""Tell the search files what has changed in the database, at the cost of what has changed."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

from index.store.database.database import Database
from index.store.local.postings import LIMIT
from index.store.local.segment import Segment
from index.store.local.snapshot import SearchFiles, SearchState

_PURPOSE = "sync"


def publish(files: SearchFiles, database: Database, rebuild: bool = False) -> None:
    """Add a segment of the new chunks, note the removed ones, and let it be searched.

    All is built anew where the files belong to another database, an earlier format or a backup of this one: a
    database knows the token of the files that were made from it.  The caller holds the store for writing.
    """
    known = None if rebuild else _known(files, database)
    generation, removed = database.generation, database.removed_chunks()
    renamed = database.renamed_files  # these files name articles by numbers, which stay
    staged = files.stage(_PURPOSE, _new_segments(database, known.last if known else 0))
    token = secrets.token_hex(8)
    database.note_search_tokens(*([known.token] if known else []), token, anew=known is None)

    def changed(now: SearchState | None) -> SearchState:
        # A compaction may have changed the segments meanwhile, but not what is searched.
        before = now.segments if known and now else ()
        highest = before[-1].last if before else 0
        removed_numbers = {number for number in removed if number <= highest} | set(
            now.removed if known and now else ()
        )
        segments = (*before, *(segment.entry for segment in staged))
        step = now.step + 1 if now and now.generation == generation else 0
        last = max(segments[-1].last if segments else 0, known.last if known else 0)
        return SearchState(
            generation, step, database.encoder, token, last, segments, tuple(sorted(removed_numbers))
        )

    files.publish(staged, changed)
    database.forget_removed(removed)
    database.forget_renamed(renamed)


def _known(files: SearchFiles, database: Database) -> SearchState | None:
    state = files.latest()
    return state if state is not None and state.token in database.search_tokens else None


def _new_segments(database: Database, after: int) -> Iterator[Segment]:
    while True:
        rows = database.chunk_rows(after, LIMIT)
        if not len(rows.numbers):
            return
        after = int(rows.numbers[-1])
        yield Segment.build(rows)
