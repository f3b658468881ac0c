"""The other ways to write the numbers of a text: ``456 triệu`` is ``456 000 000``, ``470`` is ``bốn trăm bảy mươi``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from index.text.normalise import number_form, syllables
from index.text.values import find_values

_MAGNITUDES = (("tỷ", 10**9), ("triệu", 10**6), ("nghìn", 10**3))
_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_UNITS = frozenset(("đồng", "dong", "vnđ", "vnd", "đ"))
_MOST_DECIMALS = 2
"""Nobody writes 3,772 nghìn for 3.772."""


def in_held_forms(text: str, holds: Callable[[Sequence[str]], bool]) -> tuple[str, list[list[str]]]:
    """Write the numbers of a normalised text as what is searched writes them, and give their other forms there.

    ``holds`` tells whether syllables stand there.  A number that stands there as it is written stays; days and years,
    shares and numbers with decimals have no other form.
    """
    others: list[list[str]] = []
    for value in reversed(find_values(text)):
        digits = value.canonical
        if value.kind not in ("number", "money") or not digits.isdecimal() or not int(digits):
            continue
        written = syllables(text[value.start : value.end])
        held = [form for form in _forms(int(digits)) if not _within(form, written) and holds(form)]
        number = [word for word in written if word not in _UNITS]
        if held and not holds(number):
            unit = written[len(number) :]
            text = f"{text[: value.start]}{' '.join([*held.pop(0), *unit])}{text[value.end :]}"
        others += held
    return text, others


def in_words(number: int) -> list[str]:
    """Write a number from 1 to 999 in words."""
    hundreds, tens, ones = number // 100, number // 10 % 10, number % 10
    words = [_DIGITS[hundreds], "trăm"] if hundreds else []
    if tens:
        words += ["mười"] if tens == 1 else [_DIGITS[tens], "mươi"]
    elif hundreds and ones:
        words.append("linh")
    if ones:
        after_ten = {1: "mốt" if tens > 1 else "một", 5: "lăm"} if tens else {}
        words.append(after_ten.get(ones, _DIGITS[ones]))
    return words


def _forms(number: int) -> Iterator[list[str]]:
    yield [str(number)]
    for name, magnitude in _MAGNITUDES:
        share = Decimal(number) / magnitude
        if share >= 1 and share * 10**_MOST_DECIMALS % 1 == 0:
            yield [number_form(format(share.normalize(), "f").replace(".", ",")), name]
    if 9 < number < 1000:
        yield in_words(number)


def _within(form: list[str], words: list[str]) -> bool:
    return any(words[place : place + len(form)] == form for place in range(len(words)))
