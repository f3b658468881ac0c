"""What a store knows, in the tables of one database: files, articles, chunks, vectors and terms."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path

import numpy as np

from index.errors import StoreError
from index.store.database.reading import REMOVALS_DROPPED, DatabaseReader
from index.store.database.records import Entry, FileRecord, LeftOut
from index.store.database.schema import made_anew, upgrade
from index.store.database.structure import pack

_ASK_AGAIN_SECONDS = 0.25
MOST_REMOVALS = 100_000
"""How many removed chunks are kept for computers whose search files do not know of them."""
_KEEP_FILE = (
    "INSERT INTO files VALUES (?, ?, ?, ?) ON CONFLICT (source) DO UPDATE"
    " SET sha256 = excluded.sha256, size = excluded.size, problems = excluded.problems"
)
_KEEP_SETTING = "INSERT INTO settings VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
_LEFT_OUT_KEPT = "ON CONFLICT (id, file) DO UPDATE SET sha256 = excluded.sha256, digest = excluded.digest"


class Database(DatabaseReader):
    """The tables of one store; safe to share between the threads of a process."""

    def create(self, settings: Mapping[str, object]) -> None:
        """Make the tables, in place of those that are there; numbers once given to chunks are not given again."""
        with self._guard, self._sql.transaction():
            for statement in made_anew(self._sql.kind):
                self._sql.run(statement)
            self._sql.many(_KEEP_SETTING, [(key, str(value)) for key, value in settings.items()])

    @property
    def is_outdated(self) -> bool:
        """Whether the tables are of an earlier format that can be upgraded."""
        return upgrade(self._sql.kind, self.setting("format") or "") is not None

    def upgrade(self) -> None:
        """Bring the tables of an earlier format into the present one, all of it or nothing.

        After the first format the next sync reads and encodes all again.
        """
        with self._guard, self._sql.transaction():
            while (script := upgrade(self._sql.kind, self.setting("format") or "")) is not None:
                for statement in script:
                    self._sql.run(statement)

    @contextmanager
    def held(
        self, wait_seconds: float = 0, on_wait: Callable[[str], None] = lambda holder: None
    ) -> Iterator[None]:
        """Be the only one of all computers that writes; raises StoreError where another is, after ``wait_seconds``.

        Within one computer the lock of the store folder sees to that.
        """
        if not self._take():
            if wait_seconds > 0:
                on_wait(self._holder())
            end = time.monotonic() + wait_seconds
            while not self._take():
                if time.monotonic() >= end:
                    raise StoreError(
                        f"The store is being written by {self._holder()}; wait for it to finish or stop it.",
                        code="busy",
                    )
                time.sleep(_ASK_AGAIN_SECONDS)
        try:
            yield
        finally:
            with self._guard:
                self._sql.release()

    def _take(self) -> bool:
        with self._guard:
            return self._sql.take()

    def _holder(self) -> str:
        with self._guard:
            return self._sql.holder()

    def settle(self) -> None:
        """Let nothing removed stay in the log of a file."""
        with self._guard:
            self._sql.settle()

    def close(self) -> None:
        """End the connection."""
        self._sql.close()

    def put(self, entries: Iterable[Entry]) -> None:
        """Store the articles, replacing those of the same id, in whichever file they were."""
        with self.transaction():
            for entry in entries:
                article = entry.article
                self._sql.run("DELETE FROM articles WHERE id = ?", (article.id,))
                ((number,),) = self._sql.run(
                    "INSERT INTO articles (id, file, digest, source, title, text, date, author, place, url,"
                    " document_number, lead, structure) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                    " RETURNING number",
                    (
                        article.id, entry.file, entry.digest, article.source, article.title, article.text,
                        article.date and article.date.isoformat(), article.author, article.place, article.url,
                        article.number, article.lead, pack(article),
                    ),
                )  # fmt: skip
                self._sql.many(
                    'INSERT INTO chunks (article, position, start, "end", vector, exact, folded)'
                    " VALUES (?, ?, ?, ?, ?, ?, ?)",
                    [
                        (number, chunk.position, chunk.start, chunk.end,
                         vector.astype(np.float16).tobytes(), terms.exact.tobytes(), terms.folded.tobytes())
                        for chunk, vector, terms in zip(entry.chunks, entry.vectors, entry.terms, strict=True)
                    ],
                )  # fmt: skip

    def remove_articles(self, file: str, ids: Iterable[str]) -> None:
        """Remove articles of a file with all that belongs to them; one that lies in another file stays."""
        with self.transaction():
            self._sql.many(
                "DELETE FROM articles WHERE id = ? AND file = ?", [(article_id, file) for article_id in ids]
            )

    def leave_out(self, article_id: str) -> None:
        """Remove an article and pass it over from now on, until it says something else."""
        with self.transaction():
            self._sql.run(
                "INSERT INTO left_out SELECT a.id, a.file, coalesce(f.sha256, ''), a.digest"
                f" FROM articles a LEFT JOIN files f ON f.source = a.file WHERE a.id = ? {_LEFT_OUT_KEPT}",
                (article_id,),
            )
            self._sql.run("DELETE FROM articles WHERE id = ?", (article_id,))

    def pass_over(self, articles: Iterable[LeftOut]) -> None:
        """Note articles that were taken out of another store, so that they do not come back here."""
        with self.transaction():
            self._sql.many(
                f"INSERT INTO left_out VALUES (?, ?, ?, ?) {_LEFT_OUT_KEPT}",
                [(out.id, out.file, out.sha256, out.digest) for out in articles],
            )

    def take_back(self, article_id: str, file: str) -> None:
        """Take in again what was left out: the next sync reads its file."""
        with self.transaction():
            self._sql.run("DELETE FROM left_out WHERE id = ?", (article_id,))
            self._sql.run("DELETE FROM files WHERE source = ?", (file,))

    def finish_file(self, record: FileRecord) -> None:
        """Note that a file's articles are stored as the file has them."""
        with self.transaction():
            self._sql.run(_KEEP_FILE, (record.source, record.sha256, record.size, record.problems))

    def remove_file(self, source: str) -> None:
        """Remove a file with its articles."""
        with self.transaction():
            self._sql.run("DELETE FROM articles WHERE file = ?", (source,))
            self._sql.run("DELETE FROM files WHERE source = ?", (source,))

    def move_file(self, source: str, record: FileRecord) -> None:
        """Rename a file whose content is the same; an id that is its path is renamed too."""
        rest = len(source) + 1
        with self.transaction():
            self._sql.run(
                "UPDATE articles SET file = ?, source = ? || substr(source, ?),"
                " id = CASE WHEN id = ? OR substr(id, 1, ?) = ? THEN ? || substr(id, ?) ELSE id END WHERE file = ?",
                (record.source, record.source, rest, source, rest, f"{source}#", record.source, rest, source),
            )
            self._sql.run(
                "DELETE FROM left_out WHERE file = ? AND id IN (SELECT id FROM left_out WHERE file = ?)",
                (record.source, source),
            )
            self._sql.run("UPDATE left_out SET file = ? WHERE file = ?", (record.source, source))
            self._sql.run("DELETE FROM files WHERE source = ?", (source,))
            self._sql.run(_KEEP_FILE, (record.source, record.sha256, record.size, record.problems))
            self._sql.run(_KEEP_SETTING, (f"renamed {record.source}", ""))

    def note_setting(self, key: str, value: str) -> None:
        """Write one setting of the store, which is no change of its articles."""
        with self._guard, self._sql.transaction():
            self._sql.run(_KEEP_SETTING, (key, value))

    def forget_renamed(self, sources: Iterable[str]) -> None:
        """Forget files that were renamed, for the search engine knows of them."""
        with self._guard, self._sql.transaction():
            self._sql.many(
                "DELETE FROM settings WHERE key = ?", [(f"renamed {source}",) for source in sources]
            )

    def note_folders(self, folders: Mapping[str, Path]) -> None:
        """Note which folders the store is for, before it was made equal to them."""
        self.note_setting("folders", _folders_as_json(folders))

    def note_reading(self, reading: str, programs: str = "") -> None:
        """Note how and with which programs files are read, and that what was read otherwise is to be read again."""
        with self._guard, self._sql.transaction():
            self._sql.many(_KEEP_SETTING, [("reading", reading), ("programs", programs)])

    def finish_sync(self, folders: Mapping[str, Path]) -> None:
        """Note that the store is equal to the folders, and when."""
        now = datetime.now(timezone.utc).isoformat(timespec="seconds")
        with self._guard, self._sql.transaction():
            self._sql.many(_KEEP_SETTING, [("folders", _folders_as_json(folders)), ("last_sync", now)])

    def note_search_tokens(self, *tokens: str, anew: bool = False) -> None:
        """Note which search files belong to this database, before they are put in place.

        Those that are made ``anew``, of the chunks that are there, need none of the removals that were dropped.
        """
        with self._guard, self._sql.transaction():
            self._sql.run(_KEEP_SETTING, (self._own("search_tokens"), " ".join(tokens)))
            if anew and (dropped := self._place(REMOVALS_DROPPED)) > self._place(self._own("removed")):
                self._sql.run(_KEEP_SETTING, (self._own("removed"), str(dropped)))

    def forget_removed(self, numbers: Iterable[int]) -> None:
        """Forget chunks that were removed, for the search files know of them."""
        known = list(numbers)
        with self._guard, self._sql.transaction():
            if self._sql.kind == "sqlite":
                self._sql.many("DELETE FROM removed_chunks WHERE number = ?", [(number,) for number in known])
            else:  # other computers have yet to tell theirs
                furthest = "SELECT coalesce(max(place), 0) FROM removed_chunks WHERE number = ANY(?)"
                ((place,),) = self._sql.run(furthest, (known,))
                seen = max(place, self._place(self._own("removed")), self._place(REMOVALS_DROPPED))
                self._sql.run(_KEEP_SETTING, (self._own("removed"), str(seen)))
                self._drop_removals()

    def _drop_removals(self) -> None:
        """Drop the removals that the search files of every computer know of, and the oldest of too many.

        A computer that is gone for good holds up no more than those; if it comes back it makes its files anew.
        """
        ((least,),) = self._sql.run(
            "SELECT min(CAST(value AS BIGINT)) FROM settings WHERE key = 'removed' OR key LIKE 'removed %'"
        )
        ((oldest,),) = self._sql.run(
            "SELECT coalesce(max(place), 0) - ? FROM removed_chunks", (MOST_REMOVALS,)
        )
        if self._sql.count("DELETE FROM removed_chunks WHERE place <= ?", (through := max(least, oldest),)):
            self._sql.run(_KEEP_SETTING, (REMOVALS_DROPPED, str(through)))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make changes that are all done or none, and move the store to its next generation.

        Inside another transaction it is a part of that one.
        """
        with self._guard:
            if self._sql.in_transaction:
                yield
                return
            with self._sql.transaction():
                yield
                self._sql.run(
                    "UPDATE settings SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT) WHERE key = 'generation'"
                )


def _folders_as_json(folders: Mapping[str, Path]) -> str:
    return json.dumps({prefix: str(folder) for prefix, folder in folders.items()})
