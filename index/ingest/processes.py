"""Files are read in processes of their own, ahead of who takes their articles: one that breaks or hangs costs one file.

Small texts are read where they are asked for, which is faster than to send them.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import TypeAlias

import psutil

from index.errors import ArticleError
from index.ingest.limits import DEFAULT_LIMITS, Limits, OnPage, ignore_progress
from index.ingest.list_folder import SourceFile, Unreadable, suffix_of
from index.ingest.problems import unreadable
from index.ingest.read_files import CRAWLED, read_file
from index.ingest.rows.read_rows import ROW_SUFFIXES
from index.schema import Article

_SMALL = 200_000
"""Bytes of a text, a page or rows that cost less to read here than to send."""
_MOST = 4
_GLANCE = 0.2
_OUT_OF_MEMORY = 77
"""How a process ends itself that has taken more memory than a file may."""


@dataclass(frozen=True, slots=True)
class _Page:
    """How far a process is with its file."""

    done: int = 0
    total: int = 0


_Answer: TypeAlias = Article | Unreadable | _Page | None
"""``None``: the file is read."""


@dataclass(slots=True)
class _Worker:
    """A process that reads one file after the other, and the file that it is at."""

    process: SpawnProcess
    connection: Connection
    file: SourceFile | None = None


@dataclass(slots=True)
class Readers:
    """Reads files in the order in which they are given; to be used in a ``with`` block, which ends the processes."""

    files: Sequence[SourceFile]
    limits: Limits = DEFAULT_LIMITS
    processes: int = min(_MOST, os.cpu_count() or 1)
    _ahead: deque[SourceFile] = field(init=False)
    _workers: list[_Worker] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._ahead = deque(file for file in self.files if not _is_read_here(file))

    def __enter__(self) -> Readers:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            _end(worker)
        self._workers.clear()

    def read(self, file: SourceFile, on_page: OnPage = ignore_progress) -> Iterator[Article | Unreadable]:
        """Read the articles of the next file, and in their place what could not be read.

        ``on_page`` hears of every page, and of the last one again while nothing comes.
        """
        if _is_read_here(file):
            yield from read_file(file, self.limits)
            return
        self._send_ahead()
        worker = next(worker for worker in self._workers if worker.file == file)
        page = _Page()
        try:
            while (answer := self._answer(worker, page, on_page)) is not None:
                if isinstance(answer, _Page):
                    page = answer
                    on_page(page.done, page.total)
                else:
                    yield answer
            worker.file = None
        except ArticleError as error:
            self._workers.remove(worker)
            _end(worker)
            yield unreadable(file.source, error)
        self._send_ahead()

    def _send_ahead(self) -> None:
        """Give every process that has nothing to do its next file."""
        while self._ahead:
            worker = next((worker for worker in self._workers if worker.file is None), None)
            if worker is None:
                if len(self._workers) >= self.processes:
                    return
                worker = _start(self.limits)
                self._workers.append(worker)
            worker.file = self._ahead.popleft()
            with suppress(ConnectionError):  # a process that is gone is noticed when its file is asked for
                worker.connection.send(worker.file)

    def _answer(self, worker: _Worker, page: _Page, on_page: OnPage) -> _Answer:
        """Wait for what a process has to say; raises ArticleError where it has ended, or says nothing for too long."""
        began = time.monotonic()
        try:
            while not worker.connection.poll(_GLANCE):
                on_page(page.done, page.total)
                if time.monotonic() - began > self.limits.silent_seconds:
                    minutes = self.limits.silent_seconds / 60
                    raise ArticleError(
                        f"it could not be read within {minutes:.0f} minutes; split it, or save it again",
                        code="too-slow",
                    )
            answer: _Answer = worker.connection.recv()
            return answer
        except (EOFError, ConnectionError) as error:
            worker.process.join(_GLANCE)
            if worker.process.exitcode == _OUT_OF_MEMORY:
                most = self.limits.memory_bytes / 1e9
                raise ArticleError(
                    f"reading it takes more than {most:.1f} GB of memory; split it", code="too-big"
                ) from error
            raise ArticleError("its reader broke down; it is damaged: open it and save it again") from error


def _is_read_here(file: SourceFile) -> bool:
    suffix = suffix_of(file.path.name)
    return (
        file.size <= _SMALL and (suffix in CRAWLED or suffix in ROW_SUFFIXES) and not suffix.endswith(".gz")
    )


def _start(limits: Limits) -> _Worker:
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(there, limits), name="reader", daemon=True)
    process.start()
    there.close()
    return _Worker(process, here)


def _end(worker: _Worker) -> None:
    """End a process with the programs that it has started."""
    worker.connection.close()
    try:
        started = psutil.Process(worker.process.pid).children(recursive=True)
    except psutil.Error:
        started = []
    worker.process.kill()
    for program in started:
        with suppress(psutil.Error):
            program.kill()
    worker.process.join()
    worker.process.close()


def _serve(connection: Connection, limits: Limits) -> None:
    """Read files until the connection is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who started this process ends it
    threading.Thread(target=_watch_memory, args=(limits.memory_bytes,), daemon=True).start()
    reporting = replace(limits, on_page=lambda done, total: connection.send(_Page(done, total)))
    try:
        while True:
            for item in read_file(connection.recv(), reporting):
                connection.send(item)
            connection.send(None)
    except (EOFError, ConnectionError):
        return


def _watch_memory(most: int) -> None:
    process = psutil.Process()
    while process.memory_info().rss <= most:
        time.sleep(_GLANCE / 2)
    os._exit(_OUT_OF_MEMORY)
