"""What is kept in Milvus for one store: a collection of its chunks, and one of how many chunks hold each term.

A store that is made anew gets collections of a new name, which take the place of the old ones when they are whole.

A chunk has its vector and two sparse vectors, of its accented and of its accent-free terms: what BM25 makes of how
often it holds a term and of its own length.  How rare a term is depends on all chunks, so it is not stored with them
but is the weight in the question's vector; the inner product of the two is the score.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from index.store.bm25 import norms
from index.store.database.records import ArticleMetadata, ChunkRows
from index.store.milvus.connection import Connection
from index.store.milvus.expression import day_number
from index.text.terms import Tokens, pairs

if TYPE_CHECKING:
    from pymilvus import CollectionSchema, MilvusClient

_HIGHEST = np.uint32(0xFFFFFFFE)
"""The highest dimension of a sparse vector that Milvus takes."""
_NO_TERMS = {int(_HIGHEST): 1e-6}
_STATE = -1
"""The key under which the state lies among the terms, which are not negative."""
_MOST = 5_000
"""Rows that are asked for or written in one call."""
MOST_FOUND = 16_384
"""Milvus finds no more at once."""
_TEXT = 65_535


@dataclass(frozen=True, slots=True)
class EngineState:
    """How far Milvus holds what the database holds.

    All chunks up to the number ``last`` are there, and those up to ``pending`` perhaps; ``chunks`` with ``tokens`` were
    counted, of which ``gone`` were removed since; ``average`` is the length that the stored weights were made for.
    ``token`` is known to the database that it was made from, and empty while it is made for the first time.
    """

    token: str
    generation: int = -1
    last: int = 0
    pending: int = 0
    chunks: int = 0
    tokens: int = 0
    gone: int = 0
    average: float = 0.0


class Collection:
    """The two collections of a name."""

    def __init__(self, connection: Connection, name: str) -> None:
        self.name = name
        self._connection = connection
        self._terms = f"{name}_terms"

    def create(self, dimension: int, state: EngineState) -> None:
        """Make both, in place of what is left of an earlier attempt."""
        self.drop()
        from pymilvus import DataType, MilvusClient  # who is without it has been told by the line before

        chunks = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
        chunks.add_field("number", DataType.INT64, is_primary=True)
        chunks.add_field("article", DataType.INT64)
        chunks.add_field("dense", DataType.FLOAT_VECTOR, dim=dimension)
        chunks.add_field("exact", DataType.SPARSE_FLOAT_VECTOR)
        chunks.add_field("folded", DataType.SPARSE_FLOAT_VECTOR)
        chunks.add_field("source", DataType.VARCHAR, max_length=_TEXT)
        chunks.add_field("place", DataType.VARCHAR, max_length=_TEXT)
        chunks.add_field("day", DataType.INT64)
        terms = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
        terms.add_field("term", DataType.INT64, is_primary=True)
        for field in ("exact", "folded", "through"):
            terms.add_field(field, DataType.INT64)
        terms.add_field("state", DataType.VARCHAR, max_length=_TEXT)
        terms.add_field("unused", DataType.FLOAT_VECTOR, dim=2)  # Milvus wants a vector in each collection
        self._make(
            self.name,
            chunks,
            {
                # What a server chooses is right for millions; in a file every vector is compared.
                "dense": "FLAT" if self._connection.at.is_file else "AUTOINDEX",
                "exact": "SPARSE_INVERTED_INDEX",
                "folded": "SPARSE_INVERTED_INDEX",
                "source": "INVERTED",
                "day": "INVERTED",
            },
        )
        self._make(self._terms, terms, {"unused": "FLAT"})
        self.save(state)

    def _make(self, name: str, schema: CollectionSchema, indexes: Mapping[str, str]) -> None:
        from pymilvus import MilvusClient

        wanted = MilvusClient.prepare_index_params()
        for field, kind in indexes.items():
            wanted.add_index(field, index_type=kind, **({} if kind == "INVERTED" else {"metric_type": "IP"}))
        self._connection.write(
            lambda client, seconds: client.create_collection(
                name, schema=schema, index_params=wanted, consistency_level="Session", timeout=seconds
            )
        )

    def drop(self) -> None:
        """Remove both, where they are."""
        for name in (self._terms, self.name):
            self._connection.drop(name)

    # The state

    def state(self, *, newest: bool = False) -> EngineState | None:
        """Read how far it is; ``newest`` waits for what others wrote a moment ago.  ``None`` where nothing is kept."""
        if not self.name or not self._connection.has(self._terms):
            return None
        rows = self._get(self._terms, [_STATE], ["state"], newest)
        return EngineState(**json.loads(rows[0]["state"])) if rows else None

    def save(self, state: EngineState) -> None:
        """Note how far it is."""
        content = json.dumps(asdict(state))
        self._upsert(self._terms, [_term_row(_STATE, 0, 0, 0) | {"state": content}])

    # The chunks

    def put(self, rows: ChunkRows, metadata: Mapping[int, ArticleMetadata], average: float) -> None:
        """Write chunks, new ones or again."""
        self._upsert(self.name, chunk_entries(rows, metadata, average))

    def delete(self, numbers: Sequence[int]) -> None:
        """Remove chunks, those too that are gone already."""

        def remove(client: MilvusClient, seconds: float) -> None:
            for part in _parts(numbers):
                client.delete(self.name, part, timeout=seconds)

        self._connection.write(remove)

    def seal(self) -> None:
        """Let Milvus Lite index what was written, else done anew at every search; a server does it by itself."""
        if self._connection.at.is_file:
            for name in (self.name, self._terms):
                self._connection.flush(name)

    def read(self, number: int) -> dict[str, object]:
        """Read all that is kept of a chunk."""
        (row,) = self._get(self.name, [number], ["*"], newest=True)
        return row

    def numbers(self) -> NDArray[np.int64]:
        """List the numbers of all chunks, ascending."""

        def list_them(client: MilvusClient, seconds: float) -> list[int]:
            rows = client.query_iterator(
                self.name, _MOST, output_fields=["number"], consistency_level="Strong", timeout=seconds
            )
            try:
                return [row["number"] for batch in iter(rows.next, []) for row in batch]
            finally:
                rows.close()

        return np.sort(np.array(self._connection.read(self.name, list_them), dtype=np.int64))

    def nearest(
        self, field: str, vector: NDArray[np.float32] | dict[int, float], condition: str, count: int
    ) -> dict[int, int]:
        """Find the chunks with the highest inner product in a field: their numbers, and the article of each."""
        (hits,) = self._connection.read(
            self.name,
            lambda client, seconds: client.search(
                self.name, [vector], condition, min(count, MOST_FOUND), ["article"], {"metric_type": "IP"},
                anns_field=field, timeout=seconds,
            ),
        )  # fmt: skip
        return {hit["number"]: hit["entity"]["article"] for hit in hits}

    # The terms

    def holders(self, terms: Sequence[int], *, newest: bool = False) -> dict[int, tuple[int, int]]:
        """Tell how many chunks hold each term as written and without accents; one that none holds is left out."""
        rows = self._get(self._terms, terms, ["exact", "folded"], newest)
        return {row["term"]: (row["exact"], row["folded"]) for row in rows}

    def count(self, rows: ChunkRows, through: int) -> None:
        """Count the terms of new chunks ``through`` a number; done again through the same, none is counted twice."""
        exact = _holders([terms.exact for terms in rows.terms])
        folded = _holders([terms.folded for terms in rows.terms])
        added = sorted(exact.keys() | folded.keys())
        for part in _parts(added):
            known = {
                row["term"]: row
                for row in self._get(self._terms, part, ["exact", "folded", "through"], newest=True)
            }
            nothing = _term_row(0, 0, 0, 0)
            self._upsert(
                self._terms,
                [
                    _term_row(
                        term, old["exact"] + exact.get(term, 0), old["folded"] + folded.get(term, 0), through
                    )
                    for term in part
                    if (old := known.get(term, nothing))["through"] < through
                ],
            )

    def _get(
        self, name: str, ids: Sequence[int], fields: Sequence[str], newest: bool
    ) -> list[dict[str, Any]]:
        level = {"consistency_level": "Strong"} if newest else {}
        wanted = list(fields)

        def get(client: MilvusClient, seconds: float) -> list[dict[str, Any]]:
            return [
                row
                for part in _parts(ids)
                for row in client.get(name, part, wanted, timeout=seconds, **level)
            ]

        return self._connection.read(name, get)

    def _upsert(self, name: str, rows: list[dict[str, Any]]) -> None:
        if rows:
            self._connection.write(lambda client, seconds: client.upsert(name, rows, timeout=seconds))


def _parts(ids: Sequence[int]) -> Iterator[list[int]]:
    return (list(ids[start : start + _MOST]) for start in range(0, len(ids), _MOST))


def chunk_entries(
    rows: ChunkRows, metadata: Mapping[int, ArticleMetadata], average: float
) -> list[dict[str, Any]]:
    """Write chunks as they are kept, with the metadata of their articles."""
    lengths = np.array([len(terms.exact) for terms in rows.terms], dtype=np.int64)
    return [
        {
            "number": int(number),
            "article": int(article),
            "dense": vector.astype(np.float32),
            "exact": _weights(terms.exact, norm),
            "folded": _weights(terms.folded, norm),
            "source": metadata[int(article)].source,
            "place": metadata[int(article)].place or "",
            "day": day_number(metadata[int(article)].date),
        }
        for number, article, vector, terms, norm in zip(
            rows.numbers, rows.articles, rows.vectors, rows.terms, norms(lengths, average), strict=True
        )
    ]


def sparse(terms: Tokens, weights: Iterable[float]) -> dict[int, float]:
    """Write weighted terms as a sparse vector, which is never empty."""
    return dict(zip(np.minimum(terms, _HIGHEST).tolist(), weights, strict=True)) or _NO_TERMS


def _weights(tokens: Tokens, norm: np.float32) -> dict[int, float]:
    """What BM25 makes of how often a chunk holds each of its terms and pairs."""
    terms, counts = np.unique(np.concatenate([tokens, pairs(tokens)]), return_counts=True)
    return sparse(terms, (counts / (counts + norm)).tolist())


def _holders(chunks: Sequence[Tokens]) -> dict[int, int]:
    """Count the chunks that hold each term or pair."""
    held = [np.unique(np.concatenate([tokens, pairs(tokens)])) for tokens in chunks]
    terms, counts = np.unique(np.concatenate(held), return_counts=True)
    return dict(zip(terms.tolist(), counts.tolist(), strict=True))


def _term_row(term: int, exact: int, folded: int, through: int) -> dict[str, Any]:
    return {
        "term": term, "exact": exact, "folded": folded, "through": through, "state": "", "unused": [0.0, 0.0],
    }  # fmt: skip
