"""Whether a text says what a sentence says: what setting the marks of an answer and scoring them have in common.

Blind to who did what to whom, and strict with synonyms; ``python -m eval.support`` tells how far such tests agree
with a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from index.lexical import spell_out
from index.schema import Article
from index.text import fold, sentence_spans, syllables
from index.values import Value, find_values, same_value
from rag.language import answer_language
from rag.question import years_in

_FUNCTION_WORDS = (
    "là và của các những được có cho với trong tại ở từ đến về do bởi vì nên thì mà như khi để này đó kia ấy "
    "đã đang sẽ cũng còn không rằng theo trên dưới vào ra lên xuống bị một mỗi mọi hay hoặc nhưng song tuy "
    "gồm bao ông bà anh chị đồng chí nó họ vậy nay qua sau trước giữa cùng việc sự cái con chiếc bài viết"
)
FUNCTION_SYLLABLES = frozenset(_FUNCTION_WORDS.split())
"""Syllables that carry grammar, courtesy or "the article says" rather than content."""

_NEGATIONS = frozenset(["không", "chưa", "chẳng"])
_WORD = re.compile(r"[^\W\d_]+")
_CLAUSE_END = re.compile(r"[;|()\n]|[,:](?=\s)")


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
    may be of any; the names of an English sentence may be translated, so none is looked for.
    """
    date = str(article.date.year) if article.date else ""
    told = f"{article.title}\n{article.text}\n{article.place or ''}\n{article.source}\n{date}"
    opening = next((quote[start:end] for start, end in sentence_spans(quote)), "")
    years = years_in(opening) | (years_in(article.title) or years_in(told))
    if years and not years_in(sentence) <= years:
        return False
    if answer_language(sentence) == "en":
        return True
    return _folded(name_syllables(sentence)) <= _folded(spelt_syllables(told))


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
    places = [clauses for clauses in _clauses(text) if any(is_among(value, values) for _, values in clauses)]
    return bool(places) and all(_has_rival(value, claimed, clauses, wanted) for clauses in places)


def _has_rival(
    value: Value, claimed: Sequence[Value], clauses: Sequence[tuple[set[str], list[Value]]], wanted: set[str]
) -> bool:
    holders = [place for place, (_, values) in enumerate(clauses) if is_among(value, values)]
    if value.kind == "date" and holders[:1] == [0]:
        return False  # a date that opens a sentence holds for all of it
    if any(clauses[place][0] - FUNCTION_SYLLABLES <= wanted for place in holders):
        return False  # the sentence says all of the value's own clause
    own = max((len(clauses[place][0] & wanted) for place in holders), default=0)
    return any(
        len(words & wanted) > own
        for words, values in clauses
        if any(one.kind == value.kind for one in values) and not any(is_among(one, claimed) for one in values)
    )


def _clauses(text: str) -> Iterator[list[tuple[set[str], list[Value]]]]:
    """For each sentence of a text its clauses, as syllables and values."""
    for start, end in sentence_spans(text):
        pieces = _CLAUSE_END.split(text[start:end])
        yield [(set(syllables(piece)), find_values(piece)) for piece in pieces if piece.strip()]
