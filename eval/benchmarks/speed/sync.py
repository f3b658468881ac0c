"""How long it takes to see that a folder has not changed."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

from tqdm import tqdm

from eval.benchmarks.figures import Figure, Part, timed
from eval.benchmarks.speed.store import RandomPassages
from eval.errors import EvaluationError
from index.encoding.encoder import Encoder
from index.schema import Article
from index.store.store import Store
from index.sync.sync import SyncProgress, sync

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
    words = (*command, "sync", str(texts), "--store", str(place), "--json")
    with closing(Store.create(place, stand_in.name, stand_in.dimension, chunk_tokens)) as store:
        built = timed(lambda: _first_sync(store, texts, stand_in, count))
        within = [
            timed(lambda: _require(sync(store, texts, stand_in).unchanged, count)) for _ in range(_TIMES)
        ]
        held = store.database.counts()
    called = [timed(lambda: _require(_call(words), count)) for _ in range(_TIMES if command else 0)]
    figures = (
        Figure("first sync without encoding", "s", (built,)),
        Figure("unchanged, within a process", "s", tuple(within)),
        Figure("unchanged, the command", "s", tuple(called)),
    )
    return Part("sync", figures, {"articles": held.articles, "chunks": held.chunks})


def _first_sync(store: Store, texts: Path, encoder: Encoder, count: int) -> None:
    with tqdm(
        desc=f"first sync of {count} articles", unit="B", unit_scale=True, disable=None, leave=False
    ) as grown:

        def advance(progress: SyncProgress) -> None:
            grown.total = progress.total_bytes
            grown.update(progress.done_bytes - grown.n)

        sync(store, texts, encoder, advance)


def _require(unchanged: int, count: int) -> None:
    if unchanged != count:
        raise EvaluationError(
            f"Of {count} unchanged files {unchanged} were found unchanged; the figure would mean nothing."
        )


def _call(command: tuple[str, ...]) -> int:
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        output = done.stderr.strip() or done.stdout
        raise EvaluationError(f"'{' '.join(command[-5:])}' did not work: {output}")
    return int(json.loads(done.stdout)["unchanged"])
