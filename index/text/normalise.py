"""One written form for Vietnamese text, and its syllables.

Articles and questions pass through the same functions here, so that equal words are equal strings.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from index.text.abbreviations import ABBREVIATIONS
from index.text.sentences import sentence_spans

__all__ = [
    "ABBREVIATIONS",
    "CAPITAL",
    "NUMBER",
    "SMALL",
    "fold",
    "has_accents",
    "normalise",
    "number_form",
    "sentence_spans",
    "syllables",
]

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_TONED = "".join(unicodedata.normalize("NFC", vowel + tone) for vowel in "aăâeêioôơuưy" for tone in _TONES)
_VOWELS = "aăâeêioôơuưy" + _TONED
_CLOSED_NUCLEUS = re.compile("[iyu]ê|o[aăeo]|u[âôơy]|ươ|uyê")
_OPEN_NUCLEUS = re.compile(
    "[aăâ]|[eê]|[iy]|[oôơ]|[uư]|a[iouy]|â[uy]|[eê]o|êu|i[aêu]|[oôơ]i|o[ae]|u[aâêiôơy]|ư[aiu]|[iy]êu|oa[ioy]|oeo|uây|"
    "uôi|uy[aêu]|ươ[iu]|yê"
)
_SYLLABLE = re.compile(
    rf"(?<![^\W\d_])(ngh|ng|nh|gh|ch|kh|ph|th|tr|[bcdđghklmnpqrstvx])?([{_VOWELS}]{{2,4}})(ch|ng|nh|[cmnpt])?"
    r"(?![^\W\d_]|[\u0300-\u036f])",
    re.IGNORECASE,
)
_WITH_MARKS = "ăâđêôơư" + _TONED
_MARKED = re.compile(f"[{_WITH_MARKS}]", re.IGNORECASE)
CAPITAL = "A-Z" + _WITH_MARKS.upper()
"""Vietnamese capitals, for a character class of a regular expression."""
SMALL = "a-z" + _WITH_MARKS
"""Vietnamese small letters, for a character class of a regular expression."""
_COMBINING = re.compile("[\u0300-\u036f]")
_FOREIGN_LETTER = re.compile("[\u0370-\u04ff]")
_LINE_ENDS = frozenset("\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")
_LOOKALIKES = {"\t": " ", "Ð": "Đ", "Ɖ": "Đ", "ð": "đ", "\u2010": "-", "\u2011": "-"}
_LOOKALIKES |= {chr(0xFF10 + digit): str(digit) for digit in range(10)}
_FOREIGN = str.maketrans("аеорсухіѕјАВЕКМНОРСТУХІЅЈΑΒΕΗΙΚΜΝΟΡΤΥΧο", "aeopcyxisjABEKMHOPCTYXISJABEHIKMNOPTYXo")
_MIXED_WORD = re.compile(
    r"[\w\u0300-\u036f]*(?:[a-zA-ZÀ-ỹ][\u0370-\u04ff]|[\u0370-\u04ff][a-zA-ZÀ-ỹ])[\w\u0300-\u036f]*"
)
"""A word with Latin letters and Cyrillic or Greek ones beside them, which look like Latin ones."""
NUMBER = r"(?:\d{1,3}(?:\.\d{3})+(?!\d)(?:,\d+)?|\d{1,3}(?:,\d{3}){2,}(?!\d)|\d+(?:[.,]\d+)?)"
"""Regular expression of a number in digits as Vietnamese text writes it."""

_DAY, _MONTH = r"0?[1-9]|[12]\d|3[01]", r"0?[1-9]|1[0-2]"
_TOKEN = re.compile(
    rf"(?<![\d.,/-])(?:"
    rf"(?P<phone>0\d{{1,3}}(?:[ .-]\d{{3,4}}){{2}}(?!\d)|0\d{{8,10}}(?!\d))"
    rf"|(?P<year>\d{{4}})-(?P<of>0[1-9]|1[0-2])-(?P<date>0[1-9]|[12]\d|3[01])(?!\d)"
    rf"|(?P<plate>\d\d[a-zđ]\d?)[ -]?(?P<serial>\d{{3}}\.?\d\d)(?![\w])"
    rf"|(?P<d>{_DAY})(?P<sep>[/-])(?P<m>{_MONTH})(?:(?P=sep)(?P<y>\d{{4}}))?(?![\d/-]|[.,]\d)"
    rf"|(?P<dd>{_DAY})\.(?P<dm>{_MONTH})\.(?P<dy>(?:19|20)\d\d)(?![\d/-]|[.,]\d)"
    rf"|(?P<day>{_DAY})(?P<word> th[áa]ng )(?P<month>{_MONTH})(?!\d)"
    rf"|(?P<spaced>[1-9]\d{{0,2}}(?:(?: \d{{3}}){{2,}}(?! ?\d)(?:,\d+)?|(?: \d{{3}})+,\d+(?! ?\d)))"
    rf"|(?P<english>[1-9]\d{{0,2}}(?:,\d{{3}})+\.\d+(?!\d)))"
    rf"|(?P<number>{NUMBER})|[^\W\d_][^\W_]*"
)


def normalise(text: str) -> str:
    """Bring a text into the one form in which it is stored, searched and compared; idempotent.

    NFC; the tone mark where the traditional rule puts it (``hòa``, ``ủy``, ``thúy``, but ``hoàn``, ``quý``);
    every white space a plain space or ``\\n``; control, zero-width and lone surrogate characters dropped.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    table = {ord(char): plain for char in set(text) if (plain := _plain(char)) != char}
    text = text.translate(table) if table else text
    if _FOREIGN_LETTER.search(text):
        text = _MIXED_WORD.sub(lambda match: match.group().translate(_FOREIGN), text)
    text = unicodedata.normalize("NFC", text)
    return _SYLLABLE.sub(_place_tone, text)


def fold(text: str) -> str:
    """Lower case without any accent, ``đ`` as ``d``; every letter of normalised text stays one character."""
    bare = _COMBINING.sub("", unicodedata.normalize("NFD", text.lower()))
    return unicodedata.normalize("NFC", bare.replace("đ", "d"))


def has_accents(text: str) -> bool:
    """Tell whether a text carries a Vietnamese letter or tone mark."""
    return _MARKED.search(text) is not None


def number_form(digits: str) -> str:
    """Write a number plainly: ``3.772`` as ``3772``, ``1,290`` as ``1.29``, ``02`` as ``2``.

    A full stop before exactly three digits groups thousands, a comma is the decimal sign.
    """
    if re.fullmatch(r"[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?", digits):
        digits = digits.replace(".", "")
    elif re.fullmatch(r"[1-9]\d{0,2}(?:,\d{3}){2,}", digits):
        digits = digits.replace(",", "")
    whole, _, fraction = digits.replace(",", ".").partition(".")
    fraction = fraction.rstrip("0")
    whole = whole.lstrip("0") or "0"
    return f"{whole}.{fraction}" if fraction else whole


def syllables(text: str) -> list[str]:
    """Lower-cased words and numbers of normalised text in reading order, for lexical matching.

    A number is one token in the form of ``number_form``.  A day is one token ``25/6`` however it is
    written, ``25-6``, ``25/06/2018`` (the year follows as its own token) or ``25 tháng 6`` (followed by
    ``tháng`` and ``6``).  ``fold`` of the tokens gives those of the folded text.
    """
    tokens: list[str] = []
    for match in _TOKEN.finditer(text.lower()):
        if match["phone"]:
            tokens.append(re.sub(r"\D", "", match["phone"]))
        elif match["plate"]:
            tokens += [match["plate"], match["serial"].replace(".", "")]
        elif match["d"] or match["dd"] or match["date"]:
            day, month = match["d"] or match["dd"] or match["date"], match["m"] or match["dm"] or match["of"]
            year = match["y"] or match["dy"] or match["year"]
            tokens += [f"{int(day)}/{int(month)}", *([year] if year else [])]
        elif match["spaced"]:
            tokens.append(number_form(match["spaced"].replace(" ", "")))
        elif match["english"]:
            tokens.append(number_form(match["english"].replace(",", "").replace(".", ",")))
        elif match["day"]:
            month = str(int(match["month"]))
            tokens += [f"{int(match['day'])}/{month}", match["word"].strip(), month]
        elif match["number"]:
            tokens.append(number_form(match["number"]))
        else:
            tokens.append(match.group())
    return tokens


@lru_cache(maxsize=4096)
def _plain(char: str) -> str:
    if char == "\n" or char in _LINE_ENDS:
        return "\n"
    if char in _LOOKALIKES:
        return _LOOKALIKES[char]
    category = unicodedata.category(char)
    if category == "Zs":
        return " "
    return "" if category in ("Cc", "Cf", "Cs") else char


def _place_tone(match: re.Match[str]) -> str:
    return _placed(match[1] or "", match[2], match[3] or "")


@lru_cache(maxsize=8192)
def _placed(onset: str, vowels: str, final: str) -> str:
    """Put the tone mark of a syllable on its right vowel; what is no Vietnamese syllable stays as it is."""
    unchanged = onset + vowels + final
    split = [unicodedata.normalize("NFD", vowel) for vowel in vowels]
    tones = [tone for vowel in split for tone in vowel if tone in _TONES]
    if len(tones) != 1:
        return unchanged
    bare = [unicodedata.normalize("NFC", vowel.replace(tones[0], "")) for vowel in split]
    glide = (onset + bare[0]).lower() in ("qu", "gi")
    nucleus = "".join(bare[glide:]).lower()
    known = _CLOSED_NUCLEUS if final and len(nucleus) > 1 else _OPEN_NUCLEUS
    if not known.fullmatch(nucleus):
        return unchanged
    place = glide + _tone_place(nucleus, bool(final))
    bare[place] = unicodedata.normalize("NFC", bare[place] + tones[0])
    return onset + "".join(bare) + final


def _tone_place(nucleus: str, closed: bool) -> int:
    """Find the vowel that carries the tone: the last of ă â ê ô ơ ư, else by the syllable's end."""
    qualities = [place for place, vowel in enumerate(nucleus) if vowel in "ăâêôơư"]
    if qualities:
        return qualities[-1]
    if closed:
        return len(nucleus) - 1
    return 1 if len(nucleus) == 3 else 0
