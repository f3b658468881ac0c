"""Sentences whose subject is another place or person than the question names, whatever else they share with it.

Of 5,993 training questions it would take the right sentence from one.  Two more rules were tried and left: that what is
asked of "cử tri An Lạc" is told of "cử tri Đông Trì" takes 41 right ones, that an article names what is asked after the
sentence alone 76.
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

    "Xã Bình Trạch có 64 ha" tells nothing of the commune of Bình Thạch.  A question of which commune, or who, may be
    answered by it.
    """
    subject = _SUBJECT.match(sentence)
    if subject is None:
        return False
    kind = subject["kind"].lower()
    person = kind in _PERSONS
    if (_WHO if person else _WHERE).search(question):
        return False
    asked = {
        fold(found["name"])
        for found in _KINDED.finditer(question)
        if (found["kind"].lower() in _PERSONS if person else found["kind"].lower() == kind)
    }
    words = f" {fold(sentence)} "
    if person:  # is called by the last of his names, a stranger by the first
        first_and_last = {part for name in asked for part in (name.split()[0], name.split()[-1])}
        return bool(asked) and not first_and_last & set(re.findall(r"[\w.]+", words))
    return bool(asked) and not any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", words) for name in asked)
