"""The task of the language model: to word an answer out of sentences that were found.

The same texts teach the model (``rag.training.writer``) and ask it, so a change here wants a new training.  The system
message never changes: the model evaluates it once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from rag.marks import MARK
from rag.writer.generator import Message

NOT_TOLD = "[0]"
"""The whole reply of the writer where the sentences do not tell what is asked."""

_WRITE = (
    "Trả lời câu hỏi chỉ bằng các câu cho sẵn. Viết một câu tiếng Việt đủ ý, giữ đúng tên, số, ngày tháng. Mở đầu bằng "
    "số của những câu làm căn cứ, như [2], và in đậm **phần trả lời**. Gợi ý thường đúng, nhưng không phải luôn luôn. "
    f"Nếu các câu không nêu điều được hỏi thì chỉ viết {NOT_TOLD}."
)
_ITEM = re.compile(r"^[-•]\s*")
_LEADING_MARKS = re.compile(rf"(?:{MARK.pattern}\s*)+")
_BOLD = re.compile(r"\*\*(.+?)\*\*")


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


@dataclass(frozen=True, slots=True)
class WrittenLine:
    """A line of the writer's reply.

    ``marks`` count the given sentences from 1; ``short`` are the places of the short answer in ``text``.
    """

    marks: tuple[int, ...]
    text: str
    short: tuple[tuple[int, int], ...] = ()
    item: bool = False


def write_messages(question: str, lines: Sequence[Line], hint: Hint | None = None) -> tuple[Message, ...]:
    """Ask for an answer out of numbered sentences; those of one article that follow each other share a heading."""
    numbered = list(enumerate(lines, 1))
    parts = []
    for heading, group in groupby(numbered, key=lambda entry: entry[1].heading):
        sentences = [f"[{number}] {_harmless(line.sentence)}" for number, line in group]
        parts.append("\n".join([f"{_harmless(heading)}:", *sentences] if heading else sentences))
    asked = f"Câu hỏi: {_harmless(question)}"
    if hint is not None:
        asked += f"\nGợi ý: [{hint.number}] {_harmless(hint.words)}"
    return Message("system", _WRITE), Message("user", "\n".join(parts) + f"\n\n{asked}")


def written(marks: Sequence[int], text: str, *, item: bool = False) -> str:
    """A line of a reply as the writer is taught it; ``text`` has its short answer in ``**``."""
    return ("- " if item else "") + "".join(f"[{mark}]" for mark in marks) + f" {text}"


def parse_reply(reply: str) -> tuple[WrittenLine, ...]:
    """Take a reply apart, line by line; empty where it says that the sentences do not tell.

    A line without marks of its own that follows another one leans on the marks of that.
    """
    lines: list[WrittenLine] = []
    for raw in reply.splitlines():
        text = raw.strip()
        item = _ITEM.match(text) is not None
        text = _ITEM.sub("", text)
        leading = _LEADING_MARKS.match(text)
        marks = (
            tuple(dict.fromkeys(int(number) for number in MARK.findall(leading.group()))) if leading else ()
        )
        text, short = _without_bold(text[leading.end() :] if leading else text)
        if 0 in marks or not text:
            continue
        lines.append(WrittenLine(marks or (lines[-1].marks if lines else ()), text, short, item))
    return tuple(lines)


def _without_bold(text: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    plain, end, places = "", 0, []
    for match in _BOLD.finditer(text):
        plain += text[end : match.start()]
        places.append((len(plain), len(plain) + len(match.group(1))))
        plain += match.group(1)
        end = match.end()
    # What is left of a mark that was never closed.
    return plain + text[end:].replace("**", ""), tuple(places)


def _harmless(text: str) -> str:
    """Text of an article or a person in one line, in which nothing looks like a mark."""
    return MARK.sub(r"(\1)", " ".join(text.split()))
