"""A sentence and a gap in it become a question."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from rag.reader.gaps import Gap
from rag.reader.noise import fewer_words, mistyped, other_words, without_accents

_CLAUSE_END = re.compile(r"(?<!\d)[,.]|[,.](?!\d)|[;:…()–\"“”?!]| - ")
_LONGEST_SIDE = 14
_FEWEST_WORDS = 4
_LEADING = re.compile(
    r"^(?:tuy nhiên|bên cạnh đó|ngoài ra|theo đó|trong khi đó|đồng thời|đặc biệt|trước đó|sau đó|cụ thể|được biết|"
    r"và|nhưng|còn|mà|thì|song|vì vậy|do đó|đáng chú ý|như vậy|cũng)[, ]+",
    re.IGNORECASE,
)
_OPENERS = ("Theo bài viết, ", "Cho biết ", "Xin hỏi ", "Cho hỏi ", "Hãy cho biết ", "Trong bài, ")
_LINKS = ("ở", "tại", "của", "trong", "về", "thuộc", "")
_JOINTS = frozenset((
    "của", "ở", "tại", "trong", "với", "cho", "do", "để", "từ", "đến", "khi", "vào", "năm", "ngày",
    "tháng", "về", "trên", "theo", "đã", "đang", "sẽ", "được", "bị", "là", "có", "và", "nhằm", "bằng",
))  # fmt: skip
_ENDINGS = ("?", "?", "?", "?", "?", "?", "", " vậy?", " ạ?", " thế?")


def ask(
    sentence: str, gap: Gap, rng: random.Random, topics: Sequence[str] = (), *, vary: bool = True
) -> str | None:
    """A question for the gap, ``None`` when too little of the sentence would be left.

    The clause around the gap is kept, cut to its nearest words.  To ``vary`` it, small words are dropped, others
    replaced and some put in another order, so that the question is not the sentence over again, and one of the
    ``topics`` may be added: people name the subject of an article, which the sentence need not do.
    """
    left, right = _around(sentence, gap, rng)
    if len(left) + len(right) < _FEWEST_WORDS and gap.kind != "role":
        return None
    if not vary:
        return " ".join([*left, rng.choice(gap.words), *right])
    left, right = (fewer_words(side, rng, 0.15, rng.choice((0.0, 0.0, 0.04, 0.1))) for side in (left, right))
    if gap.front and rng.random() < 0.5:
        words = [rng.choice(gap.front), *left, *right]
    elif rng.random() < 0.4:
        words = _reordered(left, rng.choice(gap.words), right, rng)
    else:
        words = [*left, rng.choice(gap.words), *right]
    if topics and rng.random() < 0.4:
        link, topic = rng.choice(_LINKS), rng.choice(topics)
        words = [link, topic, *words] if rng.random() < 0.5 else [*words, link, topic]
    return other_words(" ".join(word for word in words if word), rng, 0.35)


def _around(sentence: str, gap: Gap, rng: random.Random) -> tuple[list[str], list[str]]:
    """The words kept before and after the gap."""
    before, after = sentence[: gap.begin], sentence[gap.stop :]
    left_clauses = [part.split() for part in _CLAUSE_END.split(before)]
    right_clauses = [part.split() for part in _CLAUSE_END.split(after)]
    left, right = left_clauses.pop(), right_clauses.pop(0)
    enough = rng.choice((5, 6, 8, 10, 12))
    while len(left) + len(right) < enough and (left_clauses or right_clauses):
        if left_clauses and (not right_clauses or rng.random() < 0.6):
            left = left_clauses.pop() + left
        else:
            right = right + right_clauses.pop(0)
    left = left[-rng.randint(6, _LONGEST_SIDE) :]
    right = right[: rng.randint(4, _LONGEST_SIDE)]
    return _LEADING.sub("", " ".join(left)).split(), right


def _reordered(left: list[str], word: str, right: list[str], rng: random.Random) -> list[str]:
    """The parts in any order; the word that asks stays before what it counts, or follows it after ``là``."""
    near, cut = _joints(right)[1], rng.choice(_joints(left))
    counted, rest = right[:near], right[near:]
    asking = [word, *counted] if rng.random() < 0.7 else [*counted, "là", word]
    parts = [left[:cut], left[cut:], asking, rest]
    rng.shuffle(parts)
    return [one for part in parts for one in part]


def _joints(words: Sequence[str]) -> list[int]:
    """Where a list of words can be taken apart without cutting a compound."""
    return [0, *(place for place, word in enumerate(words) if word.lower() in _JOINTS), len(words)]


def as_written(question: str) -> str:
    """A question as a careful hand writes it."""
    question = re.sub(r"\s+", " ", question).strip(" ,.;:-?")
    return f"{question[:1].upper()}{question[1:]}?"


def as_typed(question: str, rng: random.Random) -> str:
    """A question as people type it: with an opening, without accents, in small letters, with a slip, or as it is."""
    question = re.sub(r"\s+", " ", question).strip(" ,.;:-")
    if rng.random() < 0.06:
        question = rng.choice(_OPENERS) + question[:1].lower() + question[1:]
    else:
        question = question[:1].upper() + question[1:]
    question += rng.choice(_ENDINGS)
    luck = rng.random()
    if luck < 0.12:
        return without_accents(question)
    if luck < 0.18:
        return mistyped(question, rng)
    if luck < 0.30:
        return question.lower()
    return question
