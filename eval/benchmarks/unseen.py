"""Questions on articles that nothing learnt from: ``python -m eval.benchmarks.unseen DATA [DATA …] --store DIR``.

The development questions of training data go through the whole assistant, over a store that holds their passages among
other articles; ``--articles FILE`` writes the passages as articles to be synced with those.  They are graded as by
``eval.benchmarks.several``: a told one is right when its answer's values, names or words are told and its sentence is
cited, an absent one when it is refused.  A turn of a conversation comes after the questions before it.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from eval.answerers import assistant_of
from eval.benchmarks.several import Asked, Graded, Needed, grade, summary, table
from eval.command_options import bar, command_parser, positive, print_text, run_command
from eval.files import write_measurement
from index.text.normalise import normalise
from rag.assistant import Assistant
from rag.schema import Turn
from rag.training.data import Question, TrainingData, read_training_data

_KINDS = ("fact", "number", "paraphrase", "reason", "list", "hard", "conversation", "absent")


def sample(data: TrainingData, kinds: Sequence[str], each: int | None, seed: int) -> list[Question]:
    """At most ``each`` development questions of every kind, drawn by ``seed``."""
    rng = random.Random(seed)
    drawn: list[Question] = []
    for kind in sorted(set(kinds)):
        some = [question for question in data.questions if (question.split, question.kind) == ("dev", kind)]
        drawn += some if each is None else rng.sample(some, min(each, len(some)))
    return drawn


def measure(assistant: Assistant, asked: Sequence[Question], data: TrainingData) -> list[Graded]:
    """Ask every question after those that it follows, and grade its answer."""
    graded = []
    for question in bar(asked, "unseen"):
        history = [Turn(text) for text in question.earlier]
        answer = assistant.answer(question.follow_up or question.text, history)
        graded.append(grade(_needed(question, data), answer))
    return graded


def articles(data: TrainingData) -> list[dict[str, Any]]:
    """The development passages as rows of a file of articles."""
    return [
        {"id": passage.id, "title": passage.title, "text": "\n".join(passage.sentences)}
        | ({"date": passage.date.isoformat()} if passage.date else {})
        for passage in data.passages.values()
        if passage.split == "dev"
    ]


def _needed(question: Question, data: TrainingData) -> Asked:
    """Any of the sentences that tell it will do: the one that holds the answer, else the first."""
    needed = []
    for evidence in question.evidence:
        sentences = [data.passages[evidence.passage].sentences[number] for number in evidence.sentences]
        for answer in evidence.answers or (question.reply,):
            holder = next((sentence for sentence in sentences if answer in sentence), sentences[0])
            needed.append(Needed(evidence.passage, normalise(holder), normalise(answer)))
    return Asked(question.kind, question.text, tuple(needed), normalise(question.reply))


def _measure(args: argparse.Namespace) -> None:
    data = read_training_data(args.data)
    if args.articles:
        lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in articles(data))
        args.articles.write_text("".join(lines), encoding="utf-8")
        return
    assistant = assistant_of(args)
    graded = measure(assistant, sample(data, args.kinds, args.each, args.seed), data)
    reader = assistant.reader.name
    print_text(f"{reader}\n\n{table(graded)}\n")
    write_measurement(args.out, reader=reader, scores=summary(graded), rows=graded)


def main(arguments: Sequence[str] | None = None) -> int:
    """Ask, print the table and write the rows; or write the articles that the store must hold."""
    store = {"help": "with the passages among other articles"}
    parser = command_parser(
        "eval.benchmarks.unseen", __doc__, "config", "out", store=store, seed={"default": 1}
    )
    add = parser.add_argument
    add("data", type=Path, nargs="+", metavar="DATA", help="folders of training data")
    add("--articles", type=Path, metavar="FILE", help="write the passages as .jsonl, and end")
    add("--kinds", nargs="+", default=_KINDS, metavar="KIND")
    add("--each", type=positive, metavar="N", help="at most N questions of a kind")
    args = parser.parse_args(arguments)
    if (args.store is None) == (args.articles is None):
        parser.error("name a --store to ask, or a file for the --articles that it must hold")
    return run_command(_measure, args)


if __name__ == "__main__":
    sys.exit(main())
