"""Kill syncs at random moments, and prove that the store keeps every article in its old or its new state.

``python -m eval.benchmarks.crash --kills 100`` needs no model: the encoder counts words.  With ``--nodes`` files are
read by what the nodes of a cluster run, in the same process and without Ray.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import shutil
import sys
import tempfile
import time
import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import count
from multiprocessing.synchronize import Event
from pathlib import Path

import numpy as np

from eval.benchmarks.in_process import read_in_process
from eval.command_options import command_parser, positive, print_text, run_command
from index.chunking import split
from index.errors import IndexingError
from index.ingest.read_files import read_folder
from index.schema import Article, FloatMatrix
from index.store.store import Store
from index.store.verify import verify_store
from index.sync.store_articles import read_here
from index.sync.sync import sync

CHUNK_TOKENS = 40
_WORDS = (
    "xã", "huyện", "hộ", "nghèo", "cầu", "đường", "trường", "học", "bệnh", "viện", "rừng", "chè", "lúa", "nước",
)  # fmt: skip


class CrashEncoder:
    """Counts words in 16 buckets: quick, and the same in every process."""

    name = "crash-encoder"
    dimension = 16

    def encode_queries(self, texts: Sequence[str]) -> FloatMatrix:
        """Encode questions, shape (n, 16)."""
        return self.encode_passages(texts)

    def encode_passages(
        self, texts: Sequence[str], on_progress: Callable[[int], None] | None = None
    ) -> FloatMatrix:
        """Encode passages, shape (n, 16)."""
        vectors = np.full((len(texts), self.dimension), 0.01, dtype=np.float32)
        for row, text in enumerate(texts):
            for word in text.split():
                vectors[row, zlib.crc32(word.encode()) % self.dimension] += 1
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count words."""
        return [len(text.split()) for text in texts]


@dataclass(slots=True)
class CrashReport:
    """Where the kills fell, and what was found that must not be."""

    fell: Counter[str] = field(default_factory=Counter)
    syncs: int = 0
    violations: list[str] = field(default_factory=list)

    @property
    def kills(self) -> int:
        """How many syncs were killed before their end."""
        return sum(self.fell.values())


class ChangingFolder:
    """A folder of texts and files of rows that changes at random; ids are never in two files at once."""

    def __init__(self, path: Path, chance: random.Random) -> None:
        self.path, self._chance, self._count = path, chance, count(1000)
        self._texts = {self._new_name(): self._text() for _ in range(60)}
        self._rows = {f"r{number}": (number % 3, self._text()) for number in range(300)}
        self._write()

    def articles(self) -> dict[str, str]:
        """Map the ids of the articles that the folder holds to their texts."""
        return {item.id: item.text for item in read_folder(self.path) if isinstance(item, Article)}

    def change(self, times: int = 1) -> None:
        """Add, change, move and remove files and rows; rows also move from file to file."""
        for _ in range(times):
            self._change_some()
        self._write()

    def _change_some(self) -> None:
        chance, texts, rows = self._chance, self._texts, self._rows
        names = chance.sample(sorted(texts), min(20, len(texts)))
        texts |= {name: self._text() for name in names[:8]}
        for name in names[8:14]:
            texts[f"folder{chance.randrange(4)}/{self._new_name()}"] = texts.pop(name)
        for name in names[14:]:
            del texts[name]
        texts |= {self._new_name(): self._text() for _ in range(6)}
        known = sorted(rows)
        rows |= {row: (rows[row][0], self._text()) for row in chance.sample(known, 40)}
        rows |= {row: (chance.randrange(4), rows[row][1]) for row in chance.sample(known, 20)}
        for row in chance.sample(known, 5):
            del rows[row]
            rows[f"r{next(self._count)}"] = (0, self._text())

    def _new_name(self) -> str:
        return f"bai{next(self._count)}.txt"

    def _text(self) -> str:
        sentences = [
            " ".join(self._chance.choices(_WORDS, k=12)).capitalize() + f" {next(self._count)}."
            for _ in range(self._chance.randrange(1, 8))
        ]
        return f"Bài số {next(self._count)}\n\n" + " ".join(sentences)

    def _write(self) -> None:
        """Make the folder what it is to be, and touch no file that is so already; a moved one is renamed."""
        wanted = dict(self._texts)
        for row, (number, text) in self._rows.items():
            line = json.dumps({"id": row, "text": text}, ensure_ascii=False)
            wanted[f"rows{number}.jsonl"] = "\n".join(filter(None, [wanted.get(f"rows{number}.jsonl"), line]))
        held = {
            str(path.relative_to(self.path)): path.read_text(encoding="utf-8")
            for path in self.path.rglob("*")
            if path.is_file()
        }
        removable = {text: name for name, text in held.items() if name not in wanted}
        for name, text in wanted.items():
            path = self.path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if name not in held and text in removable:
                (self.path / removable.pop(text)).rename(path)
            elif held.get(name) != text:
                path.write_text(text, encoding="utf-8")
        for name in removable.values():
            (self.path / name).unlink()


def crash(folder: Path, kills: int, seed: int, *, nodes: bool = False) -> CrashReport:
    """Kill ``kills`` syncs of a folder that is made in ``folder``, and check the store after each.

    ``nodes`` lets what the nodes of a cluster run read the files.
    """
    chance = random.Random(seed)
    report = CrashReport()
    articles = ChangingFolder(folder / "articles", chance)
    store = folder / "store"
    allowed: dict[str, set[str | None]] = {}
    longest = 1.0
    while report.kills < kills and not report.violations:
        allow(allowed, articles.articles())
        began = generation_of(store)
        seconds = None if chance.random() < 0.3 else chance.uniform(0, longest)
        if _kill_sync(store, folder / "articles", seconds, nodes):
            longest *= 1.0 if seconds is None else 1.05
            report.fell[_place(store, began)] += 1
        elif seconds is not None:
            longest = max(0.1, longest * 0.9)
        report.violations += wrong_after_kill(store, allowed)
        if chance.random() < 0.5 or report.kills == kills:
            report.syncs += 1
            report.violations += wrong_after_sync(store, folder / "articles", articles.articles())
            allowed = {article_id: {text} for article_id, text in articles.articles().items()}
        if chance.random() < 0.8:
            articles.change(chance.choice((1, 1, 5)))  # five are stored in several batches
        if report.syncs and chance.random() < 0.05:  # the reading of everything must be hit too
            shutil.rmtree(store)
            allowed = {}
    return report


def allow(allowed: dict[str, set[str | None]], articles: dict[str, str]) -> None:
    """Add the state of the folder to those that each article may be in."""
    for article_id in {*allowed, *articles}:
        allowed.setdefault(article_id, {None}).add(articles.get(article_id))


def _sync_in_child(store: Path, folder: Path, nodes: bool, ready: Event, done: Event) -> None:
    import faiss  # noqa: F401 - loaded before the clock runs

    encoder = CrashEncoder()
    ready.set()
    with closing(Store.create(store, encoder.name, encoder.dimension, CHUNK_TOKENS)) as opened:
        sync(opened, folder, encoder, open_reader=read_in_process(encoder) if nodes else read_here)
    done.set()


def _kill_sync(store: Path, folder: Path, seconds: float | None, nodes: bool) -> bool:
    """Start a sync and kill it after so many seconds; false where it had ended before.

    ``None`` waits until it writes search files, or merges them afterwards: both take too little time to be hit by
    chance.
    """
    context = multiprocessing.get_context("spawn")
    ready, done = context.Event(), context.Event()
    child = context.Process(target=_sync_in_child, args=(store, folder, nodes, ready, done))
    child.start()
    if not ready.wait(120):
        raise RuntimeError("the child did not start")
    if seconds is None:
        while not done.is_set() and not _holds(store / "search", "*.partial/*"):
            time.sleep(0.0005)
    else:
        time.sleep(seconds)
    child.kill()
    child.join()
    return not done.is_set()


def _holds(folder: Path, pattern: str) -> bool:
    """Whether files of that pattern are there; a folder may go while it is looked through."""
    try:
        return any(folder.glob(pattern))
    except FileNotFoundError:
        return False


def generation_of(store: Path) -> int:
    """Count the changes of a store; -1 where there is none yet."""
    if not Store.exists(store):
        return -1
    with closing(Store.open(store)) as opened:
        return opened.database.generation


def _place(store: Path, began: int) -> str:
    """Tell how far the killed sync had come."""
    generation = generation_of(store)
    if generation == began:
        return "nothing stored yet"
    with closing(Store.open(store)) as opened:
        if _holds(opened.snapshot_folder, "compaction.partial/*"):
            return "in a compaction"
        if opened.is_current:
            return "search files written"
        if _holds(opened.snapshot_folder, "*.partial/*"):
            return "search files half written"
    return "between batches"


def wrong_after_kill(store: Path, allowed: dict[str, set[str | None]]) -> list[str]:
    """Tell which articles of a store are in none of the states that they may be in, and what else is wrong with it."""
    if not Store.exists(store):
        return []
    try:
        with closing(Store.open(store)) as opened:
            return wrong_articles(opened, allowed)
    except IndexingError as error:
        return [f"the store does not open: {error}"]


def wrong_articles(store: Store, allowed: dict[str, set[str | None]]) -> list[str]:
    """Tell what is lost, doubled or mixed in an open store."""
    encoder, database = CrashEncoder(), store.database
    wrong = [fault] if (fault := database.integrity_fault()) else []
    spans: dict[str, list[tuple[int, int]]] = {}
    for chunk in database.chunks(numbers := database.chunk_numbers()).values():
        spans.setdefault(chunk.article.id, []).append((chunk.start, chunk.end))
    held = {info.id: database.article(info.id) for info in database.articles()}
    for article_id in {*allowed, *held}:
        article = held.get(article_id)
        if (article.text if article else None) not in allowed.get(article_id, {None}):
            wrong.append(f"{article_id} is {'in no state it ever had' if article else 'lost'}")
        elif article:
            cut = [(chunk.start, chunk.end) for chunk in split(article, encoder.count_tokens, CHUNK_TOKENS)]
            if sorted(spans.get(article_id, [])) != cut:
                wrong.append(f"{article_id} does not have the passages of its text")
    if sorted(store.snapshot().chunks.tolist()) != sorted(numbers):
        wrong.append("the search files hold other passages than the database")
    return wrong


def wrong_after_sync(store: Path, folder: Path, articles: dict[str, str]) -> list[str]:
    """Sync once more, and tell what is then not as the folder has it."""
    encoder = CrashEncoder()
    try:
        with closing(Store.create(store, encoder.name, encoder.dimension, CHUNK_TOKENS)) as opened:
            problems = sync(opened, folder, encoder).problems
            wrong = [f"not read: {problem.source}: {problem.reason}" for problem in problems]
            wrong += [check.fault for check in verify_store(opened, encoder).checks if check.fault]
            return wrong + wrong_articles(opened, {key: {text} for key, text in articles.items()})
    except IndexingError as error:
        return [f"the next sync fails: {error}"]


def print_violations(summary: str, violations: Sequence[str]) -> int:
    """Print what was done and every violation; the exit code, 1 where there is any."""
    lines = [
        summary,
        *(f"VIOLATION {violation}" for violation in violations),
        f"{len(violations)} violations",
    ]
    print_text("\n".join(lines) + "\n")
    return 1 if violations else 0


def crash_parser(module: str, doc: str | None, killed: str) -> argparse.ArgumentParser:
    """The options of a command that kills: how often, and by which seed, a new one by default."""
    seed = {"default": random.SystemRandom().randrange(1_000_000), "help": "repeat the run of this seed"}
    parser = command_parser(module, doc, seed=seed)
    parser.add_argument("--kills", type=positive, default=100, metavar="N", help=f"{killed} (default 100)")
    return parser


def _measure(args: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory() as folder:
        report = crash(Path(folder), args.kills, args.seed, nodes=args.nodes)
    places = ", ".join(f"{times} {place}" for place, times in report.fell.most_common())
    summary = f"{report.kills} syncs killed ({places}), {report.syncs} carried to the end in between"
    return print_violations(f"seed {args.seed}: {summary}", report.violations)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 1 where an article was lost, doubled or mixed."""
    parser = crash_parser("eval.benchmarks.crash", __doc__, "syncs to kill")
    parser.add_argument("--nodes", action="store_true", help="read by what the nodes of a cluster run")
    return run_command(_measure, parser.parse_args(arguments))


if __name__ == "__main__":
    sys.exit(main())
