"""Each sentence of an answer is tied to the passage sentence that supports it, or told to have none.

The marks that the model writes are only a hint: what counts is whether a sentence of a retrieved passage holds
the words of the answer's sentence, and every number, date and name in it, and does not say otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.schema import Hit
from index.text import normalise, sentence_spans
from index.values import find_values
from rag.marks import MARK
from rag.schema import Citation, Extract, Statement
from rag.support import (
    content_syllables,
    contradicts,
    is_about,
    is_among,
    name_syllables,
    spelt_syllables,
)

_MARK = re.compile(r"\s*\[\s*(\d{1,3})(?:\s*[,;]\s*\d{1,3})*\s*\]")
_NUMBER = re.compile(r"\d+")
SUPPORTED = 0.4
"""A sentence is supported when a source holds this share of it (``support_score``)."""
_GIVEN = 0.5  # what a word weighs that the question or the title gives
_VALUE = 2.0  # what a number or date weighs, against a word
_HINT = 0.05


@dataclass(frozen=True, slots=True)
class Attribution:
    """The answer with its marks set anew, in order of appearance, and what they point at."""

    text: str
    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]
    dropped_marks: int

    @property
    def proved(self) -> bool:
        """Whether any sentence has a source."""
        return bool(self.citations)


@dataclass(frozen=True, slots=True)
class Source:
    """A place ``start:end`` of the article of ``hit`` that an answer may cite."""

    hit: Hit
    start: int
    end: int

    @property
    def text(self) -> str:
        """The exact slice of the article."""
        return self.hit.chunk.article.text[self.start : self.end]

    @property
    def title(self) -> str:
        """The title of the article."""
        return self.hit.chunk.article.title

    @property
    def repeats_title(self) -> bool:
        """Whether the title says all that stands here."""
        return self.text.strip(" .") in self.title


@dataclass(frozen=True, slots=True)
class Support:
    """A source and how well it supports a statement, in [0, 1]."""

    source: Source
    score: float


def attribute(text: str, question: str, hits: Sequence[Hit], *, withhold: bool = False) -> Attribution:
    """Set the marks of an answer by what supports it.

    ``question`` gives the words that prove little.  Sentences without support are left out when they only repeat
    it, and all of them with ``withhold``.
    """
    parts: list[str] = []
    statements: list[Statement] = []
    citations: list[Citation] = []
    dropped = 0
    length = 0
    ways = list_sources(hits)
    question = normalise(question)
    for sentence in _statements(text):
        hints = {int(number) for mark in _MARK.finditer(sentence) for number in _NUMBER.findall(mark.group())}
        dropped += sum(not 1 <= hint <= len(hits) for hint in hints)
        bare = _MARK.sub("", sentence).strip()
        if not bare:
            continue
        support = best_support(normalise(bare), question, ways, hints)
        if support is None and (withhold or repeats(normalise(bare), question)):
            continue
        mark = None if support is None else _mark(citations, support)
        shown = bare if mark is None else f"{bare} [{mark}]"
        gap = 1 if parts else 0
        statements.append(Statement(length + gap, length + gap + len(shown), () if mark is None else (mark,)))
        parts.append(shown)
        length += gap + len(shown)
    return Attribution(" ".join(parts), tuple(statements), tuple(citations), dropped)


def quotation(extract: Extract) -> Attribution:
    """The sentence of an article that an extract stands in, as an answer; what looks like a mark in it is none."""
    start, end = extract.sentence
    words = " ".join(extract.hit.chunk.article.text[start:end].split())
    text = f"{MARK.sub(lambda mark: mark.group().replace('[', '(').replace(']', ')'), words)} [1]"
    citation = Citation(1, extract.hit, start, end, 1.0)
    return Attribution(text, (Statement(0, len(text), (1,)),), (citation,), 0)


def list_sources(hits: Sequence[Hit]) -> tuple[list[Source], list[Source], list[Source]]:
    """What may be cited, in the order of preference: sentences, two neighbouring ones as one quote, titles."""
    sentences: list[Source] = []
    pairs: list[Source] = []
    titles: list[Source] = []
    for hit in hits:
        begin = hit.chunk.start
        spans = [(begin + start, begin + end) for start, end in sentence_spans(hit.chunk.text)]
        told = [Source(hit, *span) for span in spans]
        body = [source for source in told if not source.repeats_title]
        sentences += body
        pairs += [Source(hit, first.start, second.end) for first, second in pairwise(body)]
        titles += [source for source in told if source.repeats_title]
    return sentences, pairs, titles


def best_support(
    statement: str, question: str, ways: Sequence[Sequence[Source]], hints: set[int]
) -> Support | None:
    """Find the source that supports a statement best, of the first of the ways that has one; else ``None``.

    A passage that the model named is preferred a little, and of equal sources the one that fits the question.  The
    names and years that a statement has from the question alone must stand somewhere in the article.
    """
    for sources in ways:
        scored = [Support(source, _score(statement, question, source)) for source in sources]
        supports = [support for support in scored if support.score >= SUPPORTED]
        supports.sort(
            key=lambda one: (
                one.score + _HINT * (one.source.hit.rank in hints),
                _fit(question, one.source),
            ),
            reverse=True,
        )
        for support in supports:
            if is_about(support.source.hit.chunk.article, support.source.text, statement):
                return support
    return None


def support_score(statement: str, question: str, quote: str, title: str = "") -> float:
    """Tell which share of a statement stands in the quote, in [0, 1]; all texts are normalised.

    A number or date weighs as two words, what the question or the title says half.  It is 0 where the quote
    contradicts the statement, where a name is told nowhere, and where a value stands neither in the quote nor in
    the title; one of the question's is excused where the quote tells what the question does not.  Where it tells
    nothing else, the score is halved.
    """
    claimed, asked, told = find_values(statement), find_values(question), find_values(quote)
    content = content_syllables(statement) | name_syllables(statement)
    in_quote = spelt_syllables(quote)
    in_question, in_title = spelt_syllables(question), spelt_syllables(title)
    tells_more = bool((content - in_question) & in_quote) or any(
        is_among(value, told) and not is_among(value, asked) for value in claimed
    )
    known = [*told, *find_values(title), *(asked if tells_more else ())]
    if not all(is_among(value, known) for value in claimed):
        return 0.0
    if name_syllables(statement) - in_quote - in_question - in_title or contradicts(quote, statement):
        return 0.0
    given = in_question | in_title
    weighed = [(_GIVEN if word in given else 1.0, word in in_quote) for word in content]
    weighed += [
        (_VALUE * (_GIVEN if is_among(value, asked) else 1.0), is_among(value, told)) for value in claimed
    ]
    found = sum(weight for weight, held in weighed if held)
    share = found / sum(weight for weight, _ in weighed) if weighed else 0.0
    return share if tells_more else _GIVEN * share


def repeats(statement: str, question: str) -> bool:
    """Tell whether a normalised statement has nothing but words of the question, as when it obeys an order there."""
    known = find_values(question)
    told = content_syllables(statement) | name_syllables(statement)
    return told <= spelt_syllables(question) and all(
        is_among(value, known) for value in find_values(statement)
    )


def _score(statement: str, question: str, source: Source) -> float:
    return support_score(statement, question, source.text, "" if source.repeats_title else source.title)


def _fit(question: str, source: Source) -> int:
    """Count the question's content words that a source and its title hold."""
    return len(content_syllables(question) & spelt_syllables(f"{source.text}\n{source.title}"))


def _statements(text: str) -> list[str]:
    """Cut an answer into sentences, marks staying with the sentence before them."""
    sentences: list[str] = []
    for start, end in sentence_spans(text):
        sentence = text[start:end]
        if sentences and not _MARK.sub("", sentence).strip(" .;,"):
            sentences[-1] += " " + sentence
        else:
            sentences.append(sentence)
    return sentences


def _mark(citations: list[Citation], support: Support) -> int:
    """Give the mark of a quote, adding it when it is new."""
    source = support.source
    for citation in citations:
        if (citation.hit, citation.start, citation.end) == (source.hit, source.start, source.end):
            return citation.mark
    mark = len(citations) + 1
    citations.append(Citation(mark, source.hit, source.start, source.end, support.score))
    return mark
