"""TCVN 5712:1993 (VN3), the encoding of the "ABC" fonts: letters by their places, and capitals by their neighbours.

It has no capital letters with a tone.  Whoever needed one typed the small letter and changed to a font whose small
letters look like capitals (``.VnTimeH``), which plain text no longer tells.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise

TCVN3: Mapping[int, str] = dict(
    zip(
        map(ord, "µ¶·¸¹¨»¼½¾Æ©ÇÈÉÊË®ÌÎÏÐÑªÒÓÔÕÖ×ØÜÝÞßáâãä«åæçèé¬êëìíîïñòóô\xadõö÷øùúûüýþ¡¢£¤¥¦§"),
        "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵĂÂÊÔƠƯĐ",
        strict=True,
    )
)
_WORDS = re.compile(r"([^\W\d_]+)")
_BEGINS_SENTENCE = re.compile(r"(?:\A|[.!?]\s|\n\s*\n)[ \t–-]*[^\W\d_](?=\S* \S)")


def from_tcvn3(text: str) -> str:
    """Convert TCVN3 read as Latin-1, a whole text or part of a line; small letters among capitals become capitals."""
    return "\n".join(map(_even_case, text.translate(TCVN3).split("\n")))


def whole_from_tcvn3(text: str) -> str:
    """Convert a whole text, of which no font tells where a sentence began with a capital."""
    return _BEGINS_SENTENCE.sub(_with_capital, from_tcvn3(text))


def has_odd_case(word: str) -> bool:
    """Whether a capital stands behind a small letter (``MêI``): small letters of another font, or two words in one."""
    return any(before.islower() and letter.isupper() for before, letter in pairwise(word))


def _with_capital(begin: re.Match[str]) -> str:
    letter = begin[0][-1]
    return begin[0] if letter.isascii() else begin[0][:-1] + letter.upper()


def _even_case(line: str) -> str:
    """Capitalise the words that stand among capitals (``CéNG HßA X· HéI``).

    A run of words without small Latin letters is in capitals where one of them says so, as ``NHâN`` and ``áN`` do.
    """
    words = _WORDS.split(line)
    run: list[int] = []
    for place in range(1, len(words) + 2, 2):
        if place < len(words) and not any(char.isascii() and char.islower() for char in words[place]):
            run.append(place)
            continue
        if any(_is_in_capitals(words[at]) for at in run):
            for at in run:
                words[at] = words[at].upper()
        run = []
    return "".join(words)


def _is_in_capitals(word: str) -> bool:
    """Whether a word that has small letters with marks only was written in capitals."""
    capitals = sum(char.isupper() for char in word)
    return has_odd_case(word) or 1 < capitals < len(word)
