"""Values and persons of a sentence, each with the words around it, so that two sentences can be compared.

Two sentences may state the same figures of other things: “hộ có nhà sập 20 triệu đồng” beside “nhà sập 40 triệu đồng,
người mất tích 20 triệu đồng”.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.text.normalise import fold
from index.text.values import Value, date_parts, find_values, same_value
from rag.proof.grounding import unit_of
from rag.proof.names import persons

_NEAR = 8
"""Words on either side that are the context of a value or person."""
_GOES_ON = frozenset({"len", "xuong", "con", "den", "toi", "sang", "len den", "xuong con", "-", "–"})
"""What stands between two figures of the same thing, without accents."""
_FILLERS = frozenset(
    {
        "anh", "ba", "bi", "cac", "chi", "cho", "co", "cua", "da", "dang", "do", "dong", "duoc", "khi", "la",
        "ma", "nay", "nhung", "o", "ong", "se", "tai", "thi", "trong", "va", "vao", "voi",
    }
)  # fmt: skip
_FILLER = 0.2
"""Weight of a filler word."""
_OTHER_SIDE = 0.6
"""Weight of a word that stands before the one part and after the other."""
_WORD = re.compile(r"[^\W_]+(?:[.,/]\d+)*")
_CLAUSE_END = re.compile(r"[;.!?…\n]")


@dataclass(frozen=True, slots=True)
class ComparablePart:
    """A value or a person at ``text[start:end]``; ``value`` is ``None`` for a person.

    ``before`` and ``after`` are the folded words on either side, the nearest first.
    """

    text: str
    start: int
    end: int
    value: Value | None
    unit: str
    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def words(self) -> str:
        """The part as it is written, with its unit."""
        return self.text[self.start : self.end]

    def same(self, other: ComparablePart) -> bool:
        """Whether both can mean the same."""
        if self.value is None or other.value is None:
            one, two = f" {fold(self.words)}", f" {fold(other.words)}"
            return self.value is other.value and (one.endswith(two) or two.endswith(one))
        return _same(self.value, other.value) and (not self.unit or not other.unit or self.unit == other.unit)

    def comparable(self, other: ComparablePart) -> bool:
        """Whether the one could stand in the place of the other."""
        if self.value is None or other.value is None:
            return self.value is other.value
        if self.value.kind == "date":
            return other.value.kind == "date" and _grain(self.value) == _grain(other.value)
        return self.value.kind == other.value.kind and self.unit == other.unit


def comparable_parts(text: str) -> list[ComparablePart]:
    """The values and persons of a normalised sentence in reading order."""
    values = [(one.start, one.end, one) for one in find_values(text)]
    people = [(start, end, None) for start, end in persons(text)]
    spans = sorted([*values, *people], key=lambda span: span[0])
    found = []
    for place, (start, end, value) in enumerate(spans):
        # Another figure of the same kind ends the context of this one.
        first = max((stop for _, stop, one in spans[:place] if (one is None) == (value is None)), default=0)
        last = min(
            (begin for begin, _, one in spans[place + 1 :] if (one is None) == (value is None)),
            default=len(text),
        )
        if value is not None and fold(text[first:start]).strip() in _GOES_ON:
            first = 0  # "tăng từ 5,2 lên 6,9 tỷ đồng": both figures have the same context
        before = _WORD.findall(fold(_CLAUSE_END.split(text[first:start])[-1]))[::-1][:_NEAR]
        after = _WORD.findall(fold(re.split(r"[,;.!?…\n]", text[end:last])[0]))[:_NEAR]
        unit = unit_of(text, value) if value else ""
        found.append(ComparablePart(text, start, end, value, unit, tuple(before), tuple(after)))
    return found


def context_similarity(claimed: ComparablePart, stated: ComparablePart, idf: Mapping[str, float]) -> float:
    """The share, in [0, 1], of the claimed part's context that the stated one has; near and rare words weigh more."""
    whole = shared = 0.0
    for own, same_side, other_side in (
        (claimed.before, stated.before, stated.after),
        (claimed.after, stated.after, stated.before),
    ):
        for place, word in enumerate(own):
            weight = (_FILLER if word in _FILLERS else idf.get(word, 1.0)) / (1 + place / 4)
            whole += weight
            if word in same_side:
                shared += weight
            elif word in other_side:
                shared += _OTHER_SIDE * weight
    return shared / whole if whole else 0.0


def years(text: str) -> set[int]:
    """The years that a normalised text names, also those of its days."""
    dates = (date_parts(value.canonical)[0] for value in find_values(text) if value.kind == "date")
    return {year for year in dates if year is not None}


def inverse_document_frequencies(sentences: Sequence[str]) -> dict[str, float]:
    """The inverse document frequency of each folded word, the sentences being the documents."""
    counts = Counter(word for sentence in sentences for word in set(_WORD.findall(fold(sentence))))
    return {word: math.log(1 + len(sentences) / count) for word, count in counts.items()}


def _same(claimed: Value, stated: Value) -> bool:
    if claimed.kind == stated.kind == "date" and stated.canonical.startswith(f"{claimed.canonical}-"):
        return True
    return same_value(claimed, stated) and (claimed.kind == "percent") == (stated.kind == "percent")


def _grain(value: Value) -> int:
    """The precision of a date: how many parts besides the year it has."""
    return sum(part is not None for part in date_parts(value.canonical)[1:])
