"""How long it takes to see that a folder has not changed."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from time import perf_counter

from tqdm import tqdm

from eval.benchmarks.speed_figures import Figure, Part, timed
from eval.benchmarks.speed_store import RandomPassages
from eval.errors import EvaluationError
from index.models.encoder import Encoder
from index.schema import Article
from index.store.store import Store
from index.sync import SyncProgress, sync

_TIMES = 5


def measure_sync(
    folder: Path,
    articles: Iterator[Article],
    encoder: Encoder,
    count: int,
    chunk_tokens: int,
    command: tuple[str, ...] = (sys.executable, "-m", "ui.cli"),
) -> Part:
    """Write ``count`` articles as text files, read them once, and sync them again unchanged.

    ``command`` is how the product is called, for the time that a person waits; empty leaves that out.
    Raises EvaluationError where an unchanged sync changed something or the command failed.
    """
    texts, place = folder / "articles", folder / "store"
    texts.mkdir(parents=True)
    for number, article in enumerate(islice(articles, count)):
        (texts / f"{number:06d}.txt").write_text(f"{article.title}\n\n{article.text}\n", encoding="utf-8")
    stand_in = RandomPassages(encoder, encoder.name)
    store = Store.create(place, stand_in.name, stand_in.dimension, chunk_tokens)
    with tqdm(
        desc=f"first sync of {count} articles", unit="B", unit_scale=True, disable=None, leave=False
    ) as bar:

        def advance(progress: SyncProgress) -> None:
            bar.total = progress.total_bytes
            bar.update(progress.done_bytes - bar.n)

        began = perf_counter()
        first = sync(store, texts, stand_in, advance)
        built = perf_counter() - began
    seconds = []
    for _ in range(_TIMES):
        began = perf_counter()
        report = sync(store, texts, stand_in)
        seconds.append(perf_counter() - began)
        if report.unchanged != count or report.added or report.changed or report.removed:
            raise EvaluationError(
                f"Of {count} unchanged files {report.unchanged} were found unchanged; the figure would mean nothing."
            )
    store.close()
    called = [timed(lambda: _call((*command, "sync", str(texts), "--store", str(place), "--json"), count))
              for _ in range(_TIMES if command else 0)]  # fmt: skip
    return Part(
        "sync",
        (
            Figure("first sync without encoding", "s", (built,)),
            Figure("unchanged, within a process", "s", tuple(seconds)),
            Figure("unchanged, the command", "s", tuple(called)),
        ),
        {"articles": first.articles, "chunks": first.chunks},
    )


def _call(command: tuple[str, ...], count: int) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode or json.loads(done.stdout)["unchanged"] != count:
        raise EvaluationError(
            f"'{' '.join(command[-5:])}' did not work: {done.stderr.strip() or done.stdout}"
        )
