"""The tools measured: ``python -m eval.tools --store DIR``, a store of ``eval/corpus``.

A table over 40 articles with ten columns, ``sets/table.json``: of each cell it is known what the article tells, or that
it does not.  A text of true, falsified and untold sentences, ``sets/check.jsonl``.  Both were written by reading the
articles; no threshold was chosen on them.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from eval.printing import print_text
from index.schema import Filters
from index.text.normalise import fold
from index.text.values import find_values, same_value
from rag.assemble import open_reader, open_retriever
from rag.check import check_text
from rag.config import read_config
from rag.reader.calibration import load_calibration
from rag.table import Cell, tabulate

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


def grade(said: str, right: str, may: str = "") -> str:
    """Grade a cell: ``right``, ``wrong`` (another value, or one where none is told), or ``missed``."""
    if not said:
        return "missed" if right else "right"
    return "right" if any(one and _agree(said, one) for one in (right, may)) else "wrong"


def _agree(said: str, right: str) -> bool:
    """Whether what is said holds the right words, or the same value and no other."""
    if fold(right) in fold(said):
        return True
    wanted, given = find_values(right), find_values(said)
    return (
        bool(wanted) and bool(given) and all(any(same_value(one, value) for value in wanted) for one in given)
    )


def measure_table(args: argparse.Namespace) -> tuple[list[GradedCell], Spent]:
    """Make the table and grade every cell."""
    config = read_config(args.config)
    asked = json.loads(_set("table.json"))
    retriever, reader = open_retriever(config, args.store), open_reader(config)
    columns, articles = asked["columns"], asked["articles"]
    reader.read("khởi động", [("", "Khởi động.")])
    retriever.encoder.encode_queries(["khởi động"])
    with _timed() as spent:
        table = tabulate(
            retriever,
            reader,
            load_calibration(),
            [column["question"] for column in columns],
            Filters(sources=tuple(articles)),
        )
    rows = {row.article.id: row for row in table.rows}
    graded = []
    for number, column in enumerate(columns):
        for article in articles:
            cell = rows[article].cells[number] if article in rows else None
            graded.append(_graded(column, article, cell))
    return graded, spent[0]


def _graded(column: Mapping[str, Any], article: str, cell: Cell | None) -> GradedCell:
    right, may = column["told"].get(article, ""), column["may_tell"].get(article, "")
    said = cell.value if cell else ""
    return GradedCell(
        column["question"],
        article,
        said,
        right,
        grade(said, right, may),
        round(cell.certainty, 3) if cell else None,
        cell.quote if cell else "",
    )


def measure_check(args: argparse.Namespace) -> tuple[list[GradedSentence], Spent]:
    """Check the text and grade every sentence."""
    config = read_config(args.config)
    rows = [json.loads(line) for line in _set("check.jsonl").splitlines()]
    paragraphs = dict.fromkeys(row["paragraph"] for row in rows)
    text = "\n".join(
        " ".join(row["sentence"] for row in rows if row["paragraph"] == one) for one in paragraphs
    )
    retriever, reader = open_retriever(config, args.store), open_reader(config)
    reader.read("khởi động", [("", "Khởi động.")])
    retriever.encoder.encode_queries(["khởi động"])
    with _timed() as spent:
        checked = check_text(retriever, reader, text)
    graded = [
        GradedSentence(
            row["sentence"],
            row["verdict"],
            one.verdict,
            one.said,
            one.told,
            row.get("other", ""),
            one.source.article.text[one.source.start : one.source.end] if one.source else "",
        )
        for row, one in zip(rows, checked.sentences, strict=True)
    ]
    return graded, spent[0]


def table_told(cells: Sequence[GradedCell], spent: Spent) -> list[str]:
    """The measures of the table in lines."""
    grades = [cell.grade for cell in cells]
    telling = [cell.grade for cell in cells if cell.right]
    return [
        f"table: {len(cells)} cells, {len(telling)} of them told",
        f"  right {grades.count('right') / len(cells):.3f}, wrong values {grades.count('wrong') / len(cells):.3f}",
        f"  of the told ones: right {telling.count('right') / len(telling):.3f}, "
        f"wrong {telling.count('wrong') / len(telling):.3f}, missed {telling.count('missed') / len(telling):.3f}",
        f"  {spent.clock:.1f} s, {spent.processor:.1f} s of processor time",
    ]


def check_told(sentences: Sequence[GradedSentence], spent: Spent) -> list[str]:
    """The measures of the checked text in lines."""
    lines = [f"check: {len(sentences)} sentences"]
    for right in VERDICTS:
        given = [one.given for one in sentences if one.right == right]
        shares = ", ".join(f"{verdict} {given.count(verdict) / len(given):.3f}" for verdict in VERDICTS)
        lines.append(f"  {right} ({len(given)}): {shares}")
    return [*lines, f"  {spent.clock:.1f} s, {spent.processor:.1f} s of processor time"]


def _set(name: str) -> str:
    return resources.files("eval.sets").joinpath(name).read_text(encoding="utf-8")


@contextmanager
def _timed() -> Iterator[list[Spent]]:
    spent: list[Spent] = []
    clock, processor = time.perf_counter(), time.process_time()
    yield spent
    spent.append(Spent(time.perf_counter() - clock, time.process_time() - processor))


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and keep every row with ``--out``."""
    parser = argparse.ArgumentParser(prog="python -m eval.tools", description=__doc__)
    parser.add_argument("--store", type=Path, required=True, metavar="DIR", help="a store of eval/corpus")
    parser.add_argument("--config", type=Path, metavar="FILE")
    parser.add_argument("--only", choices=["table", "check"], help="measure this alone")
    parser.add_argument("--out", type=Path, metavar="FILE.json", help="where every row goes")
    args = parser.parse_args(arguments)
    kept: dict[str, Any] = {"cores": os.cpu_count()}
    if args.only != "check":
        cells, spent = measure_table(args)
        print_text("\n".join([*table_told(cells, spent), ""]))
        kept["table"] = {"spent": asdict(spent), "cells": [asdict(cell) for cell in cells]}
    if args.only != "table":
        sentences, spent = measure_check(args)
        print_text("\n".join([*check_told(sentences, spent), ""]))
        kept["check"] = {"spent": asdict(spent), "sentences": [asdict(one) for one in sentences]}
    if args.out:
        args.out.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
