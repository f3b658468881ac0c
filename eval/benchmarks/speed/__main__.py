"""``python -m eval.benchmarks.speed``: how fast the product encodes, searches, syncs and answers on this machine.

Each part runs in a process of its own, one after the other, so that its peak memory is its own and no
engine's threads disturb another's.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

from eval.benchmarks.figures import Part, speed_table
from eval.benchmarks.speed.answer import measure_answers
from eval.benchmarks.speed.encode import full_passages, measure_encoding
from eval.benchmarks.speed.search import measure_search
from eval.benchmarks.speed.sync import measure_sync
from eval.benchmarks.speed.texts import grow, read_texts
from eval.command_options import command_parser, names_option, positive, print_json, print_text, run_command
from eval.errors import EvaluationError
from eval.files import CORPUS, QUESTIONS
from eval.provenance import machine, now, peak_memory, revision
from eval.sets.questions import read_questions
from rag.config import Config, read_config

_SEARCHED, _ANSWERED = 60, 6
"""So many questions are searched and answered."""


def measure(name: str, args: argparse.Namespace) -> Part:
    """Measure one part in this process."""
    with tempfile.TemporaryDirectory(prefix="hoidap-speed-") as folder:
        part = PARTS[name](args, read_config(args.config), Path(folder))
    return replace(part, peak_bytes=peak_memory(), facts={"texts": args.texts.name, **part.facts})


def _encode(args: argparse.Namespace, config: Config, folder: Path) -> Part:
    from rag.assemble import open_encoder

    torch = config.model_copy(update={"encoder": config.encoder.model_copy(update={"backend": "torch"})})
    encoder, texts = open_encoder(config), read_texts(args.texts)[: args.encoded * 4]
    passages = full_passages(texts, encoder, config.index.chunk_tokens, args.encoded)
    return measure_encoding(encoder, open_encoder(torch), passages, args.rounds)


def _search(args: argparse.Namespace, config: Config, folder: Path) -> Part:
    from rag.assemble import open_encoder

    articles = grow(read_texts(args.texts), args.seed)
    questions = _questions(args.questions, _SEARCHED)
    tokens = config.index.chunk_tokens
    return measure_search(folder, articles, open_encoder(config), questions, args.sizes, tokens)


def _sync(args: argparse.Namespace, config: Config, folder: Path) -> Part:
    from rag.assemble import open_encoder

    articles = grow(read_texts(args.texts), args.seed)
    return measure_sync(folder, articles, open_encoder(config), args.articles, config.index.chunk_tokens)


def _answer(args: argparse.Namespace, config: Config, folder: Path) -> Part:
    from index.store.store import Store
    from index.sync.sync import sync
    from rag.assemble import open_encoder, open_generator, open_message_classifier, open_reader
    from rag.assistant import Assistant
    from rag.reader.calibration import load_calibration
    from rag.retrieval.retrieve import Retriever

    encoder, generator = open_encoder(config), open_generator(config)
    store = Store.create(folder, encoder.name, encoder.dimension, config.index.chunk_tokens)
    sync(store, CORPUS, encoder)
    retriever = Retriever(store, encoder, open_message_classifier(config, encoder))
    reader, calibration = open_reader(config), load_calibration()

    def assistant(passages: int) -> Assistant:
        answer = config.answer.model_copy(update={"passages": passages})
        return Assistant(retriever, reader, generator, calibration, answer, config.llm)

    part = measure_answers(assistant, _questions(QUESTIONS, _ANSWERED))
    return replace(part, facts={**part.facts, "texts": CORPUS.name})


PARTS: Mapping[str, Callable[[argparse.Namespace, Config, Path], Part]] = {
    "encode": _encode,
    "search": _search,
    "sync": _sync,
    "answer": _answer,
}


def _questions(path: Path, count: int) -> list[str]:
    """Questions that need none before them and can be answered, evenly from the whole file."""
    asked = [
        question.text
        for question in read_questions(path)
        if not question.follows and not question.absent and question.kind != "unaccented"
    ]
    if not asked:
        raise EvaluationError(f"{path.name} holds no question that stands alone; name another file.")
    return asked[:: max(1, len(asked) // count)][:count]


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(map(positive, text.split(",")))


def _measure(args: argparse.Namespace) -> None:
    context = multiprocessing.get_context("spawn")
    parts = []
    for name in args.only:
        with ProcessPoolExecutor(max_workers=1, mp_context=context) as pool:
            parts.append(pool.submit(measure, name, args).result())
    if args.json:
        origin = {"created": now(), "revision": revision(), "seed": args.seed, "machine": machine()}
        print_json({**origin, "parts": parts})
    else:
        print_text(speed_table(parts))


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure the chosen parts and print their table, or JSON; 1 when an error was printed on stderr."""
    seed_option = {"help": "seed of the grown articles (%(default)s)"}
    parser = command_parser("eval.benchmarks.speed", __doc__, "questions", "config", "json", seed=seed_option)
    add, names = parser.add_argument, tuple(PARTS)
    add(
        "--only", type=names_option(names), default=names, metavar="PARTS", help=f"some of: {','.join(names)}"
    )
    add("--texts", type=Path, default=CORPUS, metavar="FILE", help="articles: a folder, or .jsonl[.gz]")
    add("--sizes", type=_sizes, default=(1_000, 10_000, 100_000), metavar="N,N", help="chunks of the stores")
    for name, default, told_of in (
        ("articles", 10_000, "files of the synced folder"),
        ("encoded", 64, "passages encoded in a round"),
        ("rounds", 5, "rounds of encoding"),
    ):
        add(f"--{name}", type=positive, default=default, metavar="N", help=f"{told_of} (%(default)s)")
    return run_command(_measure, parser.parse_args(arguments))


if __name__ == "__main__":
    sys.exit(main())
