"""A store is made equal to its folders, once or whenever they have changed."""

from __future__ import annotations

import argparse
import json
import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import datetime
from functools import partial

from index.encoding.encoder import Encoder
from index.errors import IndexingError
from index.ingest.list_folder import Unreadable
from index.sync.report import report_object
from index.sync.store_articles import OpenReader, read_here
from index.sync.sync import ChangedFiles, SyncProgress, SyncReport
from rag.assemble import open_encoder, open_store
from rag.config import Config
from ui.cli.output import change_summary, encoding_speed, passed_over_summary, problem_lines, sync_summary
from ui.cli.terminal import print_json, print_line, tell


class Watcher:
    """Syncs the folders, once or whenever they have changed, and tells what was done."""

    def __init__(self, args: argparse.Namespace, config: Config, encoder: Encoder) -> None:
        self._args, self._config, self._encoder = args, config, encoder
        self._problems: tuple[Unreadable, ...] = ()
        self._passed_over = ""
        self._failure = ""
        self._read_here = False

    def sync(self, wait_seconds: float) -> SyncReport:
        """Sync and tell all of it."""
        report = self._run(wait_seconds)
        if self._args.json:
            print_json(asdict(report))
        else:
            print_line(sync_summary(report))
        self._print_problems(report)
        return report

    def follow(self) -> int:
        """Sync now and after every change until interrupted; what an interrupted sync had stored is kept."""
        from index.folders import join_folders
        from index.sync.watch import FoldersWatch

        named = join_folders(self._args.folders)
        try:
            watch = FoldersWatch(self._args.folders, self._args.store)
            self.sync(math.inf)
            tell(f"following {named}; Ctrl-C ends it")
            watch.run(self._sync_again, threading.Event())
        except KeyboardInterrupt:
            tell(f"no longer following {named}; the store is whole")
        return 0

    def _sync_again(self) -> bool:
        """Sync and tell what is new; false where it should be tried again soon."""
        try:
            report = self._run(math.inf)
        except (IndexingError, OSError) as error:
            if str(error) != self._failure:
                self._failure = str(error)
                tell(self._failure)
            return False
        self._failure = ""
        if report.files != ChangedFiles():
            if self._args.json:
                print_json(asdict(report))
            else:
                print_line(change_summary(report, datetime.now()))
        self._print_problems(report)
        return not report.postponed

    def _run(self, wait_seconds: float) -> SyncReport:
        from index.sync.sync import sync as run_sync

        # Opened for each sync: the store may have been built again by another process meanwhile.
        opened = open_store(self._config, self._args.store, self._encoder.name)
        with closing(opened) as store, _progress_bar() as advance:
            report = run_sync(
                store,
                self._args.folders,
                self._encoder,
                advance,
                wait_seconds=wait_seconds,
                on_wait=lambda holder: tell(f"waiting for {holder}, who writes to the store"),
                allow_empty=self._args.allow_empty,
                open_reader=self._reader(),
            )
            if self._args.report:
                content = json.dumps(report_object(report, store.database), ensure_ascii=False, indent=1)
                self._args.report.write_text(content + "\n", encoding="utf-8")
            return report

    def _reader(self) -> OpenReader:
        """Who reads: this computer, or the cluster that was named."""
        if not self._args.ray:
            return read_here
        from index.cluster.ray_cluster import read_on_ray

        make_encoder = partial(open_encoder, self._config)
        return read_on_ray(self._args.ray, self._encoder, make_encoder, self._print_read_here)

    def _print_read_here(self, source: str) -> None:
        if not self._read_here:
            self._read_here = True
            tell(
                f"{source} is read on this computer, as will be any other that the cluster does not give whole; "
                "the folder has to be at the same path on every node"
            )

    def _print_problems(self, report: SyncReport) -> None:
        known = set(self._problems)
        for line in problem_lines([problem for problem in report.problems if problem not in known]):
            tell(line)
        summary = passed_over_summary(report)
        if summary and summary != self._passed_over:
            tell(summary)
        self._problems, self._passed_over = report.problems, summary


@contextmanager
def _progress_bar() -> Iterator[Callable[[SyncProgress], None]]:
    """Show how much of the files is read, how many passages a second are encoded, and the time left."""
    from tqdm import tqdm

    began = time.monotonic()
    shape = "{desc}: {percentage:3.0f}%|{bar}| {elapsed}, {remaining} left{postfix}"
    with tqdm(desc="reading", bar_format=shape, disable=None, leave=False, delay=0.5, smoothing=0.1) as bar:

        def advance(progress: SyncProgress) -> None:
            bar.total = progress.total_bytes
            file = f"; {progress.file[-40:]}" if progress.file else ""
            file += f", page {progress.page}/{progress.pages}" if progress.pages else ""
            bar.set_postfix_str(
                encoding_speed(progress.chunks, time.monotonic() - began) + file, refresh=False
            )
            bar.update(progress.done_bytes - bar.n)

        yield advance
