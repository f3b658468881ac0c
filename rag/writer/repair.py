"""Slips of a small language model in names and numbers, put right by what it was given to read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index.text.normalise import fold, number_form

_WORD = re.compile(r"\[\d{1,3}\]|\d+(?:[.,/:-]\d+)*|[^\W_]+(?:-[^\W_]+)*")
_ENDS_SENTENCE = re.compile(r"(?:^|[.!?:;\n])[\s*\"“(\[\]\d-]*$")
_GLUE = re.compile(r"[\s*]*")
"""What may stand between the words of one name: the mark of a short answer is no break."""
_LEAST_ALONE, _LEAST_IN_NAME, _LEAST_NUMBER = 5, 2, 3
"""How many characters a word must have to be put right: by itself, beside another word of its name, as a number."""


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    start: int
    end: int
    before: str
    after: str
    opens: bool

    @property
    def is_number(self) -> bool:
        return self.text[0].isdigit()

    @property
    def is_name(self) -> bool:
        return self.text[0].isupper()


def repair(reply: str, sentences: Sequence[str], question: str = "") -> str:
    """Write names and numbers as the sentences do.

    A capitalised word that differs in its accents only, or in one letter (two in a long one), from a name of the
    sentences and stands neither there nor in the question is a slip; so is a number that differs in its separators, or
    in one digit before the same word.  What could be two different names or numbers is left as it is.
    """
    told = [word for sentence in sentences for word in _words(sentence)]
    known = {word.text for word in told}
    asked = {word.text for word in _words(question)}
    names = [word for word in told if word.is_name and not word.opens] + [
        word for word in told if word.is_name and word.opens
    ]
    numbers = [word for word in told if word.is_number]
    parts, end = [], 0
    for word in _words(reply):
        if word.text in known:
            continue
        right = _right_number(word, numbers, asked) if word.is_number else _right_name(word, names, asked)
        if right is not None:
            parts += [reply[end : word.start], right]
            end = word.end
    return "".join([*parts, reply[end:]])


def _right_name(word: _Word, names: Sequence[_Word], asked: set[str]) -> str | None:
    if not word.is_name:
        return None
    beside = [name for name in names if _is_beside(word, name)]
    # A word that opens a sentence has its capital from there: only with its neighbour is it surely a name.
    accents = [name for name in (beside if word.opens else names) if fold(name.text) == fold(word.text)]
    if accents:
        return _only(accents)
    if word.text in asked:
        return None
    if len(word.text) >= _LEAST_IN_NAME and (
        near := [name for name in beside if _distance(name.text, word.text) == 1 and len(name.text) > 1]
    ):
        return _only(near)
    if word.opens or len(word.text) < _LEAST_ALONE:
        return None
    most = 2 if len(word.text) >= 2 * _LEAST_ALONE - 2 else 1
    return _only([name for name in names if 0 < _distance(name.text, word.text) <= most])


def _right_number(word: _Word, numbers: Sequence[_Word], asked: set[str]) -> str | None:
    same = [number for number in numbers if number_form(number.text) == number_form(word.text)]
    if same:
        return _only(same)
    if word.text in asked or len(word.text) < _LEAST_NUMBER or not word.after:
        return None
    return _only(
        [
            number
            for number in numbers
            if number.after.lower() == word.after.lower() and _distance(number.text, word.text) == 1
        ]
    )


def _is_beside(word: _Word, name: _Word) -> bool:
    """Whether the same capitalised word stands next to both."""
    return (word.before[:1].isupper() and word.before == name.before) or (
        word.after[:1].isupper() and word.after == name.after
    )


def _only(words: Iterable[_Word]) -> str | None:
    found = {word.text for word in words}
    return found.pop() if len(found) == 1 else None


def _words(text: str) -> list[_Word]:
    """The words with their neighbours on the same line; marks of citations are none."""
    matches = [match for match in _WORD.finditer(text) if not match.group().startswith("[")]
    words = []
    for place, match in enumerate(matches):
        before = matches[place - 1] if place else None
        after = matches[place + 1] if place + 1 < len(matches) else None
        words.append(
            _Word(
                match.group(),
                match.start(),
                match.end(),
                before.group() if before and _GLUE.fullmatch(text, before.end(), match.start()) else "",
                after.group() if after and _GLUE.fullmatch(text, match.end(), after.start()) else "",
                _ENDS_SENTENCE.search(text, 0, match.start()) is not None,
            )
        )
    return words


def _distance(one: str, other: str) -> int:
    """Letters to add, drop, change or swap with their neighbour (optimal string alignment)."""
    before_last: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        now = [row]
        for column, wanted in enumerate(other, 1):
            cost = min(last[column] + 1, now[-1] + 1, last[column - 1] + (letter != wanted))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == wanted:
                cost = min(cost, before_last[column - 2] + 1)
            now.append(cost)
        before_last, last = last, now
    return last[-1]
