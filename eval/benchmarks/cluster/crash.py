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
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import TypeAlias, get_args

from eval.benchmarks.cluster.nodes import Nodes, ThreadDriver, Victim, joined, some_nodes, start_driver
from eval.benchmarks.crash import (
    ChangingFolder,
    allow,
    crash_parser,
    generation_of,
    tell_violations,
    wrong_after_kill,
    wrong_after_sync,
    wrong_articles,
)
from eval.command import carry_out
from index.cluster.ray_cluster import check_ray
from index.store.store import Store

_PATIENCE_SECONDS = 180
"""How long a sync may take whose worker or node was killed."""
_AFTER_THE_FIRST, _SPREAD_SECONDS = 0.7, 3.0
"""So large a share of the kills wait for the first batch, and after that, or after the start, a random time."""

Driver: TypeAlias = SpawnProcess | ThreadDriver


@dataclass(slots=True)
class ClusterCrashReport:
    """What was killed, how many syncs ended before it, and what was found that must not be."""

    killed: Counter[Victim] = field(default_factory=Counter)
    too_late: int = 0
    violations: list[str] = field(default_factory=list)


def crash_cluster(
    nodes: Nodes, folder: Path, kills: int, seed: int, tell: Callable[[str], object] = lambda line: None
) -> ClusterCrashReport:
    """Sync a folder that changes, kill something each time, and check the store after each.

    ``tell`` hears how far it is.
    """
    chance = random.Random(seed)
    report = ClusterCrashReport()
    articles = ChangingFolder(folder / "articles", chance)
    store = folder / "store"
    allowed: dict[str, set[str | None]] = {}
    while report.killed.total() < kills and not report.violations:
        allow(allowed, articles.articles())
        victim: Victim = chance.choice(get_args(Victim))
        began = time.monotonic()
        start = start_driver if victim == "driver" else ThreadDriver
        driver = start(store, folder / "articles", nodes.address)
        hit = _kill_in_the_midst(victim, nodes, driver, store, chance)
        driver.join(_PATIENCE_SECONDS)
        if driver.is_alive():
            report.violations.append(f"the sync hangs after a {victim} was killed")
            break
        report.killed.update([victim] if hit else [])
        report.too_late += not hit
        report.violations += wrong_after_kill(store, allowed)
        if not (hit and victim == "driver"):
            report.violations += _wrong_when_done(store, driver.exitcode, articles.articles())
        elif chance.random() < 0.5:
            report.violations += wrong_after_sync(store, folder / "articles", articles.articles())
            allowed = {article_id: {text} for article_id, text in articles.articles().items()}
        seconds = time.monotonic() - began
        tell(f"{report.killed.total()} of {kills}: {victim}{'' if hit else ', too late'}, {seconds:.0f} s\n")
        articles.change()
    return report


def _kill_in_the_midst(
    victim: Victim, nodes: Nodes, driver: Driver, store: Path, chance: random.Random
) -> bool:
    """Kill something at a random moment of a sync, from its start to after its last batch; false if it had ended.

    The first moments are the starting of workers, the same each time, so most kills wait until something is stored.
    """
    began, end = generation_of(store), time.monotonic() + _PATIENCE_SECONDS
    if chance.random() < _AFTER_THE_FIRST:
        while driver.is_alive() and generation_of(store) == began and time.monotonic() < end:
            time.sleep(0.02)
    driver.join(chance.uniform(0, _SPREAD_SECONDS))
    return driver.is_alive() and _kill(victim, nodes, driver)


def _kill(victim: Victim, nodes: Nodes, driver: Driver) -> bool:
    """Kill it; false where there was nothing of the kind just now."""
    if victim == "worker":
        return nodes.kill_worker()
    if victim == "node":
        nodes.kill_node()
    elif isinstance(driver, SpawnProcess):
        driver.kill()
    return True


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
    told = f"killed {killed or 'nothing'}; {report.too_late} syncs had ended before"
    return tell_violations(f"seed {args.seed}: {told}", report.violations)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 1 where an article or passage was lost or doubled."""
    parser = crash_parser("eval.benchmarks.cluster.crash", __doc__, "what to kill, in all")
    return carry_out(_measure, parser.parse_args(arguments))


if __name__ == "__main__":
    sys.exit(main())
