"""What each family of rules beside the trained models is worth: ``python -m eval.benchmarks.ablation --store DIR``.

The same questions are asked with all rules, and with each family switched off.  What the reader and the language model
say to the same input is remembered, so that only what a family changes is computed anew.
"""

from __future__ import annotations

import argparse
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import TypeAlias
from unittest.mock import patch

from eval.answerers import AssistantAnswerer, assistant_of
from eval.benchmarks.several import NoWriter
from eval.command_options import bar, command_parser, print_text, run_command
from eval.metrics.intervals import mcnemar
from eval.report.tables import align
from eval.run import ask
from eval.schema import Question, Row
from eval.sets.questions import choose, read_questions
from rag.assistant import Assistant
from rag.proof.verify import Verified, verify
from rag.query.condense import Condensed
from rag.reader.decode import Judgement, PassageReading
from rag.reader.model import Reader
from rag.schema import Evidence, Reading
from rag.writer.generator import GenerationEvent, Generator, Prompt

Rule: TypeAlias = tuple[str, str, object]
"""A module, a name in it, and what stands there instead."""


def _first(first: object, *others: object, **named: object) -> object:
    return first


def _nothing(*given: object, **named: object) -> None:
    return None


def _unjudged(draft: str, reading: Reading, given: Sequence[Evidence], reader: Reader, _: float) -> Verified:
    return verify(draft, reading, given, reader, 0.0)


FAMILIES: Mapping[str, tuple[Rule, ...]] = {
    "typing errors": (("rag.retrieval.retrieve", "correct_typing", _first),),
    "accents restored": (("rag.retrieval.retrieve", "restore_accents", _first),),
    "follow-ups written out": (
        ("rag.retrieval.retrieve", "condense", lambda question, *given: Condensed(question)),
    ),
    "time counted from today": (("rag.retrieval.retrieve", "relative_period", _nothing),),
    "several questions in one": (
        ("rag.assistant", "split_message", lambda kind, message, history: ((message,), history)),
    ),
    "passages that repeat others": (
        ("rag.retrieval.retrieve", "deduplicate", lambda hits, k: list(hits[:k])),
    ),
    "title is no answer": (("rag.reader.calibrated_reader", "_after_title", lambda hit: 0),),
    "sentences of another year": (("rag.reader.calibrated_reader", "_OTHER_YEAR", 0.0),),
    "the cell that is asked for": (
        ("rag.reader.calibrated_reader", "focus_on_named_cells", lambda question, evidence: evidence),
    ),
    "orders in articles": (("rag.reader.calibrated_reader", "injected_spans", lambda text: []),),
    "another subject than asked": (("rag.assistant", "drop_irrelevant", _first),),
    "articles that tell all names": (("rag.assistant", "only_matching_articles", _first),),
    "several articles, calculation": (("rag.assistant", "answer_several", _nothing),),
    "values and names proved": (
        ("rag.proof.verify", "is_grounded", lambda statement, question, cited: True),
    ),
    "support judged": (("rag.assistant", "verify", _unjudged),),
    "whether a reply answers": (("rag.assistant", "answers_question", lambda *given: True),),
}
"""What stands instead of each family: the neutral thing of its kind."""


class RememberingReader:
    """Reads and judges nothing twice."""

    def __init__(self, reader: Reader) -> None:
        self._reader, self.name = reader, reader.name
        self._read: dict[tuple[str, str, str], PassageReading] = {}
        self._judged: dict[tuple[str, str, str, str], Judgement] = {}

    def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[PassageReading]:
        """As the reader does."""
        new = [passage for passage in dict.fromkeys(passages) if (question, *passage) not in self._read]
        for passage, reading in zip(new, self._reader.read(question, new) if new else (), strict=True):
            self._read[(question, *passage)] = reading
        return [self._read[(question, *passage)] for passage in passages]

    def judge(self, claims: Sequence[tuple[str, str, str, str]]) -> list[Judgement]:
        """As the reader does."""
        new = [claim for claim in dict.fromkeys(claims) if claim not in self._judged]
        self._judged.update(zip(new, self._reader.judge(new) if new else (), strict=True))
        return [self._judged[claim] for claim in claims]


class RememberingGenerator:
    """Writes nothing twice; it writes greedily, so that the same prompt has the same reply."""

    def __init__(self, generator: Generator) -> None:
        self._generator = generator
        self.name, self.context_tokens = generator.name, generator.context_tokens
        self.trained, self.count_tokens = generator.trained, generator.count_tokens
        self._written: dict[Prompt, list[GenerationEvent]] = {}

    def generate(
        self, prompt: Prompt, *, max_tokens: int, stop: threading.Event, seconds: float
    ) -> Iterator[GenerationEvent]:
        """As the generator does."""
        if prompt not in self._written:
            events = self._generator.generate(prompt, max_tokens=max_tokens, stop=stop, seconds=seconds)
            self._written[prompt] = list(events)
        yield from self._written[prompt]


@dataclass(frozen=True, slots=True)
class Contribution:
    """A family: its answers that differ, right ones that it brings and costs, and false ones with a proof mark.

    ``won`` are right with it only, ``lost`` without it only.
    """

    family: str
    changed: int
    won: int
    lost: int
    marked_wrong: int
    marked_wrong_without: int


def measure(
    assistant: Assistant, questions: Sequence[Question], families: Mapping[str, tuple[Rule, ...]] = FAMILIES
) -> tuple[list[Row], list[Contribution]]:
    """Ask all questions with all rules and without each family."""
    answerer = AssistantAnswerer(assistant, {})

    def rows(what: str) -> list[Row]:
        return [ask(answerer, question).row for question in bar(questions, what)]

    whole = rows("all rules")
    found = []
    for family, rules in families.items():
        with without(rules):
            found.append(contribution(family, whole, rows(f"without: {family}")))
    return whole, found


@contextmanager
def without(rules: Sequence[Rule]) -> Iterator[None]:
    """Switch rules off."""
    with ExitStack() as stack:
        for module, name, instead in rules:
            stack.enter_context(patch.object(import_module(module), name, instead))
        yield


def contribution(family: str, whole: Sequence[Row], rows: Sequence[Row]) -> Contribution:
    """Compare the answers to the same questions, with a family and without it."""
    pairs = list(zip(whole, rows, strict=True))
    return Contribution(
        family,
        changed=sum(row.reply.text != other.reply.text for row, other in pairs),
        won=sum(row.scores.right and not other.scores.right for row, other in pairs),
        lost=sum(other.scores.right and not row.scores.right for row, other in pairs),
        marked_wrong=sum(row.scores.marked_wrong for row in whole),
        marked_wrong_without=sum(row.scores.marked_wrong for row in rows),
    )


def table(whole: Sequence[Row], found: Sequence[Contribution]) -> str:
    """The families as a table, those first that are worth most; ``chance`` is McNemar's p of the difference."""
    right = sum(row.scores.right for row in whole)
    rows = [["without", "answers differ", "right no more", "right only so", "false with a mark", "chance"]]
    for entry in sorted(found, key=lambda entry: entry.lost - entry.won):
        counts = (entry.changed, entry.won, entry.lost)
        more = f"{entry.marked_wrong_without - entry.marked_wrong:+d}"
        rows.append([entry.family, *map(str, counts), more, f"{mcnemar(entry.won, entry.lost):.2f}"])
    return f"{len(whole)} questions, {right} right with all rules\n\n{align(rows)}"


def _measure(args: argparse.Namespace) -> None:
    questions = choose(read_questions(args.questions), split=args.split, limit=args.limit, seed=args.seed)
    assistant = assistant_of(args)
    assistant.reader = RememberingReader(assistant.reader)
    assistant.generator = RememberingGenerator(NoWriter() if args.quoted else assistant.generator)
    families = {name: FAMILIES[name] for name in args.only or FAMILIES}
    print_text(f"{table(*measure(assistant, questions, families))}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Ask, and print the table."""
    common = ("questions", "limit", "quoted", "config")
    parser = command_parser(
        "eval.benchmarks.ablation", __doc__, *common, store={"required": True}, seed={"default": 1}
    )
    parser.add_argument("--split", choices=("dev", "test", "all"), default="dev")
    parser.add_argument("--only", nargs="+", choices=FAMILIES, metavar="FAMILY", help="these families alone")
    return run_command(_measure, parser.parse_args(arguments))


if __name__ == "__main__":
    sys.exit(main())
