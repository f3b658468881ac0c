"""The task of the language model: to word an answer out of sentences that were found.

The same texts teach the model (``rag.training.writer``) and ask it, so a change here wants a new training.  The system
message never changes: the model evaluates it once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from rag.citation_marks import in_one_line
from rag.writer.generator import Message

UNANSWERABLE = "[0]"
"""The whole reply of the writer where the sentences do not answer the question."""

_WRITE = (
    "Trả lời câu hỏi chỉ bằng các câu cho sẵn. Viết một câu tiếng Việt đủ ý, giữ đúng tên, số, ngày tháng. Mở đầu bằng "
    "số của những câu làm căn cứ, như [2], và in đậm **phần trả lời**. Gợi ý thường đúng, nhưng không phải luôn luôn. "
    f"Nếu các câu không nêu điều được hỏi thì chỉ viết {UNANSWERABLE}."
)


@dataclass(frozen=True, slots=True)
class Line:
    """A chosen sentence, with the title of its article and what else stands in the heading."""

    heading: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Hint:
    """The words that the reader found, in the sentence of this number (from 1)."""

    number: int
    words: str


def write_messages(question: str, lines: Sequence[Line], hint: Hint | None = None) -> tuple[Message, ...]:
    """Ask for an answer out of numbered sentences; those of one article that follow each other share a heading."""
    numbered = list(enumerate(lines, 1))
    parts = []
    for heading, group in groupby(numbered, key=lambda entry: entry[1].heading):
        sentences = [f"[{number}] {in_one_line(line.sentence)}" for number, line in group]
        parts.append("\n".join([f"{in_one_line(heading)}:", *sentences] if heading else sentences))
    task = f"Câu hỏi: {in_one_line(question)}"
    if hint is not None:
        task += f"\nGợi ý: [{hint.number}] {in_one_line(hint.words)}"
    return Message("system", _WRITE), Message("user", "\n".join(parts) + f"\n\n{task}")


def written(marks: Sequence[int], text: str, *, item: bool = False) -> str:
    """A line of a reply as the writer is taught it; ``text`` has its short answer in ``**``."""
    return ("- " if item else "") + "".join(f"[{mark}]" for mark in marks) + f" {text}"
