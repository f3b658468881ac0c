"""Whether the answer is the expected one.

The rules are SQuAD's (Rajpurkar et al. 2016: lower case, no punctuation, the best of the accepted
spellings), adapted to Vietnamese: no articles are dropped, tone marks are placed by one rule, and a number,
date, amount or time is one token that equals its other spellings (3.772 and 3772, 25-6 and 25 tháng 6).
An answer of several parts is compared with one spelling of each part, in their order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice, product
from typing import Literal, TypeAlias

from index.text.normalise import fold, normalise, syllables
from index.text.values import Value, find_values, same_value
from rag.citation_marks import without_marks

Token: TypeAlias = str | Value
Parts: TypeAlias = Sequence[Sequence[str]]

MAX_WORDINGS = 256
"""So many combinations of spellings are tried; more than that many come from a mistake in the set."""

_NO = re.compile(r"(?:dạ,? )?(?:không|chưa|sai|ko)\b", re.IGNORECASE)
_YES = re.compile(
    r"(?:dạ,? )?(?:(?:có|đúng|phải|vâng|rồi|được|đã)(?: rồi| vậy| thế| ạ)?\s*(?:[.,;:!–-]|$)|đúng là\b)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]{2,}")
_DATE_WORDS = frozenset(["ngày", "tháng", "quý", "năm"])


def answer_tokens(text: str) -> list[Token]:
    """Lower-cased syllables and values in their order, without punctuation and citation marks.

    The word before a date that only says what it is (``ngày 25-6``, ``năm 2019``) is left out.
    """
    text = normalise(without_marks(text))
    tokens: list[Token] = []
    position = 0
    for value in find_values(text):
        tokens += syllables(text[position : value.start])
        if value.kind == "date" and tokens and tokens[-1] in _DATE_WORDS:
            tokens.pop()
        tokens.append(value)
        position = value.end
    return tokens + syllables(text[position:])


def exact_match(prediction: str, answers: Parts) -> float | None:
    """1 when the answer is exactly an accepted wording, else 0; ``None`` for a question without answer."""
    if not answers:
        return None
    predicted = answer_tokens(prediction)
    return float(any(_equal(predicted, wording) for wording in _wordings(answers)))


def f1(prediction: str, answers: Parts) -> float | None:
    """Overlap of tokens with the nearest accepted wording, in [0, 1]; ``None`` for a question without answer."""
    if not answers:
        return None
    predicted = answer_tokens(prediction)
    return max(_overlap(predicted, wording) for wording in _wordings(answers))


def contained(prediction: str, answers: Parts) -> float | None:
    """1 when the answer holds a spelling of every part as whole tokens, else 0.

    ``None`` for a question without answer.
    """
    if not answers:
        return None
    return float(all(any(holds(prediction, spelling) for spelling in part) for part in answers))


def holds(text: str, spelling: str) -> bool:
    """Whether a text holds a spelling as a run of whole tokens, word for word or by equal values."""
    plain, sought = syllables(normalise(without_marks(text))), syllables(normalise(spelling))
    return _has_run(plain, sought) or _has_run(answer_tokens(text), answer_tokens(spelling))


def has_value(text: str, value: Value) -> bool:
    """Whether a text tells a value, however it is written."""
    return any(same_value(value, other) for other in find_values(text))


def name_words(text: str) -> frozenset[str]:
    """The words with a capital, without accents; the first only where the next has one too, as in a name."""
    words = _WORD.findall(normalise(text))
    named = [word[0].isupper() for word in words]
    if named[:2] in ([True], [True, False]):
        named[0] = False
    return frozenset(fold(word) for word, is_name in zip(words, named, strict=True) if is_name)


def opening_verdict(text: str) -> Literal["yes", "no"] | None:
    """The yes or no that an answer opens with; ``None`` where it opens with what it tells.

    "Có" and its like count only where a comma or an end follows: "Có 12 xã đạt chuẩn" says how many.
    """
    opening = normalise(without_marks(text)).replace("*", "").strip(' \n-–“"')
    if _NO.match(opening):
        return "no"
    return "yes" if _YES.match(opening) else None


def same(token: Token, other: Token) -> bool:
    """Whether two tokens are the same syllable, or values that mean the same."""
    if isinstance(token, str) or isinstance(other, str):
        return token == other
    return same_value(token, other)


def _wordings(answers: Parts) -> Iterator[list[Token]]:
    tokens = [[answer_tokens(spelling) for spelling in part] for part in answers]
    return (list(chain.from_iterable(wording)) for wording in islice(product(*tokens), MAX_WORDINGS))


def _equal(tokens: Sequence[Token], other: Sequence[Token]) -> bool:
    return len(tokens) == len(other) and all(map(same, tokens, other))


def _has_run(tokens: Sequence[Token], run: Sequence[Token]) -> bool:
    return bool(run) and any(
        _equal(tokens[start : start + len(run)], run) for start in range(len(tokens) - len(run) + 1)
    )


def _overlap(predicted: Sequence[Token], expected: Sequence[Token]) -> float:
    left = list(expected)
    shared = 0
    for token in predicted:
        place = next((i for i, other in enumerate(left) if same(token, other)), None)
        if place is not None:
            del left[place]
            shared += 1
    return 2 * shared / (len(predicted) + len(expected)) if shared else 0.0
