"""Files of questions become questions: JSON lines, SQuAD JSON (1.1 and 2.0) or CSV."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from eval.errors import QuestionError
from eval.schema import VERDICTS, Evidence, Question, Verdict
from eval.sets.squad import squad_questions
from index.text.normalise import normalise

SPELLING, PART = "|", "||"
"""What separates, in one cell of a CSV file, the spellings of a part and the parts of an answer."""


def _something(text: str) -> str:
    if not normalise(text).strip():
        raise ValueError("is empty")
    return text


_Text = Annotated[str, AfterValidator(_something)]


class _Quote(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    article: str = ""
    quote: _Text


class _Row(BaseModel):
    """A question as people write it down; only the question itself is a must."""

    model_config = ConfigDict(extra="forbid", strict=True)

    question: _Text
    id: str = ""
    kind: str = ""
    split: str = ""
    follows: list[_Text] = []
    standalone: str = ""
    answers: list[Annotated[list[_Text], Field(min_length=1)]] = []
    evidence: list[_Quote] = []
    note: str = ""
    verdict: Verdict = ""


_CELLS = frozenset({"answer", "article", "quote"})
COLUMNS = (_Row.model_fields.keys() - {"answers", "evidence"}) | _CELLS

_EXPECTED = {
    "answers": '\'answers\' must be a list of parts, each a list of spellings: [["82 đảng viên", "82"]].',
    "evidence": '\'evidence\' must be a list of {"article": …, "quote": …}.',
    "follows": "'follows' must be a list of the earlier questions.",
    "verdict": f"'verdict' must be {', '.join(filter(None, VERDICTS))} or left out.",
}
"""What a field has to be that is more than a text."""


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
    selected = [q for q in questions if split in ("all", q.split) and (not kinds or q.kind in kinds)]
    if not selected:
        have = ", ".join(sorted({f"{q.split or '-'}/{q.kind}" for q in questions}))
        wanted = f"split {split!r} and kind {', '.join(kinds) or 'any'}"
        raise QuestionError(f"No question has {wanted}; there are: {have}.")
    if limit is not None and limit < len(selected):
        selected = [selected[place] for place in _sample(selected, limit, seed)]
    return tuple(selected)


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
        if line.strip():
            where = f"{name}, line {number}"
            yield _question(_parsed(line, where), where, default_id=f"q{number}")


def _parsed(text: str, where: str) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise QuestionError(f"{where} is not JSON: {error.msg} at {place}.") from error


def _question(given: object, where: str, default_id: str) -> Question:
    if not isinstance(given, Mapping):
        raise QuestionError(f'{where} must be a JSON object such as {{"question": …, "answers": …}}.')
    if unknown := sorted(given.keys() - _Row.model_fields.keys()):
        raise QuestionError(f"{where} has unknown fields: {', '.join(unknown)}.")
    try:
        row = _Row.model_validate(given)
    except ValidationError as error:
        fault = error.errors()[0]
        field = str(fault["loc"][0])
        if field == "question" and fault["type"] != "string_type":
            raise QuestionError(f"{where} has no 'question'.") from error
        raise QuestionError(f"{where}: {_EXPECTED.get(field, f'{field!r} must be a text.')}") from error
    return Question(
        id=row.id or default_id,
        kind=row.kind or ("fact" if row.answers else "absent"),
        split=row.split,
        text=row.question.strip(),
        answers=tuple(map(tuple, row.answers)),
        evidence=tuple(Evidence(evidence.article, evidence.quote) for evidence in row.evidence),
        follows=tuple(row.follows),
        standalone=row.standalone,
        note=row.note,
        verdict=row.verdict,
    )


def _from_squad(text: str, name: str) -> Iterator[Question]:
    return squad_questions(_parsed(text, name), name)


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
        given: dict[str, object] = {column: row[column] for column in row.keys() - _CELLS}
        given["follows"] = _split(row.get("follows", ""), PART)
        given["answers"] = [_split(part, SPELLING) for part in _split(row["answer"], PART)]
        given["evidence"] = [
            {"article": article, "quote": quote} for article, quote in zip(articles, quotes, strict=False)
        ]
        yield _question(given, where, default_id=f"q{reader.line_num}")


def _split(cell: str, separator: str) -> list[str]:
    return [piece.strip() for piece in cell.split(separator) if piece.strip()]
