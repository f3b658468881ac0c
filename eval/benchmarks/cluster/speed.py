"""``python -m eval.benchmarks.cluster.speed``: how fast a folder is read by a cluster, against a plain sync.

The encoder waits for as long as a core needs for a passage and computes nothing, so that workers of this computer do
not take its few cores from each other: what is measured is how evenly the work is spread and what Ray costs.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from eval.benchmarks.cluster.nodes import SlowEncoder, joined, make_slow_encoder, some_nodes
from eval.benchmarks.crash import CHUNK_TOKENS
from eval.benchmarks.figures import timed
from eval.command_options import command_parser, positive, print_text, run_command
from eval.files import write_measurement
from eval.report.tables import align
from index.cluster.ray_cluster import check_ray, read_on_ray
from index.store.store import Store
from index.sync.store_articles import OpenReader, read_here
from index.sync.sync import sync

_SECONDS_A_PASSAGE = 1 / 17
"""One core encodes 17 passages of news a second (docs/scale.md)."""
_WORDS = "xã huyện hộ nghèo cầu đường trường học bệnh viện rừng chè lúa nước".split()  # noqa: SIM905


@dataclass(frozen=True, slots=True)
class Speed:
    """A sync: by how many workers (0: without a cluster), what it stored, and how long it took."""

    workers: int
    passages: int
    seconds: float


def measure(folder: Path, store: Path, workers: int) -> Speed:
    """Read a folder into a new store; a cluster is started before the clock runs, and joined."""
    if not workers:
        return _synced(folder, store, 0, read_here)
    make_encoder = partial(make_slow_encoder, _SECONDS_A_PASSAGE)
    with some_nodes(workers) as nodes, joined(nodes.address):
        read = read_on_ray(nodes.address, SlowEncoder(_SECONDS_A_PASSAGE), make_encoder)
        return _synced(folder, store, workers, read)


def _synced(folder: Path, place: Path, workers: int, open_reader: OpenReader) -> Speed:
    encoder = SlowEncoder(_SECONDS_A_PASSAGE)
    with closing(Store.create(place, encoder.name, encoder.dimension, CHUNK_TOKENS)) as store:
        seconds = timed(lambda: sync(store, folder, encoder, open_reader=open_reader))
        return Speed(workers, store.database.counts().chunks, seconds)


def write_articles(folder: Path, count: int, seed: int) -> None:
    """Write texts of three passages each, about."""
    chance = random.Random(seed)
    folder.mkdir()
    for number in range(count):
        sentences = (" ".join(chance.choices(_WORDS, k=12)).capitalize() + "." for _ in range(9))
        (folder / f"{number:05d}.txt").write_text(f"Bài {number}\n\n{' '.join(sentences)}", encoding="utf-8")


def table(speeds: Sequence[Speed]) -> str:
    """Write one line a sync."""
    lines = [["workers", "passages", "seconds", "passages a second"]]
    for speed in speeds:
        name = str(speed.workers or "none, a plain sync")
        lines.append(
            [name, str(speed.passages), f"{speed.seconds:.1f}", f"{speed.passages / speed.seconds:.1f}"]
        )
    return align(lines)


def _measure(args: argparse.Namespace) -> None:
    check_ray()
    speeds: list[Speed] = []
    with tempfile.TemporaryDirectory(prefix="hoidap-speed-") as place:
        write_articles(Path(place) / "articles", args.articles, args.seed)
        for workers in (0, *args.workers):
            speeds.append(measure(Path(place) / "articles", Path(place) / f"store{workers}", workers))
            sys.stderr.write(table(speeds[-1:]))
    print_text(table(speeds))
    write_measurement(args.out, speeds=speeds)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command."""
    parser = command_parser("eval.benchmarks.cluster.speed", __doc__, "out", seed={"default": 7})
    add = parser.add_argument
    add("--articles", type=positive, default=200, help="how many are read (default 200)")
    add("--workers", type=positive, nargs="+", default=(1, 2), help="sizes of the cluster (default 1 2)")
    return run_command(_measure, parser.parse_args(arguments))


if __name__ == "__main__":
    sys.exit(main())
