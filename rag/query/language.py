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
_SCRIPTS = {
    "CJK": "Chinese",
    "HIRAGANA": "Japanese",
    "KATAKANA": "Japanese",
    "HANGUL": "Korean",
}
_GREEK_RUN = re.compile("[\u0370-\u03ff]{3}")


def answer_language(question: str) -> Literal["vi", "en"]:
    """English for an English question, also one with Vietnamese names; Vietnamese otherwise, accents or not."""
    words = re.findall(r"[^\W\d_]+", fold(question))
    english = sum(map(words.count, _ENGLISH.split()))
    vietnamese = sum(map(words.count, _VIETNAMESE.split()))
    return "en" if english > vietnamese else "vi"


def foreign_script(text: str) -> str | None:
    """Name of the first script in a text that neither Vietnamese nor English is written in, such as ``Chinese``.

    Single Greek letters are symbols (``α``, ``μm``) and pass.
    """
    for char in text:
        if char < "\u0370" or not char.isalpha():
            continue
        name = unicodedata.name(char, "UNKNOWN").replace("FULLWIDTH ", "").replace("HALFWIDTH ", "")
        script = name.split()[0].removesuffix("-IDEOGRAPH")
        if script in (
            "LATIN",
            "MODIFIER",
            "MATHEMATICAL",
            "DOUBLE-STRUCK",
            "SCRIPT",
            "KELVIN",
            "ANGSTROM",
            "OHM",
        ):
            continue
        if script == "GREEK" and not _GREEK_RUN.search(text):
            continue
        return _SCRIPTS.get(script, script.capitalize())
    return None


def is_foreign(text: str) -> bool:
    """Tell whether most letters of a text belong to a script that neither Vietnamese nor English is written in."""
    letters = [char for char in text if char.isalpha()]
    return 2 * sum(foreign_script(char) is not None for char in letters) > len(letters)


def leaked_script(text: str, sources: str) -> str | None:
    """Name of a script in a text that is foreign and whose letters do not come from the sources."""
    return foreign_script("".join(char for char in text if char not in sources))
