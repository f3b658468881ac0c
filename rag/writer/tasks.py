"""The three tasks of the language model: write an answer, judge one, understand a follow-up question.

The same texts teach the model (``rag.training.writer``) and ask it, so a change here wants a new training.  Every task
has a system message of its own that never changes: the model evaluates it once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal, TypeAlias

from rag.marks import MARK
from rag.schema import Turn
from rag.writer.generator import Message

Verdict: TypeAlias = Literal["supported", "contradicted", "not_told"]
VERDICT_WORDS: dict[Verdict, str] = {"supported": "đúng", "contradicted": "sai", "not_told": "không"}
"""What the judge says for each verdict; each begins with another token."""

NOT_TOLD = "[0]"
"""The whole reply of the writer where the sentences do not tell what is asked."""

_WRITE = (
    "Trả lời câu hỏi chỉ bằng các câu cho sẵn. Viết một câu tiếng Việt đủ ý, giữ đúng tên, số, ngày tháng. Mở đầu bằng "
    "số của những câu làm căn cứ, như [2], và in đậm **phần trả lời**. Nếu các câu không nêu điều được hỏi thì chỉ "
    f"viết {NOT_TOLD}."
)
_JUDGE = (
    "Câu trả lời có đúng với căn cứ không? Viết một từ: đúng nếu căn cứ nêu đúng như vậy về đúng người, việc, nơi, "
    "thời gian, đơn vị được hỏi; sai nếu căn cứ nêu khác; không nếu căn cứ không nêu."
)
_CONDENSE = (
    "Viết lại câu mới thành câu hỏi đủ nghĩa khi đứng một mình, lấy tên và thời gian từ những câu trước. Câu đã đủ "
    "nghĩa thì giữ nguyên."
)
_TURNS = 3
_ANSWER_CHARACTERS = 200
_ITEM = re.compile(r"^[-•]\s*")
_LEADING_MARKS = re.compile(rf"(?:{MARK.pattern}\s*)+")
_BOLD = re.compile(r"\*\*(.+?)\*\*")


@dataclass(frozen=True, slots=True)
class Line:
    """A chosen sentence, with the title of its article and what else stands in the heading."""

    heading: str
    sentence: str


@dataclass(frozen=True, slots=True)
class WrittenLine:
    """A line of the writer's reply.

    ``marks`` count the given sentences from 1; ``short`` are the places of the short answer in ``text``.
    """

    marks: tuple[int, ...]
    text: str
    short: tuple[tuple[int, int], ...] = ()
    item: bool = False


def write_messages(question: str, lines: Sequence[Line]) -> tuple[Message, ...]:
    """Ask for an answer out of numbered sentences; those of one article that follow each other share a heading."""
    numbered = list(enumerate(lines, 1))
    parts = []
    for heading, group in groupby(numbered, key=lambda entry: entry[1].heading):
        sentences = [f"[{number}] {_harmless(line.sentence)}" for number, line in group]
        parts.append("\n".join([f"{_harmless(heading)}:", *sentences] if heading else sentences))
    return _messages(_WRITE, "\n".join(parts) + f"\n\nCâu hỏi: {_harmless(question)}")


def judge_messages(question: str, answer: str, lines: Sequence[Line]) -> tuple[Message, ...]:
    """Ask whether the cited sentences bear an answer out; a claim has no question."""
    parts = []
    for heading, group in groupby(lines, key=lambda line: line.heading):
        text = " ".join(_harmless(line.sentence) for line in group)
        parts.append(f"{_harmless(heading)}: {text}" if heading else text)
    asked = f"Câu hỏi: {_harmless(question)}\n" if question else ""
    return _messages(_JUDGE, "Căn cứ: " + "\n".join(parts) + f"\n\n{asked}Trả lời: {_harmless(answer)}")


def condense_messages(question: str, turns: Sequence[Turn]) -> tuple[Message, ...]:
    """Ask for the question as it is understood alone, after the last turns of the conversation."""
    parts = []
    for turn in turns[-_TURNS:]:
        parts.append(f"Hỏi: {_harmless(turn.question)}")
        if turn.answer:
            parts.append(f"Đáp: {_cut(_harmless(turn.answer))}")
    return _messages(_CONDENSE, "\n".join([*parts, f"Câu mới: {_harmless(question)}"]))


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


def _messages(system: str, user: str) -> tuple[Message, ...]:
    return Message("system", system), Message("user", user)


def _harmless(text: str) -> str:
    """Text of an article or a person in one line, in which nothing looks like a mark."""
    return MARK.sub(r"(\1)", " ".join(text.split()))


def _cut(text: str) -> str:
    if len(text) <= _ANSWER_CHARACTERS:
        return text
    return text[:_ANSWER_CHARACTERS].rpartition(" ")[0] + " …"
