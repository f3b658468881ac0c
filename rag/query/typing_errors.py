"""What is typed in a hurry: Telex keys that never became letters, abbreviations of chats, keys held too long."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from index.text.normalise import fold, has_accents, normalise
from rag.query.language import answer_language

_WORD = re.compile(r"[^\W\d_]+")
_ONSET = "(?:ngh|ng|nh|gh|gi|ch|kh|ph|th|tr|qu|[bcdđghklmnprstvx])?"
_CLOSED = "(?:iê|yê|uyê|uô|ươ|oa|oă|oe|uâ|uê|uy|[aăâeêiyoôơuư])(?P<coda>ch|ng|nh|[cmnpt])"
_OPEN = (
    "(?:iêu|yêu|oai|oay|oao|oeo|uôi|uya|uyu|uây|ươi|ươu|ai|ao|au|ay|âu|ây|eo|êu|ia|iu|oi|ôi|ơi|oa|oe|ua|uê|uơ|ui|uy|ưa|ưi|ưu"
    "|[aeêiyoôơuư])"
)
_SYLLABLE = re.compile(f"{_ONSET}(?:{_CLOSED}|{_OPEN})")
_TONES = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
_STOPPED = ("", "\u0301", "\u0323")
"""The tones that a syllable on ``c``, ``ch``, ``p`` or ``t`` can have; none where the writer left it out."""
_CIRCUMFLEX = {"a": "â", "e": "ê", "o": "ô"}
_HORN = {"a": "ă", "o": "ơ", "u": "ư"}
_VOWELS = "aăâeêioôơuưy"
_BORROWED = """
    gas bus box bar car max mix tax fax test post chat sex visa pos dos his has was as is us or for her our are law new
    now how show low wow web wifi app zalo marx lux
"""
"""Words of other languages that would read as Telex."""
_PERSON = r"(?:(?<=chào )|(?<=chao )|(?<=ơn )|(?<=on )|(?<=hỏi )|(?<=hoi )|(?<=nhờ )|(?<=hi ))bn\b"
_ASIDE = r"(?<= )bn(?=[\s?.!]*$)"
_ADDRESSED = r"\bbn(?= (?:ơi|oi|à|có thể|co the|cho|giúp|giup|là ai|la ai|tên|ten|làm|lam|nhé|nhe|nha))"
_CHATTED: tuple[tuple[str, str], ...] = (
    (f"{_PERSON}|{_ADDRESSED}", "bạn"),
    (rf"(?:(?<=ko )|(?<=k )|(?<=không )|(?<=khong )|(?<=vậy )|(?<=vay )|(?<=nha )|(?<=nhé )){_ASIDE}", "bạn"),
    (r"\bbn\b", "bao nhiêu"),
    (r"\b(?:ko|hok|hông|hong|khum|kg(?= (?:có|co|biết|biet|được|duoc|phải|phai))|(?<!\d )(?<!\d)k)\b", "không"),
    (r"\b(?:đc|dc)\b", "được"),
    (r"\bntn\b", "như thế nào"),
    (r"\b(?:j|gj)\b", "gì"),
    (r"\bvs\b", "với"),
    (r"\bng\b(?!\.)", "người"),
    (r"\b(?:trc|trk)\b", "trước"),
    (r"\b(?:mk|mik)\b", "mình"),
    (r"\b(?:cty)\b", "công ty"),
    (r"\b(?:hs)\b", "học sinh"),
    (r"\b(?:gv)\b", "giáo viên"),
    (r"\b(?:bjo|bh)\b", "bây giờ"),
    (r"\b(?:r)\b", "rồi"),
    (r"\b(?:hnay)\b", "hôm nay"),
    (r"\b(?:hqua)\b", "hôm qua"),
    (r"(?<=mấy )h\b|(?<=may )h\b", "giờ"),
    (r"\b(?:nhìu|nhiu)\b", "nhiều"),
    (r"\b(?:iu)\b", "yêu"),
    (r"\b(?:wa|wá)\b", "quá"),
    (r"\b(?:dzậy|zậy|dzay|zay)\b", "vậy"),
    (r"\b(?:tks|thks)\b", "cảm ơn"),
    (r"\b(?:sđt|sdt)\b", "số điện thoại"),
)  # fmt: skip
_CHAT = tuple((re.compile(pattern), full) for pattern, full in _CHATTED)
"""Small letters only: "NG", "HS" are names."""


def correct_typing(message: str, is_written: Callable[[str], bool] = lambda word: False) -> str:
    """A normalised message with its typing errors put right.

    What the articles write so (``is_written``) is left alone, and so is a message in another language than Vietnamese.
    In a message without accents the full words have none either: they get theirs with all the others.
    """
    if answer_language(message) != "vi":
        return message
    bare = not has_accents(message)
    for pattern, full in _CHAT:
        message = pattern.sub(fold(full) if bare else full, message)
    keyed = any(_from_telex(word) for word in _WORD.findall(message) if _may_be_keys(word))
    return normalise(_WORD.sub(lambda found: _put_right(found.group(), is_written, keyed), message))


def _may_be_keys(word: str) -> bool:
    """Whether a small word may be Telex keys: no syllable as it stands, and none of another language."""
    small = word.islower() and not has_accents(word) and len(word) > 2
    return small and not _is_syllable(word) and word not in _BORROWED.split()


def _put_right(word: str, is_written: Callable[[str], bool], keyed: bool) -> str:
    """A word as it was meant; one with a capital may be a foreign name, but among other ``keyed`` words."""
    small = word.lower()
    if word[1:] != small[1:] or len(word) < 3 or _is_syllable(small) or small in _BORROWED.split():
        return word
    made = _without_held_key(small) if has_accents(small) else _from_telex(small)
    if made is None or is_written(word):
        return word
    if word[0] == small[0]:
        return made
    # "Paris" and "Mars" are names; "Ddoongf" is none.
    sure = keyed or set(_toneless(made)[0]) - set(small)
    return made[0].upper() + made[1:] if sure else word


def _is_syllable(word: str) -> bool:
    """Whether a word, with its accents or without any, is a Vietnamese syllable."""
    letters, tone = _toneless(word)
    found = _SYLLABLE.fullmatch(letters)
    if found is None:
        return False
    return tone in _STOPPED or (found["coda"] or "") not in ("c", "ch", "p", "t")


def _toneless(word: str) -> tuple[str, str]:
    """The letters of a word with their hats and horns, and its tone."""
    split = unicodedata.normalize("NFD", word)
    tones = "".join(char for char in split if char in _TONES.values())
    return unicodedata.normalize("NFC", "".join(char for char in split if char not in tones)), tones


def _without_held_key(word: str) -> str | None:
    """A word whose last letter was typed twice."""
    return word[:-1] if word[-1] == word[-2] and _is_syllable(word[:-1]) else None


def _from_telex(word: str) -> str | None:
    """The syllable that a word's keys make, ``None`` where they make none or are letters as they stand."""
    letters: list[str] = []
    tone = ""
    for key in word:
        vowels = [place for place, letter in enumerate(letters) if letter in _VOWELS]
        if key in _TONES and vowels:
            tone = _TONES[key]
        elif key == "d" and letters == ["d"]:
            letters = ["đ"]
        elif key in _CIRCUMFLEX and vowels and letters[-1] == key:
            letters[-1] = _CIRCUMFLEX[key]
        elif key == "w":
            _add_horn(letters, vowels)
        else:
            letters.append(key)
    made = "".join(letters)
    if not _SYLLABLE.fullmatch(made):
        return None
    made = normalise(_toned(made, tone))
    return made if made != word and _is_syllable(made) else None


def _add_horn(letters: list[str], vowels: list[int]) -> None:
    """Turn the last vowel that can have a horn or a breve; both of ``uo``; a key alone is ``ư``."""
    able = [place for place in vowels if letters[place] in _HORN]
    if not able:
        letters.append("ư")
        return
    last = able[-1]
    if letters[last] == "o" and last and letters[last - 1] == "u":
        letters[last - 1] = "ư"
    letters[last] = _HORN[letters[last]]


def _toned(letters: str, tone: str) -> str:
    """Set the tone on the vowel that carries it; ``normalise`` moves it where two places are in use."""
    start = 2 if letters.startswith(("qu", "gi")) and any(char in _VOWELS for char in letters[2:]) else 0
    vowels = [place for place in range(start, len(letters)) if letters[place] in _VOWELS]
    marked = [place for place in vowels if letters[place] in "ăâêôơư"]
    closed = bool(vowels) and vowels[-1] < len(letters) - 1
    if marked:
        carrier = marked[-1]
    elif len(vowels) == 1 or not closed:
        carrier = vowels[0] if len(vowels) < 3 else vowels[1]
    else:
        carrier = vowels[-1]
    return unicodedata.normalize("NFC", letters[: carrier + 1] + tone + letters[carrier + 1 :])
