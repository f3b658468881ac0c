"""Lessons whose prompts begin alike become one row: the common beginning, and a branch for each lesson.

A branch sees the beginning and itself, and counts its positions from the end of the beginning, so that it is as if it
stood alone; the beginning is computed once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rag.training.lessons import Lesson
from rag.writer.generator import Prompt

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rag.writer.llama_vocabulary import Vocabulary

_STEP = 32
_MARK_WEIGHT = 4.0
"""How much the tokens that decide count beside the others of a reply: what is cited, whether it is answerable."""
_PADDING = -1


@dataclass(frozen=True, slots=True)
class TokenLesson:
    """A lesson in tokens; ``weights`` say how much each token of the reply counts."""

    prompt: tuple[int, ...]
    reply: tuple[int, ...]
    weights: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Pack:
    """A row of tokens; ``branches`` is 0 in the common beginning, then the number of the lesson, -1 in padding.

    What stands in ``targets`` should follow the token at ``places``; ``owners`` are the lessons that they belong to.
    """

    ids: NDArray[np.int64]
    positions: NDArray[np.int64]
    branches: NDArray[np.int64]
    places: NDArray[np.int64]
    targets: NDArray[np.int64]
    weights: NDArray[np.float32]
    owners: NDArray[np.int64]
    lessons: int

    def allowed(self) -> NDArray[np.bool_]:
        """Which token (row) sees which (column)."""
        size = len(self.ids)
        common = self.branches[None, :] == 0
        own = self.branches[:, None] == self.branches[None, :]
        allowed: NDArray[np.bool_] = np.tril(np.ones((size, size), bool)) & (common | own)
        return allowed


def tokenised(lesson: Lesson, vocabulary: Vocabulary) -> TokenLesson:
    """The tokens as the model is asked, and of its reply with the end of its turn."""
    prompt = vocabulary.prompt(Prompt(lesson.messages)).ids
    reply = vocabulary.tokenise(lesson.reply)
    marks = len(vocabulary.tokenise(lesson.reply.partition(" ")[0]))
    weights = [_MARK_WEIGHT] * marks + [1.0] * (len(reply) + 1 - marks)
    return TokenLesson(prompt, (*reply, vocabulary.end), tuple(weights))


def pack(lessons: Sequence[TokenLesson], most_tokens: int) -> Pack | None:
    """As many of the lessons, in order, as have room in a row; ``None`` where not even one has."""
    chosen: list[TokenLesson] = []
    for lesson in lessons:
        if _length([*chosen, lesson]) <= most_tokens:
            chosen.append(lesson)
    return _packed(chosen) if chosen else None


def _packed(lessons: Sequence[TokenLesson]) -> Pack:
    begin = _common(lessons)
    ids, positions, branches = list(lessons[0].prompt[:begin]), list(range(begin)), [0] * begin
    places: list[int] = []
    for number, lesson in enumerate(lessons, 1):
        tail = [*lesson.prompt[begin:], *lesson.reply[:-1]]
        ids += tail
        positions += range(begin, begin + len(tail))
        branches += [number] * len(tail)
        places += range(len(ids) - len(lesson.reply), len(ids))
    padding = -len(ids) % _STEP
    return Pack(
        np.array(ids + [0] * padding),
        np.array(positions + [0] * padding),
        np.array(branches + [_PADDING] * padding),
        np.array(places),
        np.array([token for lesson in lessons for token in lesson.reply]),
        np.array([weight for lesson in lessons for weight in lesson.weights], np.float32),
        np.repeat(np.arange(len(lessons)), [len(lesson.reply) for lesson in lessons]),
        len(lessons),
    )


def _length(lessons: Sequence[TokenLesson]) -> int:
    begin = _common(lessons)
    return begin + sum(len(lesson.prompt) - begin + len(lesson.reply) - 1 for lesson in lessons)


def _common(lessons: Sequence[TokenLesson]) -> int:
    """How many tokens all prompts begin with; the last token of a prompt is always its own."""
    most = min(len(lesson.prompt) for lesson in lessons) - 1
    first = np.array(lessons[0].prompt[:most])
    for lesson in lessons[1:]:
        other = np.array(lesson.prompt[: len(first)])
        differ = np.flatnonzero(first != other)
        first = first[: differ[0]] if len(differ) else first
    return len(first)
