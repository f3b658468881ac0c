"""What a database tells."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import StoreError
from index.schema import Article, Chunk, Filters
from index.store.database.records import ArticleInfo, ArticleMetadata, ChunkRows, Counts, FileRecord, LeftOut
from index.store.database.sql import Row, Sql
from index.store.database.structure import unpack
from index.text.terms import Terms

REMOVALS_DROPPED = "dropped_removals"
"""The setting of a shared database that tells through which place its list of removed chunks was emptied."""
_ARTICLE_FIELDS = (
    "a.id, a.source, a.title, a.text, a.date, a.author, a.place, a.url,"
    " a.document_number, a.lead, a.structure"
)


class DatabaseReader:
    """Reads the tables of one store; safe to share between the threads of a process.

    ``instance`` names whoever keeps search files of a database that others have search files of too.
    """

    def __init__(self, sql: Sql, instance: str = "") -> None:
        self._guard = threading.RLock()
        self._sql = sql
        self._instance = instance

    @property
    def is_made(self) -> bool:
        """Whether the tables are there."""
        with self._guard:
            return self._sql.has_table("settings")

    def setting(self, key: str) -> str | None:
        """Read one setting of the store."""
        return self._value("SELECT value FROM settings WHERE key = ?", key)

    @property
    def encoder(self) -> str:
        """Name of the encoder that made the vectors."""
        return self.setting("encoder") or ""

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self.setting("dimension") or 0)

    @property
    def generation(self) -> int:
        """A number that grows with every change."""
        return int(self.setting("generation") or 0)

    @property
    def folders(self) -> dict[str, Path]:
        """The folders that the store was last made equal to, each by what its sources begin with."""
        setting = self.setting("folders")
        if setting is not None:
            return {prefix: Path(folder) for prefix, folder in json.loads(setting).items()}
        first = self.setting("folder")  # of a store that knew one alone
        return {} if first is None else {"": Path(first)}

    @property
    def last_sync(self) -> datetime | None:
        """When the store was last equal to its folder."""
        value = self.setting("last_sync")
        return None if value is None else datetime.fromisoformat(value)

    def counts(self) -> Counts:
        """Count what the store holds."""
        row = self._one(
            "SELECT (SELECT count(*) FROM files), (SELECT count(*) FROM articles), (SELECT count(*) FROM chunks)"
        )
        assert row is not None
        return Counts(*map(int, row))

    def files(self) -> dict[str, FileRecord]:
        """List the files by their source."""
        return {
            row[0]: FileRecord(*row) for row in self._all("SELECT source, sha256, size, problems FROM files")
        }

    def unfinished_files(self) -> list[str]:
        """List the sources of the files whose reading was cut short when they were read for the first time."""
        return self._column(
            "SELECT DISTINCT a.file FROM articles a LEFT JOIN files f ON f.source = a.file WHERE f.source IS NULL"
        )

    def is_taken(self, source: str) -> bool:
        """Tell whether an article has an id that a file of this name, or a row of it, would have."""
        return (
            self._one(
                "SELECT 1 FROM articles WHERE id = ? OR (id >= ? AND id < ?) OR file = ? LIMIT 1",
                source,
                f"{source}#",
                f"{source}{chr(ord('#') + 1)}",
                source,
            )
            is not None
        )

    def digests(self, file: str) -> dict[str, str]:
        """Map the ids of the articles of a file to their content digests."""
        return dict(self._all("SELECT id, digest FROM articles WHERE file = ?", file))

    def file_of(self, article_id: str) -> str | None:
        """Tell which file holds an article."""
        return self._value("SELECT file FROM articles WHERE id = ?", article_id)

    def digest_of(self, article_id: str) -> str | None:
        """Tell what identifies the content of an article."""
        return self._value("SELECT digest FROM articles WHERE id = ?", article_id)

    def left_out(self) -> list[LeftOut]:
        """List the articles that a person took out although their file is still there."""
        return [LeftOut(*row) for row in self._all("SELECT id, file, sha256, digest FROM left_out")]

    def articles_of(self, file: str) -> list[Article]:
        """Read the articles of a file, in the order in which they stand in it."""
        rows = self._all(f"SELECT {_ARTICLE_FIELDS} FROM articles a WHERE a.file = ? ORDER BY a.number", file)
        return [_article(row) for row in rows]

    def holds_source(self, source: str) -> bool:
        """Tell whether an article comes from a source: a file, a folder, or a row of a file."""
        condition, values = _of_source(source)
        return self._one(f"SELECT 1 FROM articles a WHERE {condition} LIMIT 1", *values) is not None

    def articles(self, filters: Filters = Filters()) -> list[ArticleInfo]:
        """List the articles that pass the filters, newest first, those without a date last."""
        condition, values = _passing(filters)
        rows = self._all(
            "SELECT a.id, a.source, a.title, a.date, a.author, a.place, a.url, count(c.number)"
            f" FROM articles a LEFT JOIN chunks c ON c.article = a.number WHERE {condition} GROUP BY a.number"
            " ORDER BY a.date IS NULL, a.date DESC, a.source",
            *values,
        )
        return [
            ArticleInfo(article_id, source, title, _date(published), author, place, url, chunks)
            for article_id, source, title, published, author, place, url, chunks in rows
        ]

    def authors(self) -> list[str]:
        """List those who are named as authors."""
        return self._column("SELECT DISTINCT author FROM articles WHERE author > '' ORDER BY author")

    def places(self) -> list[str]:
        """List the places that articles are of."""
        return self._column("SELECT DISTINCT place FROM articles WHERE place > '' ORDER BY place")

    def days(self) -> tuple[date, date] | None:
        """Tell the days of the oldest and of the newest article, ``None`` where none has a day."""
        row = self._one("SELECT min(date), max(date) FROM articles WHERE date IS NOT NULL")
        first, last = (_date(value) for value in row or (None, None))
        return (first, last) if first and last else None

    def article(self, article_id: str) -> Article:
        """Read one article; raises StoreError where there is none."""
        row = self._one(f"SELECT {_ARTICLE_FIELDS} FROM articles a WHERE a.id = ?", article_id)
        if row is None:
            raise StoreError(f"The store holds no article {article_id!r}.", code="gone")
        return _article(row)

    def chunks(self, numbers: Sequence[int]) -> dict[int, Chunk]:
        """Read chunks by number; one that has been removed meanwhile is left out."""
        rows = self._all(
            f'SELECT c.number, c.position, c.start, c."end", {_ARTICLE_FIELDS}'
            f" FROM chunks c JOIN articles a ON a.number = c.article WHERE c.number IN ({_marks(numbers)})",
            *numbers,
        )
        articles: dict[str, Article] = {}
        for row in rows:
            if row[4] not in articles:
                articles[row[4]] = _article(row[4:])
        return {row[0]: Chunk(articles[row[4]], *row[1:4]) for row in rows}

    def chunk_vectors(self, numbers: Sequence[int]) -> dict[int, NDArray[np.float32]]:
        """Read the vectors of chunks by number."""
        rows = self._all(f"SELECT number, vector FROM chunks WHERE number IN ({_marks(numbers)})", *numbers)
        return {row[0]: np.frombuffer(row[1], dtype=np.float16).astype(np.float32) for row in rows}

    def chunk_terms(self, numbers: Sequence[int]) -> dict[int, Terms]:
        """Read the terms of chunks by number."""
        rows = self._all(
            f"SELECT number, exact, folded FROM chunks WHERE number IN ({_marks(numbers)})", *numbers
        )
        return {row[0]: _terms(row[1], row[2]) for row in rows}

    def chunk_numbers(self, filters: Filters = Filters()) -> list[int]:
        """List the numbers of the chunks whose article passes the filters."""
        condition, values = _passing(filters)
        return self._column(
            "SELECT c.number FROM chunks c JOIN articles a ON a.number = c.article"
            f" WHERE {condition} ORDER BY c.number",
            *values,
        )

    def article_numbers(self, filters: Filters) -> NDArray[np.int64]:
        """List the numbers of the articles that pass the filters, ascending."""
        condition, values = _passing(filters)
        # Sorted here: for an order SQLite passes over the indexes of several sources and reads every article.
        numbers = self._column(f"SELECT a.number FROM articles a WHERE {condition}", *values)
        return np.sort(np.array(numbers, dtype=np.int64))

    def chunk_rows(self, after: int, count: int) -> ChunkRows:
        """Read what is searched of the first ``count`` chunks whose number is higher than ``after``."""
        rows = self._all(
            "SELECT number, article, vector, exact, folded FROM chunks WHERE number > ?"
            " ORDER BY number LIMIT ?",
            after,
            count,
        )
        vectors = np.frombuffer(b"".join(row[2] for row in rows), dtype=np.float16)
        return ChunkRows(
            np.array([row[0] for row in rows], dtype=np.int64),
            np.array([row[1] for row in rows], dtype=np.int64),
            vectors.reshape(len(rows), self.dimension),
            [_terms(row[3], row[4]) for row in rows],
        )

    def article_metadata(self, numbers: Sequence[int]) -> dict[int, ArticleMetadata]:
        """Read what articles are filtered by, by their numbers."""
        rows = self._all(
            f"SELECT number, source, place, date FROM articles WHERE number IN ({_marks(numbers)})", *numbers
        )
        return {row[0]: ArticleMetadata(row[1], row[2], _date(row[3])) for row in rows}

    @property
    def renamed_files(self) -> list[str]:
        """The files that were renamed, by their new sources, but for those given to ``forget_renamed``."""
        return self._column("SELECT substr(key, 9) FROM settings WHERE key LIKE 'renamed %' ORDER BY key")

    def removed_chunks(self) -> list[int]:
        """List the chunks that were removed, ascending, but for those given to ``forget_removed``."""
        if self._sql.kind == "sqlite":
            return self._column("SELECT number FROM removed_chunks ORDER BY number")
        seen = self._place(self._own("removed"))
        return self._column("SELECT number FROM removed_chunks WHERE place > ? ORDER BY number", seen)

    def _place(self, key: str) -> int:
        """Through which removal something is done, by its place; 0 where that was never noted."""
        return int(self.setting(key) or 0)

    @property
    def search_tokens(self) -> tuple[str, ...]:
        """The tokens of the search files that were made from this database, the latest last.

        None where removals were dropped before these files were told of them: they are to be made anew.
        """
        if self._place(self._own("removed")) < self._place(REMOVALS_DROPPED):
            return ()
        return tuple((self.setting(self._own("search_tokens")) or "").split())

    def integrity_fault(self) -> str | None:
        """Let the engine check itself, and every reference; the first fault, or ``None``."""
        with self._guard:
            fault = self._sql.fault()
        if fault is not None:
            return fault
        orphans = self._all("SELECT count(*) FROM chunks WHERE article NOT IN (SELECT number FROM articles)")
        if orphans[0][0]:
            return f"{orphans[0][0]} chunks without an article; run 'hoidap sync FOLDER --rebuild'"
        return None

    def _own(self, key: str) -> str:
        """A setting that each instance has for itself."""
        return f"{key} {self._instance}" if self._instance else key

    def _value(self, query: str, *values: object) -> str | None:
        return next(iter(self._column(query, *values)), None)

    def _column(self, query: str, *values: object) -> list[Any]:
        return [row[0] for row in self._all(query, *values)]

    def _one(self, query: str, *values: object) -> Row | None:
        rows = self._all(query, *values)
        return rows[0] if rows else None

    def _all(self, query: str, *values: object) -> list[Row]:
        with self._guard:
            return self._sql.run(query, values)


def _passing(filters: Filters) -> tuple[str, list[str]]:
    """Give the condition that an article passes the filters, and its values."""
    conditions, values = ["1 = 1"], list[str]()
    if filters.from_date is not None:
        conditions.append("a.date >= ?")
        values.append(filters.from_date.isoformat())
    if filters.to_date is not None:
        conditions.append("a.date <= ?")
        values.append(filters.to_date.isoformat())
    if filters.sources:
        of_sources = [_of_source(source) for source in filters.sources]
        conditions.append("(" + " OR ".join(condition for condition, _ in of_sources) + ")")
        values += [value for _, sources in of_sources for value in sources]
    return " AND ".join(conditions), values


def _of_source(source: str) -> tuple[str, list[str]]:
    """Give the condition that an article comes from a file, a folder or a row, and its values.

    What lies below it has names from ``source/`` or ``source#`` up to the next character.
    """
    return (
        "(a.source = ? OR (a.source >= ? AND a.source < ?) OR (a.source >= ? AND a.source < ?))",
        [source, f"{source}/", f"{source}0", f"{source}#", f"{source}$"],
    )


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))


def _terms(exact: bytes, folded: bytes) -> Terms:
    return Terms(np.frombuffer(exact, dtype=np.uint32), np.frombuffer(folded, dtype=np.uint32))


def _date(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)


def _article(row: Sequence[Any]) -> Article:
    article_id, source, title, text, published, author, place, url, number, lead, structure = row
    tables, marks, removed, problems = unpack(structure)
    return Article(
        article_id, source, title, text, _date(published), author, place, url, number, lead,
        tables, marks, removed, problems,
    )  # fmt: skip
