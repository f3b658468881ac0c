"""Questions over several articles: ``python -m eval.benchmarks.several FOLDER`` asks those of its ``several.jsonl``.

A store is built of the passages of one split, each an article with its title and day, and every question goes through
the whole assistant.  A question is right when each piece of evidence is told with its values and its sentence is cited,
and what follows from them by arithmetic is told too; ``latest`` when that evidence comes first, ``one`` when no other
article is cited.  A question that the articles do not tell is right when it is refused.  Who of a comparison has more
is not graded: the rows hold it only in words.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from eval.command_options import bar, command_parser, print_text, run_command
from eval.errors import QuestionError
from eval.evidence import HALF, overlap
from eval.files import read_lines, write_measurement
from eval.metrics.answers import has_value, name_words
from eval.report.numbers import DASH
from eval.report.tables import table_by_kind
from index.store.store import Store
from index.sync.sync import sync
from index.text.normalise import fold, normalise, syllables
from index.text.values import Value, find_values
from rag.assemble import open_assistant, open_encoder
from rag.assistant import Assistant
from rag.config import Config, read_config
from rag.schema import Answer
from rag.writer.generator import GenerationEvent, Prompt, Started

_WORDS = 0.6
"""The share of the syllables of an evidence without values and names that a reply must hold."""


@dataclass(frozen=True, slots=True)
class Needed:
    """A sentence that tells a part of the answer: its article, the sentence, and its exact words."""

    article: str
    sentence: str
    answer: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a set of like articles; ``reply`` is a good answer, empty where the articles do not tell."""

    kind: str
    question: str
    needed: tuple[Needed, ...]
    reply: str


@dataclass(frozen=True, slots=True)
class Graded:
    """What was answered: ``told`` and ``cited`` of the needed sentences, ``calculated`` where there is to calculate."""

    kind: str
    question: str
    text: str
    manner: str
    told: tuple[bool, ...]
    cited: tuple[bool, ...]
    calculated: bool | None
    right: bool
    single: bool
    seconds: float


class NoWriter:
    """Writes nothing, so that an answer of one article is the sentence that it is found in; costs no time."""

    name = "none"
    context_tokens = 4096
    trained = False

    def count_tokens(self, text: str) -> int:
        """Words, near enough."""
        return len(text.split())

    def generate(
        self, prompt: Prompt, *, max_tokens: int, stop: threading.Event, seconds: float
    ) -> Iterator[GenerationEvent]:
        """Nothing."""
        yield Started(0)


def grade(asked: Asked, answer: Answer) -> Graded:
    """Compare an answer with what was needed for it."""
    text = normalise(answer.text)
    answered = tuple(_is_answered(needed, asked, text) for needed in asked.needed)
    cited = tuple(_is_cited(needed, answer) for needed in asked.needed)
    result = _results(asked)
    calculated = _has_all_values(result, text) if result else None
    articles = [citation.hit.chunk.article.id for citation in answer.citations]
    right = not answer.refused and all(answered) and all(cited) and calculated is not False
    if asked.kind == "absent":
        right = answer.refused
    elif asked.kind == "latest":
        right = right and articles[0] == asked.needed[0].article
    elif asked.kind == "one":
        right = right and set(articles) == {needed.article for needed in asked.needed}
    single = not answer.refused and answer.manner == "sure" and len(set(articles)) == 1
    return Graded(
        asked.kind, asked.question, answer.text, answer.manner, answered, cited, calculated, right, single,
        answer.seconds.total,
    )  # fmt: skip


SCORES: Mapping[str, Callable[[Sequence[Graded]], float | None]] = {
    "questions": len,
    "right": lambda graded: _mean(one.right for one in graded),
    "refused": lambda graded: _mean(one.manner == "not_told" for one in graded),
    "one article": lambda graded: _mean(one.single for one in graded),
    "calculated": lambda graded: _mean(one.calculated for one in graded if one.calculated is not None),
    "seconds": lambda graded: float(np.median([one.seconds for one in graded])) if graded else None,
}
"""The columns of a kind of questions: shares but for their number and the median of the seconds."""


def summary(graded: Sequence[Graded]) -> dict[str, dict[str, float | None]]:
    """Every score by kind; ``None`` where it is undefined."""
    kinds = dict.fromkeys(row.kind for row in graded)
    groups = {kind: [row for row in graded if row.kind == kind] for kind in kinds}
    return {kind: {name: score(some) for name, score in SCORES.items()} for kind, some in groups.items()}


def table(graded: Sequence[Graded]) -> str:
    """The scores as lines of text."""

    def formatted(score: Callable[[Sequence[Graded]], float | None]) -> Callable[[Sequence[Graded]], str]:
        return lambda some: _number(score(some))

    rows = sorted(((graded_row.kind, graded_row) for graded_row in graded), key=lambda row: row[0])
    return table_by_kind(rows, {name: formatted(score) for name, score in SCORES.items()})


def _mean(values: Iterable[bool | None]) -> float | None:
    known = list(values)
    return sum(map(bool, known)) / len(known) if known else None


def _number(value: float | None) -> str:
    return DASH if value is None else str(value) if isinstance(value, int) else f"{value:.2f}"


def read_asked(folder: Path, split: str) -> tuple[list[dict[str, Any]], list[Asked]]:
    """The articles of the sets of a split, as rows of a file of articles, and the questions about them.

    Raises QuestionError where a file is missing or damaged.
    """
    try:
        passages = {row["id"]: row for row in _lines(folder / "passages.jsonl")}
        rows = [row for row in _lines(folder / "several.jsonl") if row["split"] == split]
        asked = [_asked(row, passages) for row in rows]
    except (QuestionError, ValueError, KeyError) as error:
        raise QuestionError(f"{folder} holds no passages.jsonl and several.jsonl to ask: {error}.") from error
    sets = tuple({row["set"] for row in rows})
    articles = [
        {"id": row["id"], "title": row["title"], "text": " ".join(row["sentences"])}
        | ({"date": row["date"]} if row.get("date") else {})
        for row in passages.values()
        if row["id"].startswith(sets)
    ]
    return articles, asked


def measure(assistant: Assistant, asked: Sequence[Asked]) -> list[Graded]:
    """Ask every question and grade its answer."""
    return [grade(question, assistant.answer(question.question)) for question in bar(asked, "several")]


def build(config: Config, articles: Sequence[Mapping[str, Any]], folder: Path) -> Path:
    """Write the articles and build a store of them; returns its folder; QuestionError where one is not stored."""
    source = folder / "articles"
    source.mkdir()
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in articles)
    (source / "articles.jsonl").write_text(text, encoding="utf-8")
    store = folder / "store"
    stored = build_store(config, source, store)
    if stored != len(articles):
        raise QuestionError(f"Of {len(articles)} articles only {stored} could be stored.")
    return store


def build_store(config: Config, articles: Path, store: Path) -> int:
    """Build a store of a folder of articles with the models of a configuration; how many articles it holds."""
    encoder = open_encoder(config)
    with closing(Store.create(store, encoder.name, encoder.dimension, config.index.chunk_tokens)) as empty:
        return sync(empty, articles, encoder).articles


def _asked(row: Mapping[str, Any], passages: Mapping[str, Mapping[str, Any]]) -> Asked:
    needed = tuple(
        Needed(
            evidence["passage"],
            normalise(passages[evidence["passage"]]["sentences"][evidence["sentence"] - 1]),
            normalise(evidence["answer"]),
        )
        for evidence in row["evidence"]
    )
    return Asked(row["kind"], row["question"], needed, normalise(row["reply"]))


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    return (json.loads(line) for line in read_lines(path) if line.strip())


def _is_answered(needed: Needed, asked: Asked, text: str) -> bool:
    """Whether a reply holds the values of the needed words, or where there are none their names, or most words.

    Values that the good reply leaves out, or that the question has, are beside the point where others are left.
    """
    question = normalise(asked.question)
    values = find_values(needed.answer)
    reply_values = [value for value in values if has_value(asked.reply, value)]
    wanted = [value for value in reply_values if not has_value(question, value)] or reply_values
    if wanted:
        return _has_all_values(wanted, text)
    answer_words = set(syllables(fold(text)))
    if named := name_words(needed.answer) - name_words(question):
        return named <= answer_words
    words = set(syllables(fold(needed.answer)))
    return len(words & answer_words) >= _WORDS * len(words)


def _results(asked: Asked) -> list[Value]:
    """The values of a good reply that stand in no evidence, in no question and in no day: what is calculated."""
    if asked.kind != "compare":
        return []
    sources = [normalise(asked.question), *(needed.sentence for needed in asked.needed)]
    return [
        value
        for value in find_values(asked.reply)
        if value.kind not in ("date", "time") and not any(has_value(text, value) for text in sources)
        if not _is_year(value)
    ]


def _is_year(value: Value) -> bool:
    return value.kind == "number" and len(value.canonical) == 4 and value.canonical[:2] in ("19", "20")


def _has_all_values(values: Sequence[Value], text: str) -> bool:
    return all(has_value(text, value) for value in values)


def _is_cited(needed: Needed, answer: Answer) -> bool:
    for citation in answer.citations:
        article = citation.hit.chunk.article
        start = article.text.find(needed.sentence)
        shared = overlap((start, start + len(needed.sentence)), (citation.start, citation.end))
        if article.id == needed.article and start >= 0 and shared >= HALF * len(needed.sentence):
            return True
    return False


def _measure(args: argparse.Namespace) -> None:
    config = read_config(args.config)
    articles, asked = read_asked(args.folder, args.split)
    asked = [question for question in asked if not args.kinds or question.kind in args.kinds]
    if args.limit is not None and args.limit < len(asked):
        asked = random.Random(args.seed).sample(asked, args.limit)
    with tempfile.TemporaryDirectory() as folder:
        assistant = open_assistant(config, build(config, articles, Path(folder)))
        if args.quoted:
            assistant.generator = NoWriter()
        graded = measure(assistant, asked)
    reader = assistant.reader.name
    print_text(f"{len(articles)} articles, {reader}\n\n{table(graded)}\n")
    write_measurement(args.out, reader=reader, scores=summary(graded), rows=graded)


def main(arguments: Sequence[str] | None = None) -> int:
    """Build, ask, print the table and write the rows."""
    parser = command_parser(
        "eval.benchmarks.several", __doc__, "limit", "quoted", "config", "out", seed={"default": 1}
    )
    add = parser.add_argument
    add("folder", type=Path, metavar="FOLDER", help="holds passages.jsonl and several.jsonl")
    add("--split", choices=("train", "dev"), default="dev")
    add("--kinds", nargs="+", metavar="KIND", help="only questions of these kinds")
    return run_command(_measure, parser.parse_args(arguments))


if __name__ == "__main__":
    sys.exit(main())
