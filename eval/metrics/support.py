"""Whether a text supports a sentence: a deterministic test in the place of a judge.

ALCE (Gao et al. 2023) asks an entailment model of 11 billion parameters.  Here a text supports a sentence
when it holds every value of the sentence (number, percentage, amount, date, time) and most of its other
content syllables, denies nothing that the sentence says, and has no other value that fits the sentence better.
It is blind to who did what to whom, and strict with synonyms; ``python -m eval.support`` tells how far it agrees
with a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index.text import normalise, sentence_spans, syllables
from index.values import Value, find_values, same_value

MIN_SHARE = 0.6
"""Least share of a sentence's content syllables that must stand in the text."""

_FUNCTION_WORDS = (
    "là và của các những được có cho với trong tại ở từ đến về do bởi vì nên thì mà như khi để này đó kia ấy "
    "đã đang sẽ cũng còn không rằng theo trên dưới vào ra lên xuống bị một mỗi mọi hay hoặc nhưng song tuy "
    "gồm bao ông bà anh chị đồng chí nó họ vậy nay qua sau trước giữa cùng việc sự cái con chiếc bài viết"
)
FUNCTION_SYLLABLES = frozenset(_FUNCTION_WORDS.split())
"""Syllables that carry grammar, courtesy or "the article says" rather than content."""

_NEGATIONS = frozenset(["không", "chưa", "chẳng"])
_CLAUSE_END = re.compile(r"[;|()\n]|[,:](?=\s)")


def supports(text: str, sentence: str) -> bool:
    """Whether the text holds every value of the sentence and enough of its content syllables."""
    return support_score(text, sentence) >= MIN_SHARE


def support_score(text: str, sentence: str) -> float:
    """The share of content syllables that the text holds, in [0, 1]; 0 where a value lacks or the text contradicts."""
    text, sentence = normalise(text), normalise(sentence)
    told = find_values(text)
    claimed = find_values(sentence)
    if not all(any(same_value(value, other) for other in told) for value in claimed):
        return 0.0
    if _denied(text, sentence) or any(_is_misplaced(value, claimed, text, sentence) for value in claimed):
        return 0.0
    return support_share(text, sentence)


def support_share(text: str, sentence: str) -> float:
    """Share of the sentence's different content syllables, outside its values, that stand in the text; 1 if none."""
    sentence = normalise(sentence)
    words: list[str] = []
    position = 0
    for value in find_values(sentence):
        words += syllables(sentence[position : value.start])
        position = value.end
    wanted = set(words + syllables(sentence[position:])) - FUNCTION_SYLLABLES
    return len(wanted & set(syllables(normalise(text)))) / len(wanted) if wanted else 1.0


def _denied(text: str, sentence: str) -> bool:
    """Whether one of the two says of some pair of syllables what the other says only with "not" before it."""
    told, said = (_pairs(syllables(one)) for one in (text, sentence))
    return any(
        pair in other[False] and pair not in other[True] and pair not in one[False]
        for one, other in ((told, said), (said, told))
        for pair in one[True]
    )


def _pairs(words: Sequence[str]) -> dict[bool, set[tuple[str, str]]]:
    """Neighbouring syllables: under ``True`` those right after a negation, under ``False`` the others."""
    found: dict[bool, set[tuple[str, str]]] = {True: set(), False: set()}
    for place in range(len(words) - 1):
        after_negation = place > 0 and words[place - 1] in _NEGATIONS
        found[after_negation].add((words[place], words[place + 1]))
    return found


def _is_misplaced(value: Value, claimed: Sequence[Value], text: str, sentence: str) -> bool:
    """Whether, wherever the text has this value, a neighbouring clause with another one fits the sentence better.

    Clauses that hold any of the claimed values are no rivals: a sentence may well tell several of them.
    """
    wanted = set(syllables(sentence)) - FUNCTION_SYLLABLES
    places = [
        clauses
        for clauses in _clauses(text)
        if any(same_value(value, one) for _, values in clauses for one in values)
    ]
    return bool(places) and all(_has_rival(value, claimed, clauses, wanted) for clauses in places)


def _has_rival(
    value: Value, claimed: Sequence[Value], clauses: Sequence[tuple[set[str], list[Value]]], wanted: set[str]
) -> bool:
    holders = [
        place for place, (_, values) in enumerate(clauses) if any(same_value(value, one) for one in values)
    ]
    if value.kind == "date" and holders[:1] == [0]:
        return False  # a date that opens a sentence holds for all of it
    own = max((len(clauses[place][0] & wanted) for place in holders), default=0)
    return any(
        len(words & wanted) > own
        for words, values in clauses
        if any(one.kind == value.kind for one in values)
        and not any(same_value(one, other) for one in values for other in claimed)
    )


def _clauses(text: str) -> Iterator[list[tuple[set[str], list[Value]]]]:
    """For each sentence of a text its clauses, as syllables and values."""
    for start, end in sentence_spans(text):
        pieces = _CLAUSE_END.split(text[start:end])
        yield [(set(syllables(piece)), find_values(piece)) for piece in pieces if piece.strip()]
