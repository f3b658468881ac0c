"""Are the kinds of messages recognised, and questions about the collection answered?

``python -m eval.benchmarks.messages --store STORE`` tells.

The rows of ``eval/messages.jsonl`` are put to a store of ``eval/corpus``: the ``kind`` that is right, the ``articles``
that must be cited and no others, by the beginning of their names, and what the answer ``says``.  Nothing of them is
trained on.  "Tháng trước" is counted from the 28th of June 2024.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from eval.command_options import command_parser, print_text, run_command
from eval.files import HERE, read_rows
from eval.report.tables import table_by_kind
from index.schema import Filters
from index.text.normalise import normalise
from rag.config import read_config
from rag.other_messages import collection_answer, small_talk_answer, split_message
from rag.retrieval.retrieve import Retriever
from rag.schema import COLLECTION_KINDS, SMALL_TALK_KINDS, Answer, MessageKind

_TODAY = date(2024, 6, 28)


@dataclass(frozen=True, slots=True)
class Message:
    """A message with what is right; no ``articles`` means that none are looked at."""

    message: str
    kind: MessageKind
    articles: tuple[str, ...] = ()
    says: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a message was taken for, and whether its answer is right, ``None`` where nothing is to be looked at."""

    message: Message
    kind: MessageKind
    right: bool | None
    text: str


def read_messages(path: Path = HERE / "messages.jsonl") -> list[Message]:
    """The rows of a file; raises QuestionError for one that is not whole."""
    return list(read_rows(path, Message))


def put(retriever: Retriever, message: Message) -> Outcome:
    """Take a message as the assistant takes it, and look at what is said."""
    kind = retriever.kind(message.message)
    looked_at = bool(message.articles or message.says)
    if kind in SMALL_TALK_KINDS:
        answer = small_talk_answer(retriever, kind, message.message)
    elif kind in COLLECTION_KINDS:
        answer = collection_answer(retriever, kind, message.message, (), Filters())
    else:
        parts, _ = split_message(kind, normalise(message.message), ())
        return Outcome(message, "several" if len(parts) > 1 else kind, False if looked_at else None, "")
    return Outcome(message, kind, is_right(message, answer) if looked_at else None, answer.text)


def is_right(message: Message, answer: Answer) -> bool:
    """Whether an answer says what it must, and cites the articles that it must and no others."""
    cited = {citation.hit.chunk.article.id.split("-")[0] for citation in answer.citations}
    spoken = f"{answer.text}\n{answer.remark}"
    cites = not message.articles or cited == set(message.articles)
    return cites and all(words in spoken for words in message.says)


def outcome_table(outcomes: Sequence[Outcome]) -> str:
    """How many of each kind were taken rightly and answered rightly."""
    return table_by_kind(
        [(outcome.message.kind, outcome) for outcome in outcomes],
        {
            "rows": len,
            "kind right": lambda rows: sum(outcome.kind == outcome.message.kind for outcome in rows),
            "looked at": lambda rows: sum(outcome.right is not None for outcome in rows),
            "answer right": lambda rows: sum(bool(outcome.right) for outcome in rows),
        },
    )


def _measure(args: argparse.Namespace) -> None:
    from rag.assemble import open_retriever

    retriever = open_retriever(read_config(args.config), args.store)
    retriever.today = lambda: _TODAY
    outcomes = [put(retriever, message) for message in read_messages()]
    print_text(outcome_table(outcomes))
    for outcome in outcomes:
        if outcome.kind != outcome.message.kind or outcome.right is False:
            print_text(
                f"\n{outcome.message.message}\n  {outcome.message.kind}, taken for {outcome.kind}: {outcome.text}\n"
            )


def main(arguments: Sequence[str] | None = None) -> int:
    """Put every message and print the table, then what went wrong; 1 when an error was printed on stderr."""
    store = {"required": True, "help": "store of eval/corpus"}
    parser = command_parser("eval.benchmarks.messages", __doc__, "config", store=store)
    return run_command(_measure, parser.parse_args(arguments))


if __name__ == "__main__":
    sys.exit(main())
