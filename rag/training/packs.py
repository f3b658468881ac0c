"""Examples whose prompts begin alike become one row: the common beginning, and a branch for each example.

A branch sees the beginning and itself, and counts its positions from the end of the beginning, so that it is as if it
stood alone; the beginning is computed once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rag.training.writer_examples import WriterExample
from rag.writer.generator import Prompt

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rag.writer.llama_vocabulary import Vocabulary

_STEP = 32
_MARK_WEIGHT = 4.0
"""How much the tokens that decide count beside the others of a reply: what is cited, whether it is answerable."""
_PADDING = -1


@dataclass(frozen=True, slots=True)
class TokenExample:
    """An example in tokens; ``weights`` say how much each token of the reply counts."""

    prompt: tuple[int, ...]
    reply: tuple[int, ...]
    weights: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Pack:
    """A row of tokens; ``branches`` is 0 in the common beginning, then the number of the example, -1 in padding.

    What stands in ``targets`` should follow the token at ``places``; ``owners`` are the examples that they belong to.
    """

    ids: NDArray[np.int64]
    positions: NDArray[np.int64]
    branches: NDArray[np.int64]
    places: NDArray[np.int64]
    targets: NDArray[np.int64]
    weights: NDArray[np.float32]
    owners: NDArray[np.int64]
    examples: int

    def allowed(self) -> NDArray[np.bool_]:
        """Which token (row) sees which (column)."""
        size = len(self.ids)
        common = self.branches[None, :] == 0
        own = self.branches[:, None] == self.branches[None, :]
        allowed: NDArray[np.bool_] = np.tril(np.ones((size, size), bool)) & (common | own)
        return allowed


def tokenised(example: WriterExample, vocabulary: Vocabulary) -> TokenExample:
    """The tokens of the prompt, and of the reply with the end of its turn."""
    prompt = vocabulary.prompt(Prompt(example.messages)).ids
    reply = vocabulary.tokenise(example.reply)
    marks = len(vocabulary.tokenise(example.reply.partition(" ")[0]))
    weights = [_MARK_WEIGHT] * marks + [1.0] * (len(reply) + 1 - marks)
    return TokenExample(prompt, (*reply, vocabulary.end), tuple(weights))


def pack(examples: Sequence[TokenExample], most_tokens: int) -> Pack | None:
    """As many of the examples, in order, as have room in a row; ``None`` where not even one has."""
    chosen: list[TokenExample] = []
    for example in examples:
        if _length([*chosen, example]) <= most_tokens:
            chosen.append(example)
    return _packed(chosen) if chosen else None


def _packed(examples: Sequence[TokenExample]) -> Pack:
    begin = _common(examples)
    ids, positions, branches = list(examples[0].prompt[:begin]), list(range(begin)), [0] * begin
    places: list[int] = []
    for number, example in enumerate(examples, 1):
        tail = [*example.prompt[begin:], *example.reply[:-1]]
        ids += tail
        positions += range(begin, begin + len(tail))
        branches += [number] * len(tail)
        places += range(len(ids) - len(example.reply), len(ids))
    padding = -len(ids) % _STEP
    return Pack(
        np.array(ids + [0] * padding),
        np.array(positions + [0] * padding),
        np.array(branches + [_PADDING] * padding),
        np.array(places),
        np.array([token for example in examples for token in example.reply]),
        np.array([weight for example in examples for weight in example.weights], np.float32),
        np.repeat(np.arange(len(examples)), [len(example.reply) for example in examples]),
        len(examples),
    )


def _length(examples: Sequence[TokenExample]) -> int:
    begin = _common(examples)
    return begin + sum(len(example.prompt) - begin + len(example.reply) - 1 for example in examples)


def _common(examples: Sequence[TokenExample]) -> int:
    """How many tokens all prompts begin with; the last token of a prompt is always its own."""
    most = min(len(example.prompt) for example in examples) - 1
    first = np.array(examples[0].prompt[:most])
    for example in examples[1:]:
        other = np.array(example.prompt[: len(first)])
        differ = np.flatnonzero(first != other)
        first = first[: differ[0]] if len(differ) else first
    return len(first)
