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
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tqdm import tqdm

from eval.benchmarks.several import Asked, Graded, Needed, grade, summary, table
from index.errors import IndexingError
from index.text.normalise import normalise
from rag.assemble import open_assistant
from rag.assistant import Assistant
from rag.config import read_config
from rag.errors import AnsweringError
from rag.schema import Turn
from rag.training.data import Question, TrainingData, read_training_data

_KINDS = ("fact", "number", "paraphrase", "reason", "list", "hard", "conversation", "absent")


def sample(data: TrainingData, kinds: Sequence[str], each: int | None, seed: int) -> list[Question]:
    """At most ``each`` development questions of every kind, drawn by ``seed``."""
    by_kind: dict[str, list[Question]] = defaultdict(list)
    for question in data.questions:
        if question.split == "dev" and question.kind in kinds:
            by_kind[question.kind].append(question)
    rng = random.Random(seed)
    return [
        one
        for _, some in sorted(by_kind.items())
        for one in (some if each is None else rng.sample(some, min(each, len(some))))
    ]


def measure(assistant: Assistant, asked: Sequence[Question], data: TrainingData) -> list[Graded]:
    """Ask every question after those that it follows, and grade its answer."""
    graded = []
    for question in tqdm(asked, desc="unseen", disable=None):
        history = [Turn(text) for text in question.follows]
        answer = assistant.answer(question.asked or question.text, history)
        graded.append(grade(_needed(question, data), answer))
    return graded


def articles(data: TrainingData) -> list[dict[str, Any]]:
    """The development passages as rows of a file of articles."""
    return [
        {"id": one.id, "title": one.title, "text": "\n".join(one.sentences)}
        | ({"date": one.date.isoformat()} if one.date else {})
        for one in data.passages.values()
        if one.split == "dev"
    ]


def _needed(question: Question, data: TrainingData) -> Asked:
    """Any of the sentences that tell it will do: the one that holds the answer, else the first."""
    needed = []
    for one in question.evidence:
        sentences = [data.passages[one.passage].sentences[number] for number in one.sentences]
        for answer in one.answers or (question.reply,):
            holder = next((sentence for sentence in sentences if answer in sentence), sentences[0])
            needed.append(Needed(one.passage, normalise(holder), normalise(answer)))
    return Asked(question.kind, question.text, tuple(needed), normalise(question.reply))


def main(arguments: Sequence[str] | None = None) -> int:
    """Ask, print the table and write the rows; or write the articles that the store must hold."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.benchmarks.unseen", description=(__doc__ or "").split("\n\n")[0]
    )
    parser.add_argument("data", type=Path, nargs="+", metavar="DATA", help="folders of training data")
    parser.add_argument("--store", type=Path, metavar="DIR", help="with the passages among other articles")
    parser.add_argument("--articles", type=Path, metavar="FILE", help="write the passages as .jsonl, and end")
    parser.add_argument("--kinds", nargs="+", default=_KINDS, metavar="KIND")
    parser.add_argument("--each", type=int, metavar="N", help="at most N questions of a kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--config", type=Path, metavar="FILE")
    parser.add_argument("--out", type=Path, metavar="FILE", help="the rows as JSON")
    args = parser.parse_args(arguments)
    if (args.store is None) == (args.articles is None):
        parser.error("name a --store to ask, or a file for the --articles that it must hold")
    try:
        data = read_training_data(args.data)
        if args.articles:
            lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in articles(data))
            args.articles.write_text("".join(lines), encoding="utf-8")
            return 0
        assistant = open_assistant(read_config(args.config), args.store)
        graded = measure(assistant, sample(data, args.kinds, args.each, args.seed), data)
    except (IndexingError, AnsweringError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    scores = summary(graded)
    sys.stdout.write(f"{assistant.reader.name}\n\n{table(scores)}\n")
    if args.out:
        kept = {"reader": assistant.reader.name, "scores": scores, "rows": [asdict(one) for one in graded]}
        args.out.write_text(json.dumps(kept, ensure_ascii=False, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
