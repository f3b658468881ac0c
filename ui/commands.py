"""What each command does: parse, call, print."""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from index.articles import Unreadable
from index.catalogue import load_catalogue
from index.encoder import Encoder
from index.errors import IndexingError
from index.schema import Filters
from index.store import Store
from index.sync import ChangedFiles, SyncProgress, SyncReport
from rag.assemble import chosen_models, open_assistant, open_encoder, open_model_cache, open_retriever
from rag.config import read_config
from rag.schema import Answer, Delta, Finished, Turn
from ui.errors import WindowError
from ui.output import answer_object, change_told, hit_object, passages_told, sync_told


def sync(args: argparse.Namespace) -> int:
    """Make the store equal to a folder, with a progress bar, and keep it so with ``--watch``."""
    from index.sync import list_files

    config = read_config(args.config)
    exists = Store.exists(args.store)
    if args.rebuild or not exists:  # before anything is made or emptied
        list_files(args.folder, args.store, args.allow_empty)
    encoder = open_encoder(config)
    make = Store.clear if args.rebuild and exists else Store.create
    with closing(make(args.store, encoder.name, encoder.dimension, config.index.chunk_tokens)) as store:
        before = store.database.folder
        if before is not None and before != args.folder.resolve():
            _tell(f"the store held {before}; it is made equal to {args.folder.resolve()}")
    follower = Follower(args, encoder)
    if not args.watch:
        follower.sync(args.wait)
        return 0
    return follower.follow()


class Follower:
    """Syncs one folder, once or whenever it has changed, and tells what was done."""

    def __init__(self, args: argparse.Namespace, encoder: Encoder) -> None:
        self._args, self._encoder = args, encoder
        self._problems: tuple[Unreadable, ...] = ()
        self._failure = ""

    def sync(self, wait_seconds: float) -> SyncReport:
        """Sync and tell all of it."""
        report = self._run(wait_seconds)
        if self._args.json:
            _print_json(asdict(report))
        else:
            _print(sync_told(report))
        self._tell_problems(report)
        return report

    def follow(self) -> int:
        """Sync now and after every change until interrupted; what an interrupted sync had stored is kept."""
        from index.watch import FolderWatch

        try:
            watch = FolderWatch(self._args.folder, self._args.store)
            self.sync(math.inf)
            _tell(f"following {self._args.folder}; Ctrl-C ends it")
            watch.run(self._sync_again, threading.Event())
        except KeyboardInterrupt:
            _tell(f"no longer following {self._args.folder}; the store is whole")
        return 0

    def _sync_again(self) -> bool:
        """Sync and tell what is new; false where it should be tried again soon."""
        try:
            report = self._run(math.inf)
        except (IndexingError, OSError) as error:
            if str(error) != self._failure:
                self._failure = str(error)
                _tell(self._failure)
            return False
        self._failure = ""
        if report.files != ChangedFiles():
            if self._args.json:
                _print_json(asdict(report))
            else:
                _print(change_told(report, datetime.now()))
        self._tell_problems(report)
        return not report.postponed

    def _run(self, wait_seconds: float) -> SyncReport:
        from index.sync import sync as run_sync

        # Opened for each sync: the store may have been built again by another process meanwhile.
        with closing(Store.open(self._args.store, self._encoder.name)) as store, _progress_bar() as advance:
            return run_sync(
                store,
                self._args.folder,
                self._encoder,
                advance,
                wait_seconds=wait_seconds,
                on_wait=lambda holder: _tell(f"waiting for {holder}, who writes to the store"),
                allow_empty=self._args.allow_empty,
            )

    def _tell_problems(self, report: SyncReport) -> None:
        for problem in report.problems:
            if problem not in self._problems:
                _tell(f"not read: {problem.source}: {problem.reason}")
        self._problems = report.problems


def ask(args: argparse.Namespace) -> int:
    """Answer one question on the terminal, or a file of questions into a file."""
    assistant = open_assistant(read_config(args.config), args.store)
    filters = _filters(args)
    if args.file:
        with _lines_out(args.out) as write:
            for asked in read_questions(args.file):
                answer = assistant.answer(asked.question, [Turn(text) for text in asked.follows], filters)
                write({"id": asked.id} | answer_object(answer))
        return 0
    if args.json:
        _print_json(answer_object(assistant.answer(args.question, filters=filters)))
        return 0
    for event in assistant.ask(args.question, filters=filters):
        if isinstance(event, Delta) and sys.stderr.isatty():
            sys.stderr.write(event.text)
            sys.stderr.flush()
        elif isinstance(event, Finished):
            if sys.stderr.isatty():
                sys.stderr.write("\n\n")
            _print(_readable(event.answer))
    return 0


def search(args: argparse.Namespace) -> int:
    """Print the passages found for a question, or for each of a file."""
    retriever = open_retriever(read_config(args.config), args.store)
    filters = _filters(args)
    if args.file:
        with _lines_out(args.out) as write:
            for asked in read_questions(args.file):
                hits = retriever.search(asked.question, args.k, filters)
                write(
                    {
                        "id": asked.id,
                        "question": asked.question,
                        "passages": [hit_object(hit) for hit in hits],
                    }
                )
        return 0
    hits = retriever.search(args.question, args.k, filters)
    if args.json:
        _print_json({"question": args.question, "passages": [hit_object(hit) for hit in hits]})
        return 0
    for hit in hits:
        article = hit.chunk.article
        _print(f"{hit.rank}. {article.title} ({article.source}; {hit.score:.2f})\n   {hit.chunk.text}\n")
    return 0


def window(args: argparse.Namespace) -> int:
    """Open the chat window and serve it until interrupted."""
    from ui.window import open_window

    password = os.environ.get("HOIDAP_PASSWORD") or None
    open_window(read_config(args.config), args.store, args.host, args.port, password)
    return 0


def verify(args: argparse.Namespace) -> int:
    """Check everything about a store; 1 when something is wrong."""
    from index.verify import repair, verify_store

    store = Store.open(args.store)
    if args.repair:
        repair(store)
    encoder = open_encoder(read_config(args.config))
    report = verify_store(store, encoder if encoder.name == store.database.encoder else None)
    if args.json:
        _print_json(asdict(report))
    else:
        for check in report.checks:
            _print(f"{'ok   ' if check.fault is None else 'FAULT'} {check.name}: {check.fault or check.told}")
    return 0 if report.whole else 1


def models(args: argparse.Namespace) -> int:
    """List, fetch, verify or remove models of the catalogue."""
    from index.catalogue import find

    config = read_config(args.config)
    cache = open_model_cache(config)
    catalogue = load_catalogue()
    if args.action == "list":
        used = {entry.id for entry in chosen_models(config)}
        rows: list[dict[str, Any]] = [
            {
                "id": entry.id, "role": entry.role, "licence": entry.licence, "bytes": entry.size,
                "state": cache.status(entry).state, "used": entry.id in used,
            }
            for entry in catalogue
        ]  # fmt: skip
        if args.json:
            _print_json(rows)
        else:
            for row in rows:
                mark = "*" if row["used"] else " "
                _print(
                    f"{mark} {row['id']:38} {row['role']:8} {row['bytes'] / 1e6:7.0f} MB"
                    f"  {row['state']:10} {row['licence']}"
                )
            _print("* used by the configuration")
        return 0
    entries = [find(catalogue, model) for model in args.ids] or chosen_models(config)
    for entry in entries:
        if args.action == "fetch":
            with _byte_bar(entry.id) as advance:
                path = cache.fetch(entry, config.models.roads, advance, _tell)
            told = {"id": entry.id, "path": str(path)}
        elif args.action == "verify":
            cache.verify(entry)
            told = {"id": entry.id, "state": "ready"}
        else:
            told = {"id": entry.id, "freed_bytes": str(cache.remove(entry))}
        if args.json:
            _print_json(told)
        else:
            _print("  ".join(told.values()))
    return 0


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A line of a file of questions; ``follows`` are the earlier ones of its conversation, oldest first."""

    id: str
    question: str
    follows: tuple[str, ...] = ()


def read_questions(path: Path) -> Iterator[AskedQuestion]:
    """Read a JSONL file of questions; raises WindowError with the line that is wrong."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise WindowError(f"Cannot read the questions {path}: {error}.") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            follows = row.get("follows") or []
            if not isinstance(row["question"], str) or not all(isinstance(text, str) for text in follows):
                raise TypeError
            yield AskedQuestion(str(row.get("id", number)), row["question"], tuple(follows))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise WindowError(
                f'{path}, line {number}: expected an object like {{"id": "1", "question": "…"}}.'
            ) from None


def _filters(args: argparse.Namespace) -> Filters:
    return Filters(args.from_date, args.to_date, tuple(args.source))


def _readable(answer: Answer) -> str:
    lines = [answer.text, ""]
    if answer.standalone != answer.question:
        lines.insert(0, f"({answer.standalone})")
    for citation in answer.citations:
        article = citation.hit.chunk.article
        day = f", {article.date:%d/%m/%Y}" if article.date else ""
        lines.append(f"[{citation.mark}] {article.title}{day} ({article.source})\n    “{citation.quote}”")
    if answer.refused:
        lines += [
            f" -  {hit.chunk.article.title} ({hit.chunk.article.source})" for hit in answer.passages[:3]
        ]
    lines.append(f"({answer.seconds.total:.1f} s)")
    return "\n".join(lines)


@contextmanager
def _progress_bar() -> Iterator[Callable[[SyncProgress], None]]:
    """Show how much of the files is read, how many passages a second are encoded, and the time left."""
    from tqdm import tqdm

    began = time.monotonic()
    shape = "{desc}: {percentage:3.0f}%|{bar}| {elapsed}, {remaining} left{postfix}"
    with tqdm(desc="reading", bar_format=shape, disable=None, leave=False, delay=0.5, smoothing=0.1) as bar:

        def advance(progress: SyncProgress) -> None:
            bar.total = progress.total_bytes
            bar.set_postfix_str(passages_told(progress.chunks, time.monotonic() - began), refresh=False)
            bar.update(progress.done_bytes - bar.n)

        yield advance


@contextmanager
def _byte_bar(label: str) -> Iterator[Any]:
    from tqdm import tqdm

    with tqdm(desc=label, unit="B", unit_scale=True, disable=None, leave=False) as bar:

        def advance(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield advance


@contextmanager
def _lines_out(path: Path | None) -> Iterator[Any]:
    """Write JSON lines to a file, which appears whole or not at all, or to the terminal."""
    if path is None:
        yield _print_json
        return
    staging = path.with_name(path.name + ".partial")
    with staging.open("w", encoding="utf-8") as file:

        def write(row: object) -> None:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
            file.flush()

        yield write
    os.replace(staging, path)


def _print(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _print_json(value: object) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def _tell(text: str) -> None:
    sys.stderr.write(f"hoidap: {text}\n")
