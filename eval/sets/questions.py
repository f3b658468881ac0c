"""Files of questions become questions: JSON lines, SQuAD JSON (1.1 and 2.0) or CSV."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from eval.errors import QuestionError
from eval.schema import VERDICTS, Evidence, Question
from eval.sets.squad import squad_questions
from index.text.normalise import normalise

SPELLING, PART = "|", "||"
"""What separates, in one cell of a CSV file, the spellings of a part and the parts of an answer."""

FIELDS = frozenset(
    {"id", "kind", "split", "question", "follows", "standalone", "answers", "evidence", "note", "verdict"}
)
COLUMNS = frozenset(
    {
        *("id", "kind", "split", "question", "follows", "standalone", "note", "verdict"),
        *("answer", "article", "quote"),
    }
)


def read_questions(path: Path) -> tuple[Question, ...]:
    """Read a set of questions; the ending of the name tells the format.

    Raises QuestionError naming the line that cannot be read, and when ids repeat or nothing is asked.
    """
    readers = {".jsonl": _from_jsonl, ".json": _from_squad, ".csv": _from_csv}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise QuestionError(f"{path.name}: questions are read from {', '.join(sorted(readers))} files only.")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise QuestionError(f"There is no file {path}; name a file of questions with --questions.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionError(f"{path} cannot be read as UTF-8 text: {error}.") from error
    questions = tuple(reader(text, path.name))
    if not questions:
        raise QuestionError(f"{path.name} asks nothing; see eval/README.md for the format.")
    seen: set[str] = set()
    for question in questions:
        if question.id in seen:
            raise QuestionError(f"{path.name}: the id {question.id!r} stands twice; give each its own.")
        seen.add(question.id)
    return questions


def choose(
    questions: Sequence[Question],
    *,
    split: str = "all",
    kinds: Sequence[str] = (),
    limit: int | None = None,
    seed: int = 0,
) -> tuple[Question, ...]:
    """Keep one split (``all``: every one) and some kinds (none named: every one).

    ``limit`` keeps a sample of that many, drawn by ``seed`` and in turn from each kind, so that a small one
    still has all kinds; a larger sample of the same seed holds the smaller.  The order of the file is kept.
    Raises QuestionError when nothing is left.
    """
    kept = [q for q in questions if split in ("all", q.split) and (not kinds or q.kind in kinds)]
    if not kept:
        have = ", ".join(sorted({f"{q.split or '-'}/{q.kind}" for q in questions}))
        raise QuestionError(
            f"No question has split {split!r} and kind {', '.join(kinds) or 'any'}; there are: {have}."
        )
    if limit is not None and limit < len(kept):
        kept = [kept[place] for place in _sample(kept, limit, seed)]
    return tuple(kept)


def without_history(questions: Sequence[Question]) -> tuple[Question, ...]:
    """The same questions without a conversation before them: a follow-up by its ``standalone`` wording.

    Raises QuestionError for a follow-up that has none.
    """
    for question in questions:
        if question.follows and not question.standalone:
            raise QuestionError(f"{question.id!r} follows other questions and has no 'standalone' wording.")
    return tuple(
        replace(question, text=question.standalone, follows=()) if question.follows else question
        for question in questions
    )


def _sample(questions: Sequence[Question], limit: int, seed: int) -> list[int]:
    """Draw places, in turn from each kind, in the order of the questions."""
    places: dict[str, list[int]] = {}
    for place, question in enumerate(questions):
        places.setdefault(question.kind, []).append(place)
    order: list[tuple[int, int, int]] = []
    for number, (kind, members) in enumerate(places.items()):
        random.Random(f"{seed} {kind}").shuffle(members)
        order += [(turn, number, place) for turn, place in enumerate(members)]
    return sorted(place for _, _, place in sorted(order)[:limit])


def _from_jsonl(text: str, name: str) -> Iterator[Question]:
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        where = f"{name}, line {number}"
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise QuestionError(f"{where} is not JSON: {error.msg} at column {error.colno}.") from error
        if not isinstance(row, dict):
            raise QuestionError(f'{where} must be a JSON object such as {{"question": …, "answers": …}}.')
        if unknown := sorted(set(row) - FIELDS):
            raise QuestionError(f"{where} has unknown fields: {', '.join(unknown)}.")
        yield _question(row, where, default_id=f"q{number}")


def _question(row: dict[str, Any], where: str, default_id: str) -> Question:
    answers = row.get("answers", [])
    if not isinstance(answers, list) or not all(_texts(part) for part in answers):
        raise QuestionError(
            f'{where}: \'answers\' must be a list of parts, each a list of spellings: [["82 đảng viên", "82"]].'
        )
    evidence = row.get("evidence", [])
    if not isinstance(evidence, list) or not all(_is_evidence(one) for one in evidence):
        raise QuestionError(f'{where}: \'evidence\' must be a list of {{"article": …, "quote": …}}.')
    follows = row.get("follows", [])
    if follows and not _texts(follows):
        raise QuestionError(f"{where}: 'follows' must be a list of the earlier questions.")
    for field in ("id", "kind", "split", "question", "standalone", "note"):
        if not isinstance(row.get(field, ""), str):
            raise QuestionError(f"{where}: {field!r} must be a text.")
    if row.get("verdict", "") not in VERDICTS:
        raise QuestionError(f"{where}: 'verdict' must be {', '.join(filter(None, VERDICTS))} or left out.")
    if not row.get("question", "").strip():
        raise QuestionError(f"{where} has no 'question'.")
    return Question(
        id=row.get("id") or default_id,
        kind=row.get("kind") or ("fact" if answers else "absent"),
        split=row.get("split", ""),
        text=row["question"].strip(),
        answers=tuple(tuple(part) for part in answers),
        evidence=tuple(Evidence(one.get("article", ""), one["quote"]) for one in evidence),
        follows=tuple(follows),
        standalone=row.get("standalone", ""),
        note=row.get("note", ""),
        verdict=row.get("verdict", ""),
    )


def _texts(value: object) -> bool:
    """Whether a value is a list of texts, none of them empty."""
    return isinstance(value, list) and bool(value) and all(isinstance(x, str) and x.strip() for x in value)


def _is_evidence(value: object) -> bool:
    return (
        isinstance(value, dict)
        and set(value) <= {"article", "quote"}
        and isinstance(value.get("article", ""), str)
        and isinstance(value.get("quote"), str)
        and bool(normalise(value["quote"]).strip())
    )


def _from_squad(text: str, name: str) -> Iterator[Question]:
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise QuestionError(f"{name} is not JSON: {error.msg} at line {error.lineno}.") from error
    return squad_questions(data, name)


def _from_csv(text: str, name: str) -> Iterator[Question]:
    lines = text.splitlines()
    delimiter = ";" if lines and lines[0].count(";") > lines[0].count(",") else ","
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    columns = set(reader.fieldnames or ())
    if not {"question", "answer"} <= columns or columns - COLUMNS:
        raise QuestionError(
            f"{name}: the first line must name the columns 'question' and 'answer', and of others only "
            f"{', '.join(sorted(COLUMNS - {'question', 'answer'}))}; it names {', '.join(sorted(columns)) or 'none'}."
        )
    for cells in reader:
        where = f"{name}, line {reader.line_num}"
        if None in cells:
            raise QuestionError(
                f"{where} has more cells than the first line names; quote the one with {delimiter!r}."
            )
        row = {column: (cell or "").strip() for column, cell in cells.items()}
        articles, quotes = _split(row.get("article", ""), PART), _split(row.get("quote", ""), PART)
        if quotes and len(articles) not in (0, 1, len(quotes)):
            raise QuestionError(f"{where} names {len(articles)} articles for {len(quotes)} quotes.")
        if len(articles) < len(quotes):
            articles = (articles or [""]) * len(quotes)
        given: dict[str, Any] = {
            column: row[column] for column in row.keys() - {"answer", "article", "quote"}
        }
        given["follows"] = _split(row.get("follows", ""), PART)
        given["answers"] = [_split(part, SPELLING) for part in _split(row["answer"], PART)]
        given["evidence"] = [
            {"article": article, "quote": quote} for article, quote in zip(articles, quotes, strict=False)
        ]
        yield _question(given, where, default_id=f"q{reader.line_num}")


def _split(cell: str, separator: str) -> list[str]:
    return [piece.strip() for piece in cell.split(separator) if piece.strip()]
