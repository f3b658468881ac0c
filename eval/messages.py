"""Are messages told apart, and questions about the collection answered? ``python -m eval.messages --store STORE``.

The rows of ``eval/messages.jsonl`` are put to a store of ``eval/corpus``: the ``kind`` that is right, the ``articles``
that must be cited and no others, by the beginning of their names, and what the answer ``says``.  Nothing of them is
trained on.  "Tháng trước" is counted from the 28th of June 2024.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from eval.errors import EvaluationError, QuestionError
from eval.report.tables import align
from index.errors import IndexingError
from index.schema import Filters
from index.text.normalise import normalise
from rag.errors import AnsweringError
from rag.query.retrieve import Retriever
from rag.replying import parts_of, talk, told
from rag.schema import COLLECTION, TALK, Answer, Kind

_FILE = Path(__file__).parent / "messages.jsonl"
_TODAY = date(2024, 6, 28)


@dataclass(frozen=True, slots=True)
class Message:
    """A message with what is right; no ``articles`` means that none are looked at."""

    message: str
    kind: Kind
    articles: tuple[str, ...] = ()
    says: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a message was taken for, and whether its answer is right, ``None`` where nothing is to be looked at."""

    message: Message
    kind: Kind
    right: bool | None
    text: str


def read_messages(path: Path = _FILE) -> list[Message]:
    """The rows of a file; raises QuestionError for one that is not whole."""
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            row = json.loads(line)
            rows.append(
                Message(
                    row["message"], row["kind"], tuple(row.get("articles", ())), tuple(row.get("says", ()))
                )
            )
        except (ValueError, KeyError, TypeError) as error:
            raise QuestionError(f"{path}, line {number} is no message: {error!r}.") from error
    return rows


def put(retriever: Retriever, message: Message) -> Outcome:
    """Take a message as the assistant takes it, and look at what is said."""
    kind = retriever.kind(message.message)
    if kind in TALK:
        answer = talk(retriever, kind, message.message)
    elif kind in COLLECTION:
        answer = told(retriever, kind, message.message, (), Filters())
    else:
        parts, _ = parts_of(kind, normalise(message.message), ())
        taken: Kind = "several" if len(parts) > 1 else kind
        return Outcome(message, taken, False if message.articles or message.says else None, "")
    looked_at = bool(message.articles or message.says)
    return Outcome(message, kind, is_right(message, answer) if looked_at else None, answer.text)


def is_right(message: Message, answer: Answer) -> bool:
    """Whether an answer says what it must, and cites the articles that it must and no others."""
    cited = {citation.hit.chunk.article.id.split("-")[0] for citation in answer.citations}
    spoken = f"{answer.text}\n{answer.remark}"
    return all(words in spoken for words in message.says) and (
        not message.articles or cited == set(message.articles)
    )


def outcome_table(outcomes: Sequence[Outcome]) -> str:
    """How many of each kind were taken rightly and answered rightly."""
    table = [["kind", "rows", "kind right", "looked at", "answer right"]]
    for kind in [*dict.fromkeys(one.message.kind for one in outcomes), "all"]:
        rows = [one for one in outcomes if kind in ("all", one.message.kind)]
        looked_at = [one for one in rows if one.right is not None]
        table.append(
            [
                kind, str(len(rows)), str(sum(one.kind == one.message.kind for one in rows)),
                str(len(looked_at)), str(sum(bool(one.right) for one in looked_at)),
            ]
        )  # fmt: skip
    return align(table)


def main(arguments: Sequence[str] | None = None) -> int:
    """Put every message and print the table, then what went wrong; 1 when an error was told on stderr."""
    from rag.assemble import open_retriever
    from rag.config import read_config

    parser = argparse.ArgumentParser(
        prog="python -m eval.messages", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--store", type=Path, required=True, metavar="DIR", help="store of eval/corpus")
    parser.add_argument("--config", type=Path, metavar="FILE")
    args = parser.parse_args(arguments)
    try:
        retriever = open_retriever(read_config(args.config), args.store)
        retriever.today = lambda: _TODAY
        outcomes = [put(retriever, message) for message in read_messages()]
    except (EvaluationError, IndexingError, AnsweringError, OSError) as error:
        sys.stderr.write(f"hoidap: {error}\n")
        return 1
    sys.stdout.write(outcome_table(outcomes))
    for one in outcomes:
        if one.kind != one.message.kind or one.right is False:
            sys.stdout.write(
                f"\n{one.message.message}\n  {one.message.kind}, taken for {one.kind}: {one.text}\n"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
