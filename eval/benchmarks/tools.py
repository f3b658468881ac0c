"""The tools measured: ``python -m eval.benchmarks.tools --store DIR``, a store of ``eval/corpus``.

A table over 40 articles with ten columns, ``sets/table.json``: of each cell it is known what the article tells, or that
it does not.  A text of true, falsified and untold sentences, ``sets/check.jsonl``.  Both were written by reading the
articles; no threshold was chosen on them.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eval.benchmarks.figures import clocked
from eval.command_options import command_parser, print_text, run_command
from eval.files import HERE, read_lines, write_measurement
from eval.metrics.answers import has_value
from index.schema import Filters
from index.text.normalise import fold
from index.text.values import find_values
from rag.assemble import open_reader, open_retriever
from rag.config import read_config
from rag.reader.calibrated_reader import CalibratedReader
from rag.reader.calibration import load_calibration
from rag.reader.model import Reader
from rag.retrieval.retrieve import Retriever
from rag.tools.check_text import check_text
from rag.tools.table import Cell, tabulate

VERDICTS = ("supported", "contradicted", "not_found")


@dataclass(frozen=True, slots=True)
class GradedCell:
    """A cell with what was said and what is right, ``""`` for nothing."""

    question: str
    article: str
    said: str
    right: str
    grade: str
    certainty: float | None
    quote: str


@dataclass(frozen=True, slots=True)
class GradedSentence:
    """A sentence with the verdict given and the right one."""

    sentence: str
    right: str
    given: str
    said: str
    told: str
    other: str
    quote: str


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of the clock and of the processor, all threads together."""

    clock: float
    processor: float

    def __str__(self) -> str:
        return f"  {self.clock:.1f} s, {self.processor:.1f} s of processor time"


def grade(value: str, right: str, may: str = "") -> str:
    """Grade a cell: ``right``, ``wrong`` (another value, or one where there is none), or ``missed``."""
    if not value:
        return "missed" if right else "right"
    return "right" if any(accepted and _agree(value, accepted) for accepted in (right, may)) else "wrong"


def _agree(said: str, right: str) -> bool:
    """Whether what is said holds the right words, or the same value and no other."""
    if fold(right) in fold(said):
        return True
    given = find_values(said)
    return bool(given) and all(has_value(right, value) for value in given)


def measure_table(retriever: Retriever, reader: Reader) -> tuple[list[GradedCell], Spent]:
    """Make the table and grade every cell."""
    asked = json.loads((HERE / "sets" / "table.json").read_text(encoding="utf-8"))
    columns, articles = asked["columns"], asked["articles"]
    questions = [column["question"] for column in columns]
    filters = Filters(sources=tuple(articles))
    calibrated = CalibratedReader(reader, load_calibration())
    table, seconds = clocked(lambda: tabulate(retriever, calibrated, questions, filters))
    rows = {row.article.id: row.cells for row in table.rows}
    graded = [
        _graded(column, article, rows[article][number] if article in rows else None)
        for number, column in enumerate(columns)
        for article in articles
    ]
    return graded, Spent(*seconds)


def _graded(column: Mapping[str, Any], article: str, cell: Cell | None) -> GradedCell:
    right, may = column["told"].get(article, ""), column["may_tell"].get(article, "")
    value, certainty, quote = (cell.value, round(cell.certainty, 3), cell.quote) if cell else ("", None, "")
    return GradedCell(column["question"], article, value, right, grade(value, right, may), certainty, quote)


def measure_check(retriever: Retriever, reader: Reader) -> tuple[list[GradedSentence], Spent]:
    """Check the text and grade every sentence."""
    rows = [json.loads(line) for line in read_lines(HERE / "sets" / "check.jsonl")]
    paragraphs: dict[int, list[str]] = {}
    for row in rows:
        paragraphs.setdefault(row["paragraph"], []).append(row["sentence"])
    text = "\n".join(map(" ".join, paragraphs.values()))
    checked, seconds = clocked(lambda: check_text(retriever, reader, text))
    graded = []
    for row, sentence in zip(rows, checked.sentences, strict=True):
        source = sentence.source
        quote = source.article.text[source.start : source.end] if source else ""
        right, other = row["verdict"], row.get("other", "")
        graded.append(
            GradedSentence(
                row["sentence"], right, sentence.verdict, sentence.claimed, sentence.stated, other, quote
            )
        )
    return graded, Spent(*seconds)


def table_summary(cells: Sequence[GradedCell], spent: Spent) -> str:
    """The measures of the table in lines."""
    grades, telling = [cell.grade for cell in cells], [cell.grade for cell in cells if cell.right]
    return (
        f"table: {len(cells)} cells, {len(telling)} of them told\n"
        f"  {_shares(grades, 'right', 'wrong')}\n"
        f"  of the told ones: {_shares(telling, 'right', 'wrong', 'missed')}\n"
        f"{spent}\n"
    )


def check_summary(sentences: Sequence[GradedSentence], spent: Spent) -> str:
    """The measures of the checked text in lines."""
    lines = [f"check: {len(sentences)} sentences"]
    for right in VERDICTS:
        given = [sentence.given for sentence in sentences if sentence.right == right]
        lines.append(f"  {right} ({len(given)}): {_shares(given, *VERDICTS)}")
    return "\n".join([*lines, f"{spent}\n"])


def _shares(given: Sequence[str], *names: str) -> str:
    return ", ".join(f"{name} {given.count(name) / len(given):.3f}" for name in names)


def _measure(args: argparse.Namespace) -> None:
    config = read_config(args.config)
    retriever, reader = open_retriever(config, args.store), open_reader(config)
    reader.read("khởi động", [("", "Khởi động.")])
    retriever.encoder.encode_queries(["khởi động"])
    measured: dict[str, object] = {}
    if args.only != "check":
        cells, spent = measure_table(retriever, reader)
        print_text(table_summary(cells, spent))
        measured["table"] = {"spent": spent, "cells": cells}
    if args.only != "table":
        sentences, spent = measure_check(retriever, reader)
        print_text(check_summary(sentences, spent))
        measured["check"] = {"spent": spent, "sentences": sentences}
    write_measurement(args.out, **measured)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and keep every row with ``--out``."""
    store = {"required": True, "help": "a store of eval/corpus"}
    parser = command_parser("eval.benchmarks.tools", __doc__, "config", "out", store=store)
    parser.add_argument("--only", choices=["table", "check"], help="measure this alone")
    return run_command(_measure, parser.parse_args(arguments))


if __name__ == "__main__":
    sys.exit(main())
