"""Sentences whose subject is another place or person than the question names.

Of 5,993 training questions this would drop the right sentence of one.  Two more rules were tried and left: one for any
noun with another name ("cử tri An Lạc" and "cử tri Đông Trì") drops 41 right ones, one for articles that have the
asked name only after the sentence drops 76.
"""

from __future__ import annotations

import re

from index.text.normalise import CAPITAL, fold

_PERSONS = frozenset(("ông", "bà", "anh", "chị", "cô", "thầy", "em", "cụ"))
_PLACES = (
    "xã",
    "phường",
    "thị trấn",
    "huyện",
    "quận",
    "thị xã",
    "tỉnh",
    "thôn",
    "xóm",
    "bản",
    "ấp",
    "trường",
)
_KINDED = re.compile(
    rf"(?<!\w)(?P<kind>(?i:{'|'.join((*_PERSONS, *_PLACES))})) (?P<name>[{CAPITAL}][\w.]*(?: [{CAPITAL}][\w.]*)*)"
)
_SUBJECT = re.compile(rf"(?:(?:Tại|Ở|Riêng|Còn|Riêng tại) )?{_KINDED.pattern}")
_WHO = re.compile(r"(?<!\w)(?:ai|người nào|ông nào|bà nào|tên gì)(?!\w)", re.IGNORECASE)
_WHERE = re.compile(r"(?<!\w)(?:nào|đâu)(?!\w)", re.IGNORECASE)


def has_other_subject(question: str, sentence: str) -> bool:
    """Whether a sentence begins with another place or person of the kind that the question names.

    "Xã Bình Trạch có 64 ha" says nothing of the commune of Bình Thạch.  Never for a question of which commune, or who.
    """
    subject = _SUBJECT.match(sentence)
    if subject is None:
        return False
    kind = subject["kind"].lower()
    person = kind in _PERSONS
    if (_WHO if person else _WHERE).search(question):
        return False
    question_names = {
        fold(found["name"])
        for found in _KINDED.finditer(question)
        if (found["kind"].lower() in _PERSONS if person else found["kind"].lower() == kind)
    }
    folded = f" {fold(sentence)} "
    if person:  # is called by the last of his names, a stranger by the first
        first_and_last = {part for name in question_names for part in (name.split()[0], name.split()[-1])}
        return bool(question_names) and not first_and_last & set(re.findall(r"[\w.]+", folded))
    return bool(question_names) and not any(
        re.search(rf"(?<!\w){re.escape(name)}(?!\w)", folded) for name in question_names
    )
