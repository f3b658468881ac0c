"""A question that asks for several things becomes several questions, each searched and answered by itself."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from index.text import CAPITAL, syllables
from rag.follow import needs_context
from rag.question import ASKING, NAME, YEAR, asking, has_name
from rag.schema import Asked

_IN_TURN = re.compile(r",?\s?\blần lượt\b,?", re.IGNORECASE)
_COMPARES = re.compile(
    r"\b(?:hơn|so với|tăng|giảm|chênh|giữa|hay|cả hai|cả năm|cùng|tổng cộng|(?:bình quân|trung bình) (?:hai|các|cả))\b"
)
_SUPPOSES = re.compile(r"(?:nếu|khi nào|ai (?:muốn|có))\b", re.IGNORECASE)
"""How a clause begins that only sets a condition for the one after it."""
_BEFORE_YEAR = r"(?:(?:trong|cuối|đầu|hết)\s+)?(?:năm\s+)?"
_HEAD = r"(?:(?i:xã|phường|thị trấn|huyện|quận|tỉnh|ông|bà)\s+)?"
_TWO_YEARS = re.compile(
    rf"(?<!\w)(?:(?:cả\s+)?(?:hai|các|những)\s+)?(?P<head>{_BEFORE_YEAR})(?P<one>(?:19|20)\d\d)"
    rf"\s*(?:,|và|,\s*và)\s+(?P<other_head>{_BEFORE_YEAR})(?P<other>(?:19|20)\d\d)(?!\w)",
    re.IGNORECASE,
)
_TWO_NAMES = re.compile(
    rf"(?<!\w)(?i:(?:cả\s+)?hai\s+)?(?P<head>{_HEAD})(?P<one>{NAME})\s+và\s+(?P<other_head>{_HEAD})(?P<other>{NAME})(?!\w)"
)
_IN_A_LIST = (
    "xã|phường|thị trấn|thị xã|huyện|quận|tỉnh|thành phố|thôn|xóm|ông|bà|anh|chị|cô|cụ|đồng chí"
    "|ngày|tháng|quý|lúc|mùng"
)
_JOINT = re.compile(
    r"(?:[?;]|(?<=\w{3})\.)\s+(?:\d+\.\s+|(?i:và|còn)\s+)?"
    rf"|(?:,\s+(?:(?:và|còn|đồng thời)\s+)?|\s+và\s+)(?!(?i:{_IN_A_LIST})\b|[{CAPITAL}])"
)
"""What stands between two clauses that ask, but not within a list, an address, a date or an abbreviation."""
_ENUMERATED = re.compile(r"^\d+[.)]\s+")
_FEWEST = 2  # syllables of a clause, beside the words that ask
_NEAR = 3
"""So many syllables at the beginning of a clause tell what it is about."""
_MOST = 3
"""Parts of one question; each costs a reply."""


def parts(asked: Asked) -> tuple[Asked, ...]:
    """The questions that a normalised one puts together, itself when it is one.

    "Năm 2019 và năm 2020 xã thu bao nhiêu?" asks one thing of each year, "Ai xây cầu, và cầu dài bao nhiêu?" asks
    two things; a clause keeps the others as its context unless it names what it is about.  A question that compares,
    or supposes something, stays whole.
    """
    question = _ENUMERATED.sub("", asked.question)
    places = [found.span() for found in asking(question)]
    if _COMPARES.search(question.lower()) or _SUPPOSES.match(question):
        return (asked,)
    if len(places) == 1:
        return tuple(replace(asked, question=one) for one in _of_two(question))
    joints = [_joint(question, one[1], other[0]) for one, other in pairwise(places)]
    cuts = [joint for joint in joints if joint is not None]
    if not 0 < len(cuts) < _MOST or len(cuts) < len(joints):
        return (asked,)
    bounds = [(0, 0), *cuts, (len(question), len(question))]
    clauses = [question[before[1] : after[0]].strip(" ?.,;") for before, after in pairwise(bounds)]
    if any(len(syllables(ASKING.sub(" ", clause.lower()))) < _FEWEST for clause in clauses):
        return (asked,)
    whole = [f"{clause[:1].upper()}{clause[1:]}?" for clause in clauses]
    return tuple(_with_context(asked, whole, place) for place in range(len(whole)))


def _joint(question: str, start: int, end: int) -> tuple[int, int] | None:
    """Where the last joint between two words that ask stands; "ai và đơn vị nào" has none."""
    found = max((found.span() for found in _JOINT.finditer(question, start, end)), default=None)
    if found == (start, start + len(" và ")) and len(syllables(question[found[1] : end])) < _NEAR:
        return None
    return found


def _with_context(asked: Asked, clauses: list[str], place: int) -> Asked:
    """A clause with those before it, unless it stands alone; the first borrows the next where it names nothing."""
    clause = clauses[place]
    if place == 0:
        borrows = not (asked.context or has_name(clause)) and has_name(clauses[1])
        return Asked(clause, clauses[1]) if borrows else replace(asked, question=clause)
    before = clauses[:place]
    if _stands_alone(clause) and (YEAR.search(clause) or not YEAR.search(" ".join(before))):
        return replace(asked, question=clause)
    return Asked(clause, Asked(" ".join(before), asked.context).text)


def _stands_alone(clause: str) -> bool:
    """Whether a clause names something, and begins with what it asks for and not with what is told of it."""
    opening = " ".join(clause.lower().split()[:_NEAR])
    return has_name(clause) and not needs_context(clause) and bool(ASKING.search(opening))


def _of_two(question: str) -> tuple[str, ...]:
    """A question about two years, or in turn about two names, as one of each; else as it is."""
    years = YEAR.findall(question)
    if len(years) == 2:
        pair = _TWO_YEARS.search(question)
    else:
        pair = _TWO_NAMES.search(question) if _IN_TURN.search(question) else None
    if pair is None or pair["one"] == pair["other"]:
        return (question,)
    before, after = question[: pair.start()], question[pair.end() :]
    if pair.re is _TWO_NAMES and before.rstrip().endswith(","):
        return (question,)  # two of a longer list
    if pair.re is _TWO_YEARS and pair["other_head"] and before.strip() and _tells(after):
        return (question,)  # a clause of each year
    both = (pair["head"] + pair["one"], (pair["other_head"] or pair["head"]) + pair["other"])
    whole = (" ".join(_IN_TURN.sub(" ", before + one + after).split()) for one in both)
    return tuple(one[:1].upper() + one[1:] for one in whole)


def _tells(rest: str) -> bool:
    """Whether what follows the second year is a clause of its own, not only "là bao nhiêu?"."""
    words = syllables(rest)
    return bool(words) and words[0] != "là"
