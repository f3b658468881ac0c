"""In which language to answer, and which letters have no place in an answer."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from index.text.normalise import fold

# Words that make a question English, and the commonest words of Vietnamese questions without accents.
# English words that are also unaccented Vietnamese ones (to, in, on, so, no, do, can) are left out.
_ENGLISH = """
    what who whom whose when where which why how is are was were does did has have had the of and with from by
    many much there this these those please tell about between summarize summarise explain describe list
    should would could will been people year hello thank thanks you your
"""
_VIETNAMESE = """
    la ai gi nao bao nhieu may khi dau sao co duoc cua va nhung trong nam ngay thi khong bi cho o tai ve voi
    cac the nay do den tu tren da se vi neu hay ra nhu theo
"""
_KNOWN = (
    "LATIN", "FULLWIDTH LATIN", "GREEK", "MODIFIER", "MATHEMATICAL", "DOUBLE-STRUCK", "SCRIPT", "KELVIN", "ANGSTROM",
    "OHM",
)  # fmt: skip
"""How the Unicode names begin of letters and signs that Vietnamese and English texts have."""
_GREEK_RUN = re.compile("[\u0370-\u03ff]{3}")


def answer_language(question: str) -> Literal["vi", "en"]:
    """English for an English question, also one with Vietnamese names; Vietnamese otherwise, accents or not."""
    words = re.findall(r"[^\W\d_]+", fold(question))
    english = sum(map(words.count, _ENGLISH.split()))
    vietnamese = sum(map(words.count, _VIETNAMESE.split()))
    return "en" if english > vietnamese else "vi"


def has_foreign_script(text: str) -> bool:
    """Whether a text has letters of a script that neither Vietnamese nor English is written in.

    Single Greek letters are symbols (``α``, ``μm``) and pass.
    """
    return _GREEK_RUN.search(text) is not None or any(
        char >= "\u0370" and char.isalpha() and not unicodedata.name(char, "").startswith(_KNOWN)
        for char in text
    )


def is_foreign(text: str) -> bool:
    """Whether most letters of a text belong to a script that neither Vietnamese nor English is written in."""
    letters = [char for char in text if char.isalpha()]
    return 2 * sum(map(has_foreign_script, letters)) > len(letters)


def leaks_foreign_script(text: str, sources: str) -> bool:
    """Whether a text has letters of a foreign script that do not come from the sources."""
    return has_foreign_script("".join(char for char in text if char not in sources))
