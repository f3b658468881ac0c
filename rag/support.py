"""Whether a text says what a sentence says: what setting the marks of an answer and scoring them have in common.

Blind to who did what to whom, and strict with synonyms; ``python -m eval.support`` tells how far such tests agree
with a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from index.lexical import spell_out
from index.schema import Article
from index.text import fold, sentence_spans, syllables
from index.values import Value, find_values, same_value
from rag.language import answer_language
from rag.question import NAME, YEAR, years_in

_FUNCTION_WORDS = (
    "là và của các những được có cho với trong tại ở từ đến về do bởi vì nên thì mà như khi để này đó kia ấy "
    "đã đang sẽ cũng còn không rằng theo trên dưới vào ra lên xuống bị một mỗi mọi hay hoặc nhưng song tuy "
    "gồm bao ông bà anh chị đồng chí nó họ vậy nay qua sau trước giữa cùng việc sự cái con chiếc bài viết"
)
FUNCTION_SYLLABLES = frozenset(_FUNCTION_WORDS.split())
"""Syllables that carry grammar, courtesy or "the article says" rather than content."""

_NEGATIONS = frozenset(["không", "chưa", "chẳng"])
_TELLING = 2
"""A clause of fewer content syllables beside its value says nothing of it by itself."""
_SHORT_NAME = 3  # letters: "Mỹ" may be "Hoa Kỳ"
_LONGEST_ABBREVIATION = 4
_WORD = re.compile(r"[^\W\d_]+")
_CLAUSE_END = re.compile(r"[;|()\n]|[,:](?=\s)")


class _Clause(NamedTuple):
    """A part of a sentence: all its syllables, those beside its values that carry content, and the values."""

    words: set[str]
    content: set[str]
    values: list[Value]


def spelt_syllables(text: str) -> set[str]:
    """The different syllables of a normalised text, abbreviations written out."""
    return set(spell_out(syllables(text)))


def content_syllables(text: str) -> set[str]:
    """Those syllables that carry content: no function words, nothing that a value is written with."""
    words: list[str] = []
    position = 0
    for value in find_values(text):
        words += syllables(text[position : value.start])
        position = value.end
    return set(spell_out(words + syllables(text[position:]))) - FUNCTION_SYLLABLES


def name_syllables(sentence: str) -> set[str]:
    """The capitalised words of a normalised sentence but its first, small and with abbreviations written out."""
    _, *later = _WORD.findall(sentence) or [""]
    return set(spell_out([word.lower() for word in later if word[0].isupper()]))


def is_about(article: Article, quote: str, sentence: str) -> bool:
    """Whether an article tells the names and years of a normalised sentence somewhere, accents aside.

    Where its title names a year, another one must stand in the quote's first sentence.  An article that tells no year
    may be of any.  Abbreviations and names of one short word, which may go by another name, are not looked for, nor are
    the names of an English sentence, which may be translated.
    """
    date = str(article.date.year) if article.date else ""
    told = f"{article.title}\n{article.text}\n{article.place or ''}\n{article.source}\n{date}"
    opening = next((quote[start:end] for start, end in sentence_spans(quote)), "")
    years = _any_years(opening) | (_any_years(article.title) or _any_years(told))
    in_quote = find_values(opening)
    dates = [
        value for value in find_values(sentence) if value.kind == "date" and not is_among(value, in_quote)
    ]
    if years and not {year for one in dates for year in YEAR.findall(one.canonical)} <= years:
        return False
    return answer_language(sentence) == "en" or _folded(_long_names(sentence)) <= _folded(
        spelt_syllables(told)
    )


def _any_years(text: str) -> set[str]:
    """Everything that may be a year, also within a date or between two years."""
    return {*YEAR.findall(text), *map(str, years_in(text))}


def _long_names(sentence: str) -> set[str]:
    """The words of a sentence's names, but for its first word, abbreviations and names of one short word."""
    runs = [found.group().split() for found in re.finditer(NAME, sentence.partition(" ")[2])]
    names = [word for run in runs if len(run) > 1 or len(run[0]) > _SHORT_NAME for word in run]
    return {word.lower() for word in names if not (word.isupper() and len(word) <= _LONGEST_ABBREVIATION)}


def _folded(words: Iterable[str]) -> set[str]:
    return {fold(word) for word in words}


def is_among(value: Value, values: Sequence[Value]) -> bool:
    """Whether one of the values can mean the same as this one."""
    return any(same_value(value, other) for other in values)


def contradicts(text: str, sentence: str) -> bool:
    """Whether a text denies what a sentence says, or has another value that fits it better than one it claims.

    Both are normalised texts.
    """
    claimed = find_values(sentence)
    return _denied(text, sentence) or any(_is_misplaced(value, claimed, text, sentence) for value in claimed)


def _denied(text: str, sentence: str) -> bool:
    """Whether one of the two says of some pair of syllables what the other says only with "not" before it."""
    told, said = (_pairs(syllables(one)) for one in (text, sentence))
    return any(
        pair in other[False] and pair not in other[True] and pair not in one[False]
        for one, other in ((told, said), (said, told))
        for pair in one[True]
    )


def _pairs(words: Sequence[str]) -> dict[bool, set[tuple[str, str]]]:
    """Neighbouring syllables: under ``True`` those right after a negation, under ``False`` the others."""
    found: dict[bool, set[tuple[str, str]]] = {True: set(), False: set()}
    for place in range(len(words) - 1):
        after_negation = place > 0 and words[place - 1] in _NEGATIONS
        found[after_negation].add((words[place], words[place + 1]))
    return found


def _is_misplaced(value: Value, claimed: Sequence[Value], text: str, sentence: str) -> bool:
    """Whether, wherever the text has this value, a neighbouring clause with another one fits the sentence better.

    Clauses that hold any of the claimed values are no rivals: a sentence may well tell several of them.
    """
    wanted = set(syllables(sentence)) - FUNCTION_SYLLABLES
    places = [
        clauses for clauses in _clauses(text) if any(is_among(value, clause.values) for clause in clauses)
    ]
    return bool(places) and all(_has_rival(value, claimed, clauses, wanted) for clauses in places)


def _has_rival(value: Value, claimed: Sequence[Value], clauses: Sequence[_Clause], wanted: set[str]) -> bool:
    holders = [place for place, clause in enumerate(clauses) if is_among(value, clause.values)]
    if value.kind == "date" and holders[:1] == [0]:
        return False  # a date that opens a sentence holds for all of it
    own_clauses = [clauses[place] for place in holders]
    if any(len(own.content) >= _TELLING and own.content <= wanted for own in own_clauses):
        return False  # the sentence says all of the value's own clause
    most = max((len(own.words & wanted) for own in own_clauses), default=0)
    return any(
        len(clause.words & wanted) > most
        for clause in clauses
        if any(one.kind == value.kind for one in clause.values)
        and not any(is_among(one, claimed) for one in clause.values)
    )


def _clauses(text: str) -> Iterator[list[_Clause]]:
    """For each sentence of a text its clauses."""
    for start, end in sentence_spans(text):
        pieces = [piece for piece in _CLAUSE_END.split(text[start:end]) if piece.strip()]
        yield [
            _Clause(set(syllables(piece)), content_syllables(piece), find_values(piece)) for piece in pieces
        ]
