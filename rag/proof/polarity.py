"""Whether a sentence says the opposite of a claim in so many words: a denial, or a word of contrary meaning."""

from __future__ import annotations

import re
from collections.abc import Iterator

_DENIALS = frozenset({"không", "chưa", "chẳng", "chả"})
_PASSED_OVER = frozenset(
    {
        "có", "còn", "hề", "được", "bị", "phải", "thể", "là", "một", "ai", "gì", "cho", "ra", "đến", "tới", "của",
        "và", "các", "những", "này", "đó", "người", "việc",
    }
)  # fmt: skip
"""Words after a denial that are not what is denied."""
_CONTRARIES = (
    ("tăng", "giảm"), ("cao", "thấp"), ("nhiều", "ít"), ("sớm", "muộn"), ("sớm", "trễ"), ("trước", "trễ"),
    ("lớn", "nhỏ"), ("lớn", "bé"), ("đầu", "cuối"), ("thắng", "thua"), ("lãi", "lỗ"), ("vượt", "hụt"),
    ("đạt", "hụt"), ("sáng", "chiều"), ("sáng", "tối"), ("chiều", "tối"), ("mở", "đóng"), ("đắt", "rẻ"),
    ("dài", "ngắn"), ("nhanh", "chậm"), ("rộng", "hẹp"), ("dễ", "khó"), ("mới", "cũ"), ("nam", "nữ"),
)  # fmt: skip
_NEIGHBOURS = 3
"""Words on either side of which one must be shared, so that both tell of the same."""
_REPLY = re.compile(r"^(?:không|có|đúng|sai|chưa)\s*[,.:]\s*", re.IGNORECASE)
"""A word that answers before the sentence."""
_WORD = re.compile(r"[^\W_]+")


def opposite_words(claim: str, sentence: str) -> tuple[str, str] | None:
    """The word of a normalised claim that a sentence turns into its opposite, and what stands there; else ``None``."""
    said, told = _words(_REPLY.sub("", claim)), _words(sentence)
    return _denied(said, told) or _contrary(said, told)


def denies(sentence: str, claim: str) -> bool:
    """Whether a normalised sentence denies a word that a claim has, of whatever it denies it."""
    return not set(_denials(_words(sentence))).isdisjoint(_words(claim))


def _words(text: str) -> list[str]:
    """The words that are no names; where a name stands, an empty one."""
    return [
        "" if word[0].isupper() and place else word.lower() for place, word in enumerate(_WORD.findall(text))
    ]


def _denied(said: list[str], told: list[str]) -> tuple[str, str] | None:
    """A word of both that one denies, where the other denies nothing."""
    in_claim, in_sentence = list(_denials(said)), list(_denials(told))
    for word in in_sentence if not in_claim else ():
        if word not in said:
            continue
        once = told.count(word) == 1
        if (once and _alike(said, told, word, word)) or (not once and _denied_of(said, told, word)):
            return word, f"không {word}"
    for word in in_claim if not in_sentence else ():
        if word in told and said.count(word) == 1 and _alike(said, told, word, word):
            return f"không {word}", word
    return None


def _denied_of(said: list[str], told: list[str], word: str) -> bool:
    """Whether of a word that a sentence has several times the denied one is told of what the claim tells of it.

    "Tiêm cho lợn thịt, không tiêm cho lợn nái": not for "nái".
    """
    places = [place for place, one in enumerate(told) if one == word]
    denied = [place for place in places if _DENIALS & set(told[max(0, place - _NEIGHBOURS) : place])]
    if len(denied) != 1:
        return False
    after_denied, after_plain = (
        {one for place in some for one in told[place + 1 : place + 1 + _NEIGHBOURS]} - _PASSED_OVER - {""}
        for some in (denied, set(places) - set(denied))
    )
    return bool((after_denied - after_plain) & set(said)) and not (after_plain - after_denied) & set(said)


def _denials(words: list[str]) -> Iterator[str]:
    """The first word after each denial that can be denied."""
    for place, word in enumerate(words):
        if word in _DENIALS:
            denied = next((one for one in words[place + 1 : place + 4] if one not in _PASSED_OVER), None)
            if denied is not None:
                yield denied


def _contrary(said: list[str], told: list[str]) -> tuple[str, str] | None:
    for pair in _CONTRARIES:
        for one, other in (pair, pair[::-1]):
            if one not in said or other not in told or one in told or other in said:
                continue
            denied = one in _denials(said) or other in _denials(told)  # "không đạt" is "hụt"
            if not denied and _alike(said, told, one, other):
                return one, other
    return None


def _alike(said: list[str], told: list[str], one: str, other: str) -> bool:
    """Whether a word of the claim and one of the sentence stand beside the same."""
    return bool(_around(said, one) & _around(told, other))


def _around(words: list[str], word: str) -> set[str]:
    place = words.index(word)
    near = words[max(0, place - _NEIGHBOURS) : place] + words[place + 1 : place + 1 + _NEIGHBOURS]
    return set(near) - _DENIALS - {""}
