"""Finds words by which a sentence says the opposite of a claim: a denial, or a word of contrary meaning."""

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
"""Words on either side of which one must be shared, so that both speak of the same."""
_REPLY = re.compile(r"^(?:không|có|đúng|sai|chưa)\s*[,.:]\s*", re.IGNORECASE)
"""A word that answers before the sentence."""
_WORD = re.compile(r"[^\W_]+")


def opposite_words(claim: str, sentence: str) -> tuple[str, str] | None:
    """The word of a normalised claim that a sentence turns into its opposite, and what stands there; else ``None``."""
    claimed, stated = _words(_REPLY.sub("", claim)), _words(sentence)
    return _denied(claimed, stated) or _contrary(claimed, stated)


def denies(sentence: str, claim: str) -> bool:
    """Whether a normalised sentence denies a word that a claim has, of whatever it denies it."""
    return not set(_denials(_words(sentence))).isdisjoint(_words(claim))


def _words(text: str) -> list[str]:
    """The words that are no names; where a name stands, an empty one."""
    return [
        "" if word[0].isupper() and place else word.lower() for place, word in enumerate(_WORD.findall(text))
    ]


def _denied(claimed: list[str], stated: list[str]) -> tuple[str, str] | None:
    """A word that stands in both and only one denies."""
    in_claim, in_sentence = list(_denials(claimed)), list(_denials(stated))
    for word in in_sentence if not in_claim else ():
        if word not in claimed:
            continue
        once = stated.count(word) == 1
        if (once and _alike(claimed, stated, word, word)) or (
            not once and _is_denied_of(claimed, stated, word)
        ):
            return word, f"không {word}"
    for word in in_claim if not in_sentence else ():
        if word in stated and claimed.count(word) == 1 and _alike(claimed, stated, word, word):
            return f"không {word}", word
    return None


def _is_denied_of(claimed: list[str], stated: list[str], word: str) -> bool:
    """Whether of a word that a sentence has several times the denied one is denied of what the claim names.

    "Tiêm cho lợn thịt, không tiêm cho lợn nái": not for "nái".
    """
    places = [place for place, one in enumerate(stated) if one == word]
    denied = [place for place in places if _DENIALS & set(stated[max(0, place - _NEIGHBOURS) : place])]
    if len(denied) != 1:
        return False
    after_denied, after_plain = (
        {one for place in some for one in stated[place + 1 : place + 1 + _NEIGHBOURS]} - _PASSED_OVER - {""}
        for some in (denied, set(places) - set(denied))
    )
    return bool((after_denied - after_plain) & set(claimed)) and not (after_plain - after_denied) & set(
        claimed
    )


def _denials(words: list[str]) -> Iterator[str]:
    """The first word after each denial that can be denied."""
    for place, word in enumerate(words):
        if word in _DENIALS:
            denied = next((one for one in words[place + 1 : place + 4] if one not in _PASSED_OVER), None)
            if denied is not None:
                yield denied


def _contrary(claimed: list[str], stated: list[str]) -> tuple[str, str] | None:
    for pair in _CONTRARIES:
        for one, other in (pair, pair[::-1]):
            if one not in claimed or other not in stated or one in stated or other in claimed:
                continue
            denied = one in _denials(claimed) or other in _denials(stated)  # "không đạt" is "hụt"
            if not denied and _alike(claimed, stated, one, other):
                return one, other
    return None


def _alike(claimed: list[str], stated: list[str], one: str, other: str) -> bool:
    """Whether a word of the claim and one of the sentence share a word of their surroundings."""
    return bool(_around(claimed, one) & _around(stated, other))


def _around(words: list[str], word: str) -> set[str]:
    place = words.index(word)
    near = words[max(0, place - _NEIGHBOURS) : place] + words[place + 1 : place + 1 + _NEIGHBOURS]
    return set(near) - _DENIALS - {""}
