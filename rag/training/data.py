"""Written questions, claims and contrasting answers become what the models learn from.

A folder of training data holds ``passages.jsonl`` and beside it any of the files that ``_QUESTION_FILES`` and
``_VERDICT_FILES`` name; several folders are read as one.  Every row belongs to a passage, and every passage to one
split, so that nothing that is measured was learnt.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal, TypeAlias

from rag.errors import AnsweringError

Split: TypeAlias = Literal["train", "dev"]
Verdict: TypeAlias = Literal["supported", "contradicted", "not_told"]
VERDICTS: tuple[Verdict, ...] = ("supported", "contradicted", "not_told")


class TrainingDataError(AnsweringError):
    """A file of training data is missing or damaged; the message names it and the line."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A text cut at sentences; they are counted from 0 here and from 1 in the files."""

    id: str
    title: str
    sentences: tuple[str, ...]
    origin: str
    split: Split
    date: date | None = None

    @property
    def heading(self) -> str:
        """The title with the day, as it stands before a passage of a store."""
        day = f"{self.date.day}/{self.date.month}/{self.date.year}" if self.date else None
        return " | ".join(part for part in (self.title, day) if part)


@dataclass(frozen=True, slots=True)
class Evidence:
    """The supporting sentences of a passage, and the exact words of the answer in them (none: not marked)."""

    passage: str
    sentences: tuple[int, ...]
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A question that stands alone; without evidence its ``passages`` do not answer it.

    ``reply`` is a good answer in one sentence, empty where none was written.  In a conversation ``follow_up`` is what
    was typed after the ``earlier`` questions, and ``text`` the same as a standalone question.
    """

    text: str
    kind: str
    passages: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    reply: str
    split: Split
    earlier: tuple[str, ...] = ()
    follow_up: str = ""


@dataclass(frozen=True, slots=True)
class JudgedAnswer:
    """An answer (or a claim, with an empty question) put beside sentences of a passage."""

    question: str
    answer: str
    passage: str
    sentences: tuple[int, ...]
    verdict: Verdict
    split: Split
    trap: str = ""


@dataclass(frozen=True, slots=True)
class TrainingData:
    """Everything that was read; ``passages`` by their id."""

    passages: Mapping[str, Passage]
    questions: tuple[Question, ...]
    judged: tuple[JudgedAnswer, ...]


def read_training_data(folders: Sequence[Path]) -> TrainingData:
    """Read folders of training data; rows of passages that are not there are left out.

    News passages may be absent, since they are not part of the project.  Raises TrainingDataError for a folder
    without any passage, and for a row that is no such row.
    """
    passages = {passage.id: passage for passage in _rows(folders, "passages", _passage)}
    if not passages:
        raise TrainingDataError(
            f"There is no passages.jsonl in {', '.join(map(str, folders))}; name the folder with the training data."
        )
    known = passages.keys()
    read_alone = (
        question for stem, read in _QUESTION_FILES.items() for question in _rows(folders, stem, read)
    )
    questions = [
        question
        for question in (*read_alone, *_turns(folders))
        if question is not None and set(question.passages) <= known
    ]
    judged = [
        judged
        for stem, read in _VERDICT_FILES.items()
        for several in _rows(folders, stem, read)
        for judged in several
        if judged.passage in known
    ]
    return TrainingData(passages, tuple(questions), tuple(judged))


def _rows(folders: Sequence[Path], stem: str, read: Callable[[dict[str, Any]], Any]) -> Iterator[Any]:
    """The rows of ``stem.jsonl`` and ``stem-*.jsonl`` in all folders."""
    for folder in folders:
        for path in sorted([*folder.glob(f"{stem}.jsonl"), *folder.glob(f"{stem}-*.jsonl")]):
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                if not line.strip():
                    continue
                try:
                    yield read(json.loads(line))
                except (ValueError, KeyError, TypeError, AttributeError) as error:
                    raise TrainingDataError(f"{path}, line {number}: {error!r}; mend the line.") from error


def _passage(row: Mapping[str, Any]) -> Passage:
    day = row.get("date")
    return Passage(
        row["id"],
        _text(row["title"]),
        tuple(_text(sentence) for sentence in row["sentences"]),
        row["origin"],
        row["split"],
        date.fromisoformat(day) if day else None,
    )


def _question(row: Mapping[str, Any]) -> Question:
    answerable = row["kind"] != "absent" and bool(row["sentences"])
    answers = [_text(answer) for answer in row.get("answers") or [row["answer"]]]
    evidence = (Evidence(row["passage"], _numbers(row), tuple(filter(None, answers))),) if answerable else ()
    reply = _text(row["reply"]) if answerable else ""
    return Question(_text(row["question"]), row["kind"], (row["passage"],), evidence, reply, row["split"])


def _turns(folders: Sequence[Path]) -> Iterator[Question]:
    """Every turn of the conversations as a question that stands alone, with how it was asked."""
    earlier: list[str] = []
    for row in _rows(folders, "conversations", dict):
        if row["turn"] == 1:
            earlier = []
        question = _question({**row, "kind": "conversation", "question": row["standalone"]})
        follow_up = _text(row["question"])
        yield replace(question, earlier=tuple(earlier), follow_up=follow_up)
        earlier.append(follow_up)


def _several(row: Mapping[str, Any]) -> Question:
    grouped: dict[str, tuple[list[int], list[str]]] = {}  # a passage may tell it in two places
    for one in row["evidence"]:
        sentences, answers = grouped.setdefault(one["passage"], ([], []))
        sentences.append(one["sentence"] - 1)
        answers += filter(None, [_text(one["answer"])])
    evidence = tuple(
        Evidence(passage, tuple(dict.fromkeys(sentences)), tuple(dict.fromkeys(answers)))
        for passage, (sentences, answers) in grouped.items()
    )
    passages = tuple(dict.fromkeys(one.passage for one in evidence)) or (f"{row['set']}a", f"{row['set']}b")
    reply = _text(row["reply"]) if evidence else ""
    return Question(_text(row["question"]), row["kind"], passages, evidence, reply, row["split"])


def _yes_no(row: Mapping[str, Any]) -> Question | None:
    """A yes-no question with either answer; its evidence are the sentences that show it."""
    text = row.get("question") or (row["text"] if row.get("kind") == "yesno" else "")
    if not text:
        return None
    answerable = row["verdict"] != "not_told"
    shown = row.get("answer") or row.get("shown") or ""
    evidence = (
        (Evidence(row["passage"], _numbers(row), (_text(shown),) if shown else ()),) if answerable else ()
    )
    reply = _text(row["reply"]) if answerable else ""
    return Question(_text(text), "yesno", (row["passage"],), evidence, reply, row["split"])


def _contrast_question(row: Mapping[str, Any]) -> Question | None:
    """The question of a false answer: answerable where an honest assistant has a reply."""
    if row["verdict"] == "contradicted" and not row["reply"]:
        return None
    answerable = bool(row["reply"]) and row["verdict"] != "not_told"
    evidence = (Evidence(row["passage"], _numbers(row)),) if answerable else ()
    reply = _text(row["reply"]) if answerable else ""
    return Question(_text(row["question"]), "contrast", (row["passage"],), evidence, reply, row["split"])


def _contrast(row: Mapping[str, Any]) -> list[JudgedAnswer]:
    found = [_judged(row, row["question"], row["answer"], row["verdict"])]
    if row["verdict"] == "contradicted" and row["reply"]:
        found.append(_judged(row, row["question"], row["reply"], "supported"))
    return found


def _claim(row: Mapping[str, Any]) -> list[JudgedAnswer]:
    if row["kind"] == "claim":
        return [_judged(row, "", row["text"], row["verdict"])]
    return _yes_no_judged({**row, "question": row["text"]})


def _yes_no_judged(row: Mapping[str, Any]) -> list[JudgedAnswer]:
    """A right reply is supported; the other word of yes and no with nothing else is contradicted."""
    if row["verdict"] == "not_told":
        return [
            _judged(row, row["question"], "Có.", "not_told"),
            _judged(row, row["question"], "Không.", "not_told"),
        ]
    right, wrong = ("Có.", "Không.") if row["verdict"] == "supported" else ("Không.", "Có.")
    return [
        _judged(row, row["question"], row["reply"], "supported"),
        _judged(row, row["question"], right, "supported"),
        _judged(row, row["question"], wrong, "contradicted"),
    ]


def _judged(row: Mapping[str, Any], question: str, answer: str, verdict: Verdict) -> JudgedAnswer:
    return JudgedAnswer(
        _text(question),
        _text(answer),
        row["passage"],
        _numbers(row),
        verdict,
        row["split"],
        row.get("trap", ""),
    )


def _numbers(row: Mapping[str, Any]) -> tuple[int, ...]:
    return tuple(number - 1 for number in row["sentences"])


def _text(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()


_QUESTION_FILES: dict[str, Callable[[dict[str, Any]], Question | None]] = {
    "questions": _question,
    "absent": _question,
    "hard": _question,
    "several": _several,
    "claims": _yes_no,
    "yesno": _yes_no,
    "contrasts": _contrast_question,
}
_VERDICT_FILES: dict[str, Callable[[dict[str, Any]], list[JudgedAnswer]]] = {
    "contrasts": _contrast,
    "claims": _claim,
    "yesno": _yes_no_judged,
}
