"""Bring Milvus up to date with the database, at the cost of what has changed; cut short, it goes on where it was.

Only whoever holds the store for writing does this.  Each step can be done twice: chunks are written by their number,
terms are counted up to a number, and the database forgets what was removed after Milvus has removed it.
"""

from __future__ import annotations

import secrets
from dataclasses import replace

import numpy as np

from index.schema import Filters
from index.store.bm25 import average_length
from index.store.database.database import Database
from index.store.database.records import ChunkRows
from index.store.milvus.collection import Collection, EngineState
from index.store.milvus.connection import Connection

CURRENT = "collection"
"""The setting of the database that names the collection that is searched."""
_NEXT = "next_collection"
"""The one that is being made to take its place."""
_BATCH = 512
_DRIFT = 0.25
"""Removed chunks still count in how rare a term is, and lengths are relative to the average of the beginning: all is
written anew when so large a share of the chunks has gone, or the average has moved so far."""


def refresh(connection: Connection, database: Database, rebuild: bool = False) -> None:
    """Write what is new or renamed, remove what is gone, and note whose state it is."""
    current = Collection(connection, database.setting(CURRENT) or "")
    state = current.state(newest=True)
    is_ours = state is not None and state.token in database.search_tokens
    if state is not None and is_ours and not rebuild and not _has_drifted(state):
        if not is_current(state, database):
            _publish(current, database, state)
        return
    following, begun = _begin(connection, database, state.token if state and is_ours else "")
    _publish(following, database, begun)
    database.note_setting(CURRENT, following.name)
    database.note_setting(_NEXT, "")
    if is_ours:
        current.drop()


def is_current(state: EngineState, database: Database) -> bool:
    """Whether Milvus holds the database's present state."""
    return state.token in database.search_tokens and state.generation == database.generation


def _has_drifted(state: EngineState) -> bool:
    now = average_length(state.tokens, state.chunks)
    return state.gone > _DRIFT * state.chunks or not (1 - _DRIFT < now / state.average < 1 + _DRIFT)


def _begin(connection: Connection, database: Database, known: str) -> tuple[Collection, EngineState]:
    """Go on with the collection that an earlier call began, or make one; ``known`` is the token of the present one."""
    begun = Collection(connection, database.setting(_NEXT) or "")
    state = begun.state(newest=True)
    if state is not None and state.token in database.search_tokens:
        return begun, state
    collection = Collection(connection, f"hoidap_{secrets.token_hex(8)}")
    database.note_setting(_NEXT, collection.name)
    state = EngineState(secrets.token_hex(8), average=_average(database.chunk_rows(0, _BATCH)))
    database.note_search_tokens(*([known] if known else []), state.token, anew=not known)
    collection.create(database.dimension, state)
    return collection, state


def _publish(collection: Collection, database: Database, state: EngineState) -> None:
    generation, removed, renamed = database.generation, database.removed_chunks(), database.renamed_files
    removed_count = state.gone + sum(number <= state.last for number in removed)
    state = _add(collection, database, state)
    for source in renamed:
        for number in database.chunk_numbers(Filters(sources=(source,))):
            _put(collection, database, database.chunk_rows(number - 1, 1), state)
    collection.delete(removed)
    token = secrets.token_hex(8)
    database.note_search_tokens(state.token, token)
    collection.save(replace(state, token=token, generation=generation, gone=removed_count))
    collection.seal()
    database.forget_removed(removed)
    database.forget_renamed(renamed)


def _add(collection: Collection, database: Database, state: EngineState) -> EngineState:
    """Write the chunks with higher numbers than the last, a batch after the other; gives the state after them.

    A batch that was cut short is done again up to the same number, as far as its chunks are still there: up to that
    number its terms may be counted already.
    """
    while True:
        rows = database.chunk_rows(state.last, _BATCH)
        if state.pending > state.last:
            rows = _up_to(state.pending, rows)
        elif not len(rows.numbers):
            return state
        else:
            if not state.chunks:  # begun when nothing was stored: any average would have drifted by now
                state = replace(state, average=_average(rows))
            state = replace(state, pending=int(rows.numbers[-1]))
            collection.save(state)
        if len(rows.numbers):
            _put(collection, database, rows, state)
            collection.count(rows, state.pending)
        state = replace(
            state,
            last=state.pending,
            chunks=state.chunks + len(rows.numbers),
            tokens=state.tokens + sum(len(terms.exact) for terms in rows.terms),
        )
        collection.save(state)


def _average(rows: ChunkRows) -> float:
    lengths = [len(terms.exact) for terms in rows.terms]
    return average_length(sum(lengths), len(lengths))


def _put(collection: Collection, database: Database, rows: ChunkRows, state: EngineState) -> None:
    collection.put(rows, database.article_metadata(np.unique(rows.articles).tolist()), state.average)


def _up_to(number: int, rows: ChunkRows) -> ChunkRows:
    count = int(np.searchsorted(rows.numbers, number, side="right"))
    return ChunkRows(rows.numbers[:count], rows.articles[:count], rows.vectors[:count], rows.terms[:count])
