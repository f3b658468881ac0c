"""Kill drivers, workers and nodes of syncs on a Ray cluster at random moments, and count what is lost or doubled.

``python -m eval.benchmarks.cluster.crash --kills 100`` starts three nodes on this computer and needs no model.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import TypeAlias

from eval.benchmarks.cluster.nodes import Nodes, ThreadDriver, Victim, joined, some_nodes, start_driver
from eval.benchmarks.crash import (
    ChangingFolder,
    allow,
    crash_parser,
    print_violations,
    wrong_after_kill,
    wrong_after_sync,
    wrong_articles,
)
from eval.command_options import run_command
from index.cluster.ray_cluster import check_ray
from index.store.store import Store

_PATIENCE_SECONDS = 1200
"""How long a sync may take whose workers and nodes were killed, on a computer that does much else too."""
_CHANGES, _PAUSE_SECONDS = 5, 0.02
"""What a sync finds changed, and its encoder's time for a passage: some seconds of waiting, which cost no processor."""
_MOST_KILLS, _SPREAD_SECONDS = 20, 4.0
"""One sync is hit so many times at most; between two kills a random time passes."""
_SHARES: dict[Victim, int] = {"driver": 1, "worker": 4, "node": 3}
"""How often each is chosen; a killed driver ends its sync, and starting the next one takes most of the time."""
_AFTER_THE_FIRST, _STARTING_SECONDS = 0.7, 20
"""So large a share of the syncs is first hit once a batch is stored, the others at a random moment of their start."""

Driver: TypeAlias = SpawnProcess | ThreadDriver


@dataclass(slots=True)
class ClusterCrashReport:
    """What was killed and when, how many syncs there were, and what was found that must not be."""

    killed: Counter[Victim] = field(default_factory=Counter)
    stored: Counter[bool] = field(default_factory=Counter)
    """Kills of a sync that had stored a batch, and of those that had not."""
    syncs: int = 0
    violations: list[str] = field(default_factory=list)


def crash_cluster(
    nodes: Nodes, folder: Path, kills: int, seed: int, notify: Callable[[str], object] = lambda line: None
) -> ClusterCrashReport:
    """Sync a folder that changes, kill something a few times meanwhile, and check the store after each sync.

    ``tell`` hears how far it is.
    """
    chance = random.Random(seed)
    report = ClusterCrashReport()
    articles = ChangingFolder(folder / "articles", chance)
    store = folder / "store"
    allowed: dict[str, set[str | None]] = {}
    while (left := kills - report.killed.total()) > 0 and not report.violations:
        began = time.monotonic()
        allow(allowed, articles.articles())
        victims = choose_victims(chance, left)
        start = start_driver if "driver" in victims else ThreadDriver
        driver = start(store, folder / "articles", nodes.address, _PAUSE_SECONDS)
        killed = list(_kill_in_the_midst(victims, nodes, driver, store, chance))
        driver.join(_PATIENCE_SECONDS)
        report.syncs += 1
        report.killed.update(victim for victim, _ in killed)
        report.stored.update(stored for _, stored in killed)
        report.violations += _wrong(driver, "driver" in dict(killed), store, articles, allowed, chance)
        killed_workers = ", ".join(
            f"{victim}{'' if stored else ' (nothing stored yet)'}" for victim, stored in killed
        )
        seconds = time.monotonic() - began
        notify(f"{report.killed.total()} of {kills}: {killed_workers or 'ended before'}; {seconds:.0f} s\n")
        articles.change(_CHANGES)
    return report


def choose_victims(chance: random.Random, most: int) -> list[Victim]:
    """Choose what to kill of one sync, one after the other: a driver comes last, as the sync ends with it."""
    victims: list[Victim] = []
    for _ in range(chance.randint(1, min(most, _MOST_KILLS))):
        victims += chance.choices([*_SHARES], [*_SHARES.values()])
        if victims[-1] == "driver":
            break
    return victims


def _kill_in_the_midst(
    victims: Sequence[Victim], nodes: Nodes, driver: Driver, store: Path, chance: random.Random
) -> Iterator[tuple[Victim, bool]]:
    """Kill one after the other at random moments of a sync, and give what was killed and if a batch was stored then.

    The first moments are the starting of workers, the same each time, so most kills wait until something is stored.
    """
    first = _PATIENCE_SECONDS if chance.random() < _AFTER_THE_FIRST else chance.uniform(0, _STARTING_SECONDS)
    began, end = newest_passage(store), time.monotonic() + first
    while driver.is_alive() and newest_passage(store) == began and time.monotonic() < end:
        time.sleep(0.05)
    for victim in victims:
        driver.join(chance.uniform(0, _SPREAD_SECONDS))
        if driver.is_alive() and _kill(victim, nodes, driver):
            yield victim, newest_passage(store) > began
            nodes.refill()


def newest_passage(store: Path) -> int:
    """Give the number of the passage stored last, which rises with each batch; 0 where there is none."""
    if not Store.exists(store):
        return 0
    with closing(Store.open(store)) as opened:
        return max(opened.database.chunk_numbers(), default=0)


def _kill(victim: Victim, nodes: Nodes, driver: Driver) -> bool:
    """Kill it; false where there was nothing of the kind just now."""
    if victim == "worker":
        return nodes.kill_worker()
    if victim == "node":
        return nodes.kill_node()
    assert isinstance(driver, SpawnProcess)
    driver.kill()
    return True


def _wrong(
    driver: Driver,
    killed: bool,
    store: Path,
    articles: ChangingFolder,
    allowed: dict[str, set[str | None]],
    chance: random.Random,
) -> list[str]:
    """Tell what is wrong after a sync whose driver was killed, or that was to go on to its end.

    After every other killed driver a plain sync finishes the rest, else that is left to the next one of the cluster.
    """
    if driver.is_alive():
        return ["the sync hangs"]
    wrong = wrong_after_kill(store, allowed)
    if killed and chance.random() < 0.5:
        return wrong
    if killed:
        wrong += wrong_after_sync(store, articles.path, articles.articles())
    else:
        wrong += _wrong_when_done(store, driver.exitcode, articles.articles())
    allowed.clear()
    allowed.update({article_id: {text} for article_id, text in articles.articles().items()})
    return wrong


def _wrong_when_done(store: Path, exit_code: int | None, articles: dict[str, str]) -> list[str]:
    """Tell what is wrong after a sync that was to go on to its end whatever was killed."""
    if exit_code:
        return [f"the sync ended with {exit_code} though only a worker or a node was killed"]
    with closing(Store.open(store)) as opened:
        return wrong_articles(opened, {key: {text} for key, text in articles.items()})


def _measure(args: argparse.Namespace) -> int:
    check_ray()
    with tempfile.TemporaryDirectory() as folder, some_nodes() as nodes, joined(nodes.address):
        report = crash_cluster(nodes, Path(folder), args.kills, args.seed, sys.stderr.write)
    killed = ", ".join(f"{count} {victim}s" for victim, count in report.killed.most_common())
    summary = f"killed {killed or 'nothing'} in {report.syncs} syncs, {report.stored[True]} after a batch was stored"
    return print_violations(f"seed {args.seed}: {summary}", report.violations)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 1 where an article or passage was lost or doubled."""
    parser = crash_parser("eval.benchmarks.cluster.crash", __doc__, "what to kill, in all")
    return run_command(_measure, parser.parse_args(arguments))


if __name__ == "__main__":
    sys.exit(main())
