"""A question that asks for several things becomes several questions, each searched and answered by itself."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from index.text import syllables
from rag.follow import needs_context
from rag.question import ASKING, NAME, YEAR, has_name
from rag.schema import Asked

_IN_TURN = re.compile(r",?\s?\blần lượt\b,?", re.IGNORECASE)
_COMPARES = re.compile(r"\b(?:hơn|so với|tăng|giảm|chênh|giữa|hay|cả hai|tổng cộng)\b")
_BEFORE_YEAR = r"(?:(?:trong|cuối|đầu|hết)\s+)?(?:năm\s+)?"
_HEAD = r"(?:(?i:xã|phường|thị trấn|huyện|quận|tỉnh|ông|bà)\s+)?"
_TWO_YEARS = re.compile(
    rf"(?<!\w)(?:(?:cả\s+)?hai\s+)?(?P<head>{_BEFORE_YEAR})(?P<one>(?:19|20)\d\d)\s*(?:,|và|,\s*và)\s+"
    rf"(?P<other_head>{_BEFORE_YEAR})(?P<other>(?:19|20)\d\d)(?!\w)",
    re.IGNORECASE,
)
_TWO_NAMES = re.compile(
    rf"(?<!\w)(?i:(?:cả\s+)?hai\s+)?(?P<head>{_HEAD})(?P<one>{NAME})\s+và\s+(?P<other_head>{_HEAD})(?P<other>{NAME})(?!\w)"
)
_JOINT = re.compile(r"[?.;]\s+(?:(?:và|còn)\s+)?|,\s+(?:(?:và|còn|đồng thời)\s+)?|\s+và\s+", re.IGNORECASE)
"""What stands between two clauses that ask; longer ones before the shorter ones that they hold."""
_FEWEST = 2  # syllables of a clause, beside the words that ask
_MOST = 3
"""Parts of one question; each costs a reply."""


def parts(asked: Asked) -> tuple[Asked, ...]:
    """The questions that a normalised one puts together, itself when it is one.

    "Năm 2019 và năm 2020 xã thu bao nhiêu?" asks one thing of each year, "Ai xây cầu, và cầu dài bao nhiêu?" asks
    two things; a clause that names nothing keeps the other as its context.  A question that compares stays whole.
    """
    question = asked.question
    if _COMPARES.search(question.lower()):
        return (asked,)
    places = [found.span() for found in ASKING.finditer(question.lower())]
    if len(places) == 1:
        return tuple(replace(asked, question=one) for one in _of_two(question))
    cuts = [_joint(question, one[1], other[0]) for one, other in pairwise(places)]
    between = [cut for cut in cuts if cut is not None]
    if not 0 < len(between) < _MOST or len(between) < len(cuts):
        return (asked,)
    bounds = [(0, 0), *between, (len(question), len(question))]
    clauses = [question[before[1] : after[0]].strip(" ?.,;") for before, after in pairwise(bounds)]
    if any(len(syllables(ASKING.sub(" ", clause.lower()))) < _FEWEST for clause in clauses):
        return (asked,)
    whole = [f"{clause[:1].upper()}{clause[1:]}?" for clause in clauses]
    return tuple(_with_context(asked, whole, place) for place in range(len(whole)))


def _joint(question: str, start: int, end: int) -> tuple[int, int] | None:
    """Where the last joint between two words that ask stands."""
    return max((found.span() for found in _JOINT.finditer(question, start, end)), default=None)


def _with_context(asked: Asked, clauses: list[str], place: int) -> Asked:
    """A clause, and the clauses before it (of the first the next) where it leans on them."""
    clause = clauses[place]
    if has_name(clause) and not needs_context(clause):
        return replace(asked, question=clause)
    return Asked(clause, Asked(" ".join(clauses[:place] or clauses[1:2]), asked.context).text)


def _of_two(question: str) -> tuple[str, ...]:
    """A question about two years, or in turn about two names, as one of each; else as it is."""
    years = YEAR.findall(question)
    if len(years) == 2:
        pair = _TWO_YEARS.search(question)
    else:
        pair = _TWO_NAMES.search(question) if _IN_TURN.search(question) else None
    if pair is None:
        return (question,)
    before, after = question[: pair.start()], question[pair.end() :]
    if before.rstrip().endswith(",") and pair.re is _TWO_NAMES:
        return (question,)  # two of a longer list
    both = (pair["head"] + pair["one"], (pair["other_head"] or pair["head"]) + pair["other"])
    whole = (" ".join(_IN_TURN.sub(" ", before + one + after).split()) for one in both)
    return tuple(one[:1].upper() + one[1:] for one in whole)
