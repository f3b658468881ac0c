"""Slips of a small writer: a word spelt otherwise than in its source, a value told of what another one belongs to."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from index.text.normalise import fold
from index.text.values import Value, find_values, same_value

_WORD = re.compile(r"[^\W\d_]+")
_ALIKE = 0.6
"""The likeness, in [0, 1], of the letters of two words from which one is a slip for the other."""
_BETWEEN_CLAUSES = re.compile(r"[,;:]\s|\n|(?<!\w)(?:và|còn|trong khi)(?!\w)")
_GLUE = frozenset(
    {
        "có", "là", "được", "bị", "đã", "đang", "sẽ", "của", "cho", "tại", "ở", "trong", "từ", "đến", "tới", "với",
        "và", "các", "những", "một", "này", "đó", "theo", "thì", "mà", "khi", "do", "vì", "về", "ra", "vào", "lên",
        "xuống", "còn", "gồm", "đối", "mức", "khoảng", "hơn", "gần", "trên", "dưới", "ngày", "tháng", "năm", "đồng",
        "triệu", "tỷ", "nghìn",
    }
)  # fmt: skip
"""Words that tell nothing of what a value belongs to."""


def misspelt(statement: str, source: str, known: str) -> list[tuple[str, str]]:
    """Words of a statement that stand for others of its source that look alike, each with that of the source.

    "Dâu thuyền" where the source has "đua thuyền".  Words that stand anywhere in ``known``, the question and the
    heading, or elsewhere in the source are no slips.  Texts are normalised.
    """
    said, told = _words(statement), _words(source)
    standing = {*told, *_words(known)}
    matcher = SequenceMatcher(None, said, told, autojunk=False)
    return [
        (one, other)
        for tag, first, last, begin, end in matcher.get_opcodes()
        if tag == "replace" and last - first == end - begin
        for one, other in zip(said[first:last], told[begin:end], strict=True)
        if one not in standing and other not in said and _look_alike(one, other)
    ]


def belongs_to_another(statement: str, source: str) -> bool:
    """Whether a statement tells a value of what its source tells another value of.

    Of "24.000 đồng với vùng hữu cơ và 18.500 đồng với vùng thường" it tells 18.500 of "vùng hữu cơ".
    """
    values = find_values(source)
    said = {word for word in _words(statement) if word not in _GLUE}
    for value in find_values(statement):
        places = [one for one in values if same_value(one, value)]
        if len(places) != 1:
            continue
        own = _around(source, places[0])
        rivals = [one for one in values if one.kind == value.kind != "date" and not same_value(one, value)]
        if any(_is_of(said, _around(source, rival), own) for rival in rivals):
            return True
    return False


def _is_of(said: set[str], other: tuple[set[str], set[str]], own: tuple[set[str], set[str]]) -> bool:
    """Whether words are those before, or those after, another value, and none of those around the own.

    What stands before the first of two values only may introduce both.
    """
    alone = [here - other[0] - other[1] for here in own]
    if (alone[0] | alone[1]) & said:
        return False
    return any(
        bool((there - own[0] - own[1]) & said) and bool(here)
        for there, here in zip(other, alone, strict=True)
    )


def _around(text: str, value: Value) -> tuple[set[str], set[str]]:
    """The words before and after a value in its clause that tell what it belongs to."""
    start = max((found.end() for found in _BETWEEN_CLAUSES.finditer(text, 0, value.start)), default=0)
    found = _BETWEEN_CLAUSES.search(text, value.end)
    before, after = text[start : value.start], text[value.end : found.start() if found else len(text)]
    return set(_words(before)) - _GLUE, set(_words(after)) - _GLUE


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]


def _look_alike(one: str, other: str) -> bool:
    plain, standing = fold(one), fold(other)
    return sorted(plain) == sorted(standing) or SequenceMatcher(None, plain, standing).ratio() >= _ALIKE
