"""``python -m eval.benchmarks.speed``: how fast the product encodes, searches, syncs and answers on this machine.

Each part runs in a process of its own, one after the other, so that its peak memory is its own and no
engine's threads disturb another's.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from eval.benchmarks.speed_answer import measure_answers
from eval.benchmarks.speed_encode import full_passages, measure_encoding
from eval.benchmarks.speed_figures import Benchmark, Part, speed_table
from eval.benchmarks.speed_search import measure_search
from eval.benchmarks.speed_sync import measure_sync
from eval.benchmarks.speed_texts import grow, read_texts
from eval.cli import SEED
from eval.commands import CORPUS, HERE, QUESTIONS
from eval.errors import EvaluationError
from eval.provenance import machine, peak_memory, revision
from eval.sets.questions import choose, read_questions
from index.errors import IndexingError
from rag.config import Config, read_config
from rag.errors import AnsweringError

SIZES = (1_000, 10_000, 100_000)
_ERRORS = (EvaluationError, IndexingError, AnsweringError, OSError)


@dataclass(frozen=True, slots=True)
class Settings:
    """What is measured with what; ``sizes`` are stores in chunks, ``articles`` the files of the synced folder."""

    texts: Path = CORPUS
    questions: Path = QUESTIONS
    config: Path | None = None
    sizes: tuple[int, ...] = SIZES
    articles: int = 10_000
    encoded: int = 64
    rounds: int = 5
    searched: int = 60
    answered: int = 6
    seed: int = SEED


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure the chosen parts and print their table, or JSON; 1 when an error was told on stderr."""
    args = _parser().parse_args(arguments)
    settings = Settings(
        texts=args.texts,
        questions=args.questions,
        config=args.config,
        sizes=args.sizes,
        articles=args.articles,
        encoded=args.encoded,
        rounds=args.rounds,
        seed=args.seed,
    )
    try:
        benchmark = Benchmark(
            created=datetime.now().astimezone().isoformat(timespec="seconds"),
            revision=revision(HERE),
            seed=settings.seed,
            machine=machine(),
            parts=tuple(_in_own_process(name, settings) for name in args.only),
        )
    except _ERRORS as error:
        sys.stderr.write(f"hoidap: {error}\n")
        return 1
    sys.stdout.write(
        json.dumps(asdict(benchmark), ensure_ascii=False, indent=1) + "\n"
        if args.json
        else speed_table(benchmark)
    )
    return 0


def measure(name: str, settings: Settings) -> Part:
    """Measure one part in this process."""
    with tempfile.TemporaryDirectory(prefix="hoidap-speed-") as folder:
        part = PARTS[name](settings, read_config(settings.config), Path(folder))
    return replace(part, peak_bytes=peak_memory(), facts={"texts": settings.texts.name, **part.facts})


def _in_own_process(name: str, settings: Settings) -> Part:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=context) as pool:
        return pool.submit(measure, name, settings).result()


def _encode(settings: Settings, config: Config, folder: Path) -> Part:
    from rag.assemble import open_encoder

    torch = config.model_copy(update={"encoder": config.encoder.model_copy(update={"backend": "torch"})})
    encoder = open_encoder(config)
    passages = full_passages(
        read_texts(settings.texts)[: settings.encoded * 4],
        encoder,
        config.index.chunk_tokens,
        settings.encoded,
    )
    return measure_encoding(encoder, open_encoder(torch), passages, settings.rounds)


def _search(settings: Settings, config: Config, folder: Path) -> Part:
    from rag.assemble import open_encoder

    articles = grow(read_texts(settings.texts), settings.seed)
    questions = _questions(settings, settings.searched)
    return measure_search(
        folder, articles, open_encoder(config), questions, settings.sizes, config.index.chunk_tokens
    )


def _sync(settings: Settings, config: Config, folder: Path) -> Part:
    from rag.assemble import open_encoder

    articles = grow(read_texts(settings.texts), settings.seed)
    return measure_sync(folder, articles, open_encoder(config), settings.articles, config.index.chunk_tokens)


def _answer(settings: Settings, config: Config, folder: Path) -> Part:
    from index.store.store import Store
    from index.sync import sync
    from rag.assemble import open_encoder, open_generator, open_reader
    from rag.assistant import Assistant
    from rag.query.retrieve import Retriever
    from rag.reader.calibration import load_calibration

    encoder, generator = open_encoder(config), open_generator(config)
    store = Store.create(folder, encoder.name, encoder.dimension, config.index.chunk_tokens)
    sync(store, CORPUS, encoder)
    retriever, reader = Retriever(store, encoder), open_reader(config)
    calibration = load_calibration()

    def assistant(passages: int) -> Assistant:
        answer = config.answer.model_copy(update={"passages": passages})
        return Assistant(retriever, reader, generator, calibration, answer, config.llm)

    part = measure_answers(assistant, _questions(replace(settings, questions=QUESTIONS), settings.answered))
    return replace(part, facts={**part.facts, "texts": CORPUS.name})


PARTS: Mapping[str, Callable[[Settings, Config, Path], Part]] = {
    "encode": _encode,
    "search": _search,
    "sync": _sync,
    "answer": _answer,
}


def _questions(settings: Settings, count: int) -> list[str]:
    """Questions that need none before them and can be answered, evenly from the whole file."""
    asked = [
        question.text
        for question in choose(read_questions(settings.questions))
        if not question.follows and not question.absent and question.kind != "unaccented"
    ]
    if not asked:
        raise EvaluationError(
            f"{settings.questions.name} holds no question that stands alone; name another file."
        )
    step = max(1, len(asked) // count)
    return asked[::step][:count]


def _parser() -> argparse.ArgumentParser:
    default = Settings()
    parser = argparse.ArgumentParser(
        prog="python -m eval.benchmarks.speed", description=(__doc__ or "").split("\n")[0]
    )
    add = parser.add_argument
    add("--only", type=_parts, default=tuple(PARTS), metavar="PARTS", help=f"some of: {','.join(PARTS)}")
    add("--texts", type=Path, default=CORPUS, metavar="FILE", help="articles: a folder, or .jsonl[.gz]")
    add("--questions", type=Path, default=QUESTIONS, metavar="FILE", help="questions for the searches")
    add("--sizes", type=_sizes, default=SIZES, metavar="N,N", help="chunks of the searched stores")
    for name, told in (
        ("articles", "files of the synced folder"),
        ("encoded", "passages encoded in a round"),
        ("rounds", "rounds of encoding"),
    ):
        add(
            f"--{name}",
            type=_positive,
            default=getattr(default, name),
            metavar="N",
            help=f"{told} (%(default)s)",
        )
    add("--seed", type=int, default=SEED, help="seed of the grown articles (%(default)s)")
    add("--config", type=Path, default=None, metavar="FILE", help="configuration in TOML")
    add("--json", action="store_true", help="print JSON with every single measurement")
    return parser


def _parts(text: str) -> tuple[str, ...]:
    names = tuple(text.split(","))
    if unknown := sorted(set(names) - set(PARTS)):
        raise argparse.ArgumentTypeError(f"unknown: {', '.join(unknown)}; there are {', '.join(PARTS)}")
    return names


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(_positive(size) for size in text.split(","))


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 on")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
