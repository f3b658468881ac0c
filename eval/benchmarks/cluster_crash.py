"""Kill drivers, workers and nodes of syncs on a Ray cluster at random moments, and count what is lost or doubled.

``python -m eval.benchmarks.cluster_crash --kills 100`` starts three nodes on this computer and needs no model.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import get_args

from eval.benchmarks.crash import ChangingFolder, allow, wrong_after_kill, wrong_after_sync, wrong_articles
from eval.benchmarks.nodes import Nodes, Victim, start_driver, three_nodes
from index.cluster.ray_cluster import check_ray
from index.store.store import Store

_PATIENCE_SECONDS = 180
"""How long a sync may take whose worker or node was killed."""


@dataclass(slots=True)
class ClusterCrashReport:
    """What was killed, how many syncs ended before it, and what was found that must not be."""

    killed: Counter[Victim] = field(default_factory=Counter)
    too_late: int = 0
    violations: list[str] = field(default_factory=list)


def crash_cluster(nodes: Nodes, folder: Path, kills: int, seed: int) -> ClusterCrashReport:
    """Sync a folder that changes, kill something each time, and check the store after each."""
    chance = random.Random(seed)
    report = ClusterCrashReport()
    articles = ChangingFolder(folder / "articles", chance)
    store = folder / "store"
    allowed: dict[str, set[str | None]] = {}
    longest = 10.0
    while report.killed.total() < kills and not report.violations:
        allow(allowed, articles.articles())
        victim: Victim = chance.choice(get_args(Victim))
        began = time.monotonic()
        driver = start_driver(store, folder / "articles", nodes.address)
        driver.join(chance.uniform(0, longest))
        hit = driver.is_alive() and _kill(victim, nodes, driver)
        driver.join(_PATIENCE_SECONDS)
        if driver.is_alive():
            report.violations.append(f"the sync hangs after a {victim} was killed")
            driver.kill()
            driver.join()
        report.killed.update([victim] if hit else [])
        report.too_late += not hit
        longest = max(3.0, longest * 1.05 if hit else time.monotonic() - began)
        report.violations += wrong_after_kill(store, allowed)
        if not (hit and victim == "driver"):
            report.violations += _wrong_when_done(store, driver.exitcode, articles.articles())
        elif chance.random() < 0.5:
            report.violations += wrong_after_sync(store, folder / "articles", articles.articles())
            allowed = {article_id: {text} for article_id, text in articles.articles().items()}
        articles.change()
    return report


def _kill(victim: Victim, nodes: Nodes, driver: SpawnProcess) -> bool:
    """Kill it; false where there was nothing of the kind just now."""
    if victim == "worker":
        return nodes.kill_worker()
    if victim == "node":
        nodes.kill_node()
    else:
        driver.kill()
    return True


def _wrong_when_done(store: Path, exit_code: int | None, articles: dict[str, str]) -> list[str]:
    """Tell what is wrong after a sync that was to go on to its end whatever was killed."""
    if exit_code:
        return [f"the sync ended with {exit_code} though only a worker or a node was killed"]
    with closing(Store.open(store)) as opened:
        return wrong_articles(opened, {key: {text} for key, text in articles.items()})


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 1 where an article or passage was lost or doubled."""
    parser = argparse.ArgumentParser(prog="python -m eval.benchmarks.cluster_crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=100, help="what to kill, in all (default 100)")
    parser.add_argument("--seed", type=int, help="repeat the run of this seed (default: a new one)")
    args = parser.parse_args(arguments)
    seed = args.seed if args.seed is not None else random.SystemRandom().randrange(1_000_000)
    check_ray()
    with tempfile.TemporaryDirectory() as folder, three_nodes() as nodes:
        report = crash_cluster(nodes, Path(folder), args.kills, seed)
    killed = ", ".join(f"{count} {victim}s" for victim, count in report.killed.most_common())
    sys.stdout.write(f"seed {seed}: killed {killed or 'nothing'}; {report.too_late} syncs had ended before\n")
    for violation in report.violations:
        sys.stdout.write(f"VIOLATION {violation}\n")
    sys.stdout.write(f"{len(report.violations)} violations\n")
    return 1 if report.violations else 0


if __name__ == "__main__":
    sys.exit(main())
