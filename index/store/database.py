"""What a store knows, in one SQLite database: files, articles, chunks, vectors and terms."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import StoreError
from index.schema import Article, Chunk, Filters, FloatMatrix
from index.store.segment import ChunkRows
from index.store.structure import pack, unpack
from index.text.terms import Terms

_SCHEMA = """
CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE files (
    source TEXT PRIMARY KEY, sha256 TEXT NOT NULL, size INTEGER NOT NULL, problems TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE articles (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, file TEXT NOT NULL, digest TEXT NOT NULL,
    source TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL,
    date TEXT, author TEXT, place TEXT, url TEXT, document_number TEXT, lead TEXT,
    structure TEXT NOT NULL DEFAULT ''
);
CREATE TABLE left_out (
    id TEXT NOT NULL, file TEXT NOT NULL, sha256 TEXT NOT NULL, digest TEXT NOT NULL, PRIMARY KEY (id, file)
) WITHOUT ROWID;
CREATE INDEX articles_of_file ON articles (file);
CREATE TABLE chunks (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    article INTEGER NOT NULL REFERENCES articles (number) ON DELETE CASCADE,
    position INTEGER NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
    vector BLOB NOT NULL, exact BLOB NOT NULL, folded BLOB NOT NULL,
    UNIQUE (article, position)
);
"""
_CHANGES = """
CREATE TABLE removed_chunks (number INTEGER PRIMARY KEY);
CREATE TRIGGER chunk_removed AFTER DELETE ON chunks BEGIN INSERT INTO removed_chunks VALUES (old.number); END;
CREATE INDEX articles_by_source ON articles (source);
CREATE INDEX articles_by_date ON articles (date);
"""
"""What the search files have not been told yet: new chunks have higher numbers, these are gone."""
_FROM_FORMAT_1 = """
ALTER TABLE articles ADD COLUMN document_number TEXT;
ALTER TABLE articles ADD COLUMN lead TEXT;
ALTER TABLE articles ADD COLUMN structure TEXT NOT NULL DEFAULT '';
ALTER TABLE left_out RENAME TO left_out_1;
CREATE TABLE left_out (
    id TEXT NOT NULL, file TEXT NOT NULL, sha256 TEXT NOT NULL, digest TEXT NOT NULL, PRIMARY KEY (id, file)
) WITHOUT ROWID;
INSERT INTO left_out SELECT id, '', '', '' FROM left_out_1;
DROP TABLE left_out_1;
UPDATE articles SET digest = '';
UPDATE settings SET value = '2' WHERE key = 'format';
"""
_FROM_FORMAT_2 = f"{_CHANGES} UPDATE settings SET value = '3' WHERE key = 'format';"
_UPGRADES = {"1": _FROM_FORMAT_1, "2": _FROM_FORMAT_2}
_TABLES = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid DESC"
)
_ARTICLE_FIELDS = (
    "a.id, a.source, a.title, a.text, a.date, a.author, a.place, a.url,"
    " a.document_number, a.lead, a.structure"
)


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file of the folder as it was last read; ``problems`` says what in it could not be read, one a line."""

    source: str
    sha256: str
    size: int
    problems: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An article that a person took out; ``sha256`` and ``digest`` are those of its file and of itself then."""

    id: str
    file: str
    sha256: str
    digest: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An article ready to be stored; ``vectors`` (n, dimension) and ``terms`` (n) belong to its n chunks.

    ``file`` is the file that holds the article, ``digest`` identifies its content.
    """

    article: Article
    file: str
    digest: str
    chunks: Sequence[Chunk]
    vectors: FloatMatrix
    terms: Sequence[Terms]


@dataclass(frozen=True, slots=True)
class ArticleInfo:
    """An article without its text, and the number of its chunks."""

    id: str
    source: str
    title: str
    date: date | None
    author: str | None
    place: str | None
    url: str | None
    chunks: int


@dataclass(frozen=True, slots=True)
class Counts:
    """How much a store holds."""

    files: int
    articles: int
    chunks: int


class Database:
    """The tables of one store; safe to share between the threads of a process."""

    def __init__(self, path: Path, read_only: bool = False) -> None:
        self._guard = threading.RLock()
        if read_only:
            self._connection = _connect_read_only(path)
            return
        self._connection = sqlite3.connect(path, check_same_thread=False, timeout=30)
        self._connection.execute("PRAGMA foreign_keys=ON")
        # Removed text is overwritten with zeros: deleting an article leaves nothing of it in the file.
        self._connection.execute("PRAGMA secure_delete=ON")

    def create(self, settings: dict[str, object]) -> None:
        """Make the tables, in place of those that are there; numbers once given to chunks are not given again."""
        with self._guard, self._connection as connection:
            connection.execute("BEGIN IMMEDIATE")
            tables = [row[0] for row in self._all(_TABLES)]
            given = self._one("SELECT seq FROM sqlite_sequence WHERE name = 'chunks'") if tables else None
            for table in tables:
                connection.execute(f'DROP TABLE "{table}"')
            for statement in _statements(_SCHEMA + _CHANGES):
                connection.execute(statement)
            if given is not None:
                connection.execute("INSERT INTO sqlite_sequence VALUES ('chunks', ?)", given)
            connection.executemany("INSERT INTO settings VALUES (?, ?)", settings.items())

    def upgrade(self) -> None:
        """Bring the tables of an earlier format into the present one, all of it or nothing.

        After the first format the next sync reads and encodes all again.
        """
        with self._guard, self._connection as connection:
            connection.execute("BEGIN IMMEDIATE")
            while (script := _UPGRADES.get(self.setting("format") or "")) is not None:
                for statement in _statements(script):
                    connection.execute(statement)

    def share(self) -> None:
        """Let other processes read while this one writes."""
        self._connection.execute("PRAGMA journal_mode=WAL")

    def settle(self) -> None:
        """Move everything from the log into the database file, so that nothing removed stays in the log."""
        with self._guard:
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    # Reading

    def setting(self, key: str) -> str | None:
        """Read one setting of the store."""
        row = self._one("SELECT value FROM settings WHERE key = ?", key)
        return None if row is None else str(row[0])

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
        told = self.setting("folders")
        if told is not None:
            return {prefix: Path(folder) for prefix, folder in json.loads(told).items()}
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
        rows = self._all(
            "SELECT DISTINCT a.file FROM articles a LEFT JOIN files f ON f.source = a.file WHERE f.source IS NULL"
        )
        return [row[0] for row in rows]

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
        row = self._one("SELECT file FROM articles WHERE id = ?", article_id)
        return None if row is None else str(row[0])

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
        return [
            row[0]
            for row in self._all("SELECT DISTINCT author FROM articles WHERE author > '' ORDER BY author")
        ]

    def places(self) -> list[str]:
        """List the places that articles are of."""
        return [
            row[0] for row in self._all("SELECT DISTINCT place FROM articles WHERE place > '' ORDER BY place")
        ]

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
        rows = self._all(
            "SELECT c.number FROM chunks c JOIN articles a ON a.number = c.article"
            f" WHERE {condition} ORDER BY c.number",
            *values,
        )
        return [row[0] for row in rows]

    def article_numbers(self, filters: Filters) -> NDArray[np.int64]:
        """List the numbers of the articles that pass the filters, ascending."""
        condition, values = _passing(filters)
        rows = self._all(f"SELECT a.number FROM articles a WHERE {condition} ORDER BY a.number", *values)
        return np.array([row[0] for row in rows], dtype=np.int64)

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

    def removed_chunks(self) -> list[int]:
        """List the chunks that were removed, ascending, but for those that ``forget_removed`` was told of."""
        return [row[0] for row in self._all("SELECT number FROM removed_chunks ORDER BY number")]

    @property
    def search_tokens(self) -> tuple[str, ...]:
        """The tokens of the search files that were made from this database, the latest last."""
        return tuple((self.setting("search_tokens") or "").split())

    def integrity_fault(self) -> str | None:
        """Let SQLite check every page and reference; the first fault, or ``None``."""
        told = self._all("PRAGMA integrity_check(1)")[0][0]
        if told != "ok":
            return str(told)
        orphans = self._all("PRAGMA foreign_key_check")
        if orphans:
            return f"{len(orphans)} chunks without an article; run 'hoidap sync FOLDER --rebuild'"
        return None

    # Writing

    def put(self, entries: Iterable[Entry]) -> None:
        """Store the articles, replacing those of the same id, in whichever file they were."""
        with self.transaction() as connection:
            for entry in entries:
                article = entry.article
                connection.execute("DELETE FROM articles WHERE id = ?", (article.id,))
                row = connection.execute(
                    "INSERT INTO articles (id, file, digest, source, title, text, date, author, place, url,"
                    " document_number, lead, structure) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        article.id, entry.file, entry.digest, article.source, article.title, article.text,
                        article.date and article.date.isoformat(), article.author, article.place, article.url,
                        article.number, article.lead, pack(article),
                    ),
                )  # fmt: skip
                connection.executemany(
                    'INSERT INTO chunks (article, position, start, "end", vector, exact, folded)'
                    " VALUES (?, ?, ?, ?, ?, ?, ?)",
                    [
                        (row.lastrowid, chunk.position, chunk.start, chunk.end,
                         vector.astype(np.float16).tobytes(), terms.exact.tobytes(), terms.folded.tobytes())
                        for chunk, vector, terms in zip(entry.chunks, entry.vectors, entry.terms, strict=True)
                    ],
                )  # fmt: skip

    def remove_articles(self, file: str, ids: Iterable[str]) -> None:
        """Remove articles of a file with all that belongs to them; one that lies in another file stays."""
        with self.transaction() as connection:
            connection.executemany(
                "DELETE FROM articles WHERE id = ? AND file = ?", [(article_id, file) for article_id in ids]
            )

    def leave_out(self, article_id: str) -> None:
        """Remove an article and pass it over from now on, until it says something else or the store is rebuilt."""
        with self.transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO left_out SELECT a.id, a.file, ifnull(f.sha256, ''), a.digest"
                " FROM articles a LEFT JOIN files f ON f.source = a.file WHERE a.id = ?",
                (article_id,),
            )
            connection.execute("DELETE FROM articles WHERE id = ?", (article_id,))

    def take_back(self, article_id: str, file: str) -> None:
        """Take in again what was left out: the next sync reads its file."""
        with self.transaction() as connection:
            connection.execute("DELETE FROM left_out WHERE id = ?", (article_id,))
            connection.execute("DELETE FROM files WHERE source = ?", (file,))

    def finish_file(self, record: FileRecord) -> None:
        """Note that a file's articles are stored as the file has them."""
        with self.transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)",
                (record.source, record.sha256, record.size, record.problems),
            )

    def remove_file(self, source: str) -> None:
        """Remove a file with its articles."""
        with self.transaction() as connection:
            connection.execute("DELETE FROM articles WHERE file = ?", (source,))
            connection.execute("DELETE FROM files WHERE source = ?", (source,))

    def move_file(self, source: str, record: FileRecord) -> None:
        """Rename a file whose content is the same; an id that is its path is renamed too."""
        renamed = "? || substr({0}, length(?) + 1)"
        with self.transaction() as connection:
            connection.execute(
                f"UPDATE articles SET file = ?, source = {renamed.format('source')},"
                f" id = CASE WHEN id = ? OR substr(id, 1, length(?) + 1) = ? || '#'"
                f" THEN {renamed.format('id')} ELSE id END WHERE file = ?",
                (record.source, record.source, source, source, source, source, record.source, source, source),
            )
            connection.execute(
                "UPDATE OR REPLACE left_out SET file = ? WHERE file = ?", (record.source, source)
            )
            connection.execute("DELETE FROM files WHERE source = ?", (source,))
            connection.execute(
                "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)",
                (record.source, record.sha256, record.size, record.problems),
            )

    def finish_sync(self, folders: Mapping[str, Path], reading: str) -> None:
        """Note that the store is equal to the folders, when, and how the files were read."""
        told = json.dumps({prefix: str(folder) for prefix, folder in folders.items()})
        now = datetime.now(timezone.utc).isoformat(timespec="seconds")
        with self._guard, self._connection as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO settings VALUES (?, ?)",
                [("folders", told), ("last_sync", now), ("reading", reading)],
            )

    def note_search_tokens(self, *tokens: str) -> None:
        """Note which search files belong to this database, before they are put in place."""
        with self._guard, self._connection as connection:
            connection.execute(
                "INSERT OR REPLACE INTO settings VALUES ('search_tokens', ?)", (" ".join(tokens),)
            )

    def forget_removed(self, numbers: Iterable[int]) -> None:
        """Forget chunks that were removed, for the search files know of them."""
        with self._guard, self._connection as connection:
            connection.executemany(
                "DELETE FROM removed_chunks WHERE number = ?", [(number,) for number in numbers]
            )

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Make changes that are all done or none, and move the store to its next generation.

        Inside another transaction it is a part of that one.
        """
        with self._guard:
            if self._connection.in_transaction:
                yield self._connection
                return
            with self._connection as connection:
                connection.execute("BEGIN IMMEDIATE")
                yield connection
                connection.execute(
                    "UPDATE settings SET value = CAST(value AS INTEGER) + 1 WHERE key = 'generation'"
                )

    def _one(self, query: str, *values: object) -> tuple[Any, ...] | None:
        with self._guard:
            row: tuple[Any, ...] | None = self._connection.execute(query, values).fetchone()
            return row

    def _all(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with self._guard:
            return self._connection.execute(query, values).fetchall()


def _connect_read_only(path: Path) -> sqlite3.Connection:
    """Open a database that cannot be written, on a disk of its own or by its permissions.

    Its log is read too where the files beside it allow that; else the state that was last moved into it.
    """
    for mode in ("mode=ro", "immutable=1"):
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?{mode}", uri=True, check_same_thread=False)
        try:
            connection.execute("SELECT count(*) FROM settings").fetchone()
            return connection
        except sqlite3.OperationalError:
            connection.close()
    raise sqlite3.OperationalError("unable to open it even for reading")


def _passing(filters: Filters) -> tuple[str, list[str]]:
    """Give the condition that an article passes the filters, and its values."""
    conditions, values = ["1"], list[str]()
    if filters.from_date is not None:
        conditions.append("a.date >= ?")
        values.append(filters.from_date.isoformat())
    if filters.to_date is not None:
        conditions.append("a.date <= ?")
        values.append(filters.to_date.isoformat())
    if filters.sources:
        of_sources = [_of_source(source) for source in filters.sources]
        conditions.append("(" + " OR ".join(condition for condition, _ in of_sources) + ")")
        values += [value for _, own in of_sources for value in own]
    return " AND ".join(conditions), values


def _of_source(source: str) -> tuple[str, list[str]]:
    """Give the condition that an article comes from a file, a folder or a row, and its values.

    What lies below it has names from ``source/`` or ``source#`` up to the next character.
    """
    return (
        "(a.source = ? OR (a.source >= ? AND a.source < ?) OR (a.source >= ? AND a.source < ?))",
        [source, f"{source}/", f"{source}0", f"{source}#", f"{source}$"],
    )


def _statements(script: str) -> Iterator[str]:
    """Take a script apart; the body of a trigger has semicolons of its own."""
    statement = ""
    for part in script.split(";")[:-1]:
        statement += f"{part};"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


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
