"""A question and a passage become one row of token ids for the reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from index.encoding.tokens import shared_tokenizer

MAX_TOKENS = 384
"""The longest row that the reader was trained for; a longer passage is read in several that overlap."""
_OVERLAP = 64
_LONGEST_QUESTION = 64
_LONGEST_TITLE = 32
_LONGEST_ANSWER = 96
_BEGIN, PAD, _END = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Row:
    """The ids of ``<s> question </s></s> title </s> passage </s>``, of a long passage only a part.

    ``passage`` counts the passages that were given; token ``first + i`` of the row is ``spans[i]`` of that
    passage, begin and end in characters.
    """

    ids: list[int]
    passage: int
    first: int
    spans: list[tuple[int, int]]


class PairTokenizer:
    """Makes rows with the tokenizer of the encoder; safe to share between threads."""

    def __init__(self, path: Path) -> None:
        self._tokenizer = shared_tokenizer(path)

    def rows(self, question: str, passages: Sequence[tuple[str, str]]) -> list[Row]:
        """The rows of each title and passage, in their order; an over-long question or title loses its end."""
        tokenizer = self._tokenizer.load()
        question_ids = tokenizer.encode(question, add_special_tokens=False).ids[:_LONGEST_QUESTION]
        titles = tokenizer.encode_batch_fast([title for title, _ in passages], add_special_tokens=False)
        texts = tokenizer.encode_batch([text for _, text in passages], add_special_tokens=False)
        rows = []
        for number, (title, text) in enumerate(zip(titles, texts, strict=True)):
            head = [_BEGIN, *question_ids, _END, _END, *title.ids[:_LONGEST_TITLE], _END]
            room = MAX_TOKENS - len(head) - 1
            for start in range(0, max(1, len(text.ids) - _OVERLAP), room - _OVERLAP):
                part = slice(start, start + room)
                rows.append(Row([*head, *text.ids[part], _END], number, len(head), text.offsets[part]))
        return rows

    def verdict_row(self, question: str, answer: str, title: str, text: str, number: int = 0) -> Row:
        """The row ``<s> question </s></s> answer </s></s> title </s> text </s>``, cut at ``MAX_TOKENS``."""
        parts = self._tokenizer.load().encode_batch_fast(
            [question, answer, title, text], add_special_tokens=False
        )
        question_ids, answer_ids, title_ids, text_ids = (part.ids for part in parts)
        head = [
            _BEGIN,
            *question_ids[:_LONGEST_QUESTION],
            _END,
            _END,
            *answer_ids[:_LONGEST_ANSWER],
            _END,
            _END,
        ]
        head += [*title_ids[:_LONGEST_TITLE], _END]
        return Row([*head, *text_ids[: MAX_TOKENS - len(head) - 1], _END], number, len(head), [])
