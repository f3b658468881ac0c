"""Each sentence of an answer is tied to the passage sentence that supports it, or told to have none.

The marks that the model writes are only a hint: what counts is whether a sentence of a retrieved passage holds
the words of the answer's sentence, and every number and date in it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.schema import Hit
from index.text import fold, sentence_spans, syllables
from index.values import find_values, same_value
from rag.schema import Citation, Statement

_MARK = re.compile(r"\s*\[\s*(\d{1,3})(?:\s*[,;]\s*\d{1,3})*\s*\]")
_NUMBER = re.compile(r"\d+")
SUPPORTED = 0.5
"""A sentence is supported when the best passage sentence holds this share of its words, weighted by length."""
_HINT = 0.05


@dataclass(frozen=True, slots=True)
class Attribution:
    """The answer with its marks set anew, in order of appearance, and what they point at."""

    text: str
    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]
    dropped_marks: int


@dataclass(frozen=True, slots=True)
class Support:
    """The sentence ``start:end`` of the article of ``hit`` and how well it supports a statement, in [0, 1]."""

    hit: Hit
    start: int
    end: int
    score: float


def attribute(text: str, question: str, hits: Sequence[Hit], *, withhold: bool = False) -> Attribution:
    """Set the marks of an answer by what supports it.

    ``question`` gives the words that need no support.  With ``withhold`` sentences without support are left out.
    """
    parts: list[str] = []
    statements: list[Statement] = []
    citations: list[Citation] = []
    dropped = 0
    length = 0
    sources = [(hit, start, end) for hit in hits for start, end in _sentences(hit)]
    for sentence in _statements(text):
        hints = {int(number) for mark in _MARK.finditer(sentence) for number in _NUMBER.findall(mark.group())}
        dropped += sum(not 1 <= hint <= len(hits) for hint in hints)
        bare = _MARK.sub("", sentence).strip()
        if not bare:
            continue
        support = best_support(bare, question, sources, hints)
        if support is None and withhold:
            continue
        mark = None if support is None else _mark(citations, support)
        shown = bare if mark is None else f"{bare} [{mark}]"
        gap = 1 if parts else 0
        statements.append(Statement(length + gap, length + gap + len(shown), () if mark is None else (mark,)))
        parts.append(shown)
        length += gap + len(shown)
    return Attribution(" ".join(parts), tuple(statements), tuple(citations), dropped)


def best_support(
    statement: str, question: str, sources: Sequence[tuple[Hit, int, int]], hints: set[int]
) -> Support | None:
    """Find the passage sentence that supports a statement best; ``None`` where none does."""
    best: Support | None = None
    for hit, start, end in sources:
        article = hit.chunk.article
        score = support_score(statement, question, article.text[start:end], article.title)
        if score >= SUPPORTED:
            score = min(1.0, score + (_HINT if hit.rank in hints else 0.0))
            if best is None or score > best.score:
                best = Support(hit, start, end, score)
    return best


def support_score(statement: str, question: str, quote: str, title: str = "") -> float:
    """Tell which share of a statement's words stand in the quote, in [0, 1]; 0 where a number or date does not.

    Words that the question or the title already says weigh a quarter: repeating them proves little.
    """
    held = find_values(quote)
    given = find_values(f"{question}\n{title}")
    for value in find_values(statement):
        if not any(same_value(value, other) for other in (*held, *given)):
            return 0.0
    in_quote = {fold(word) for word in syllables(quote)}
    in_question = {fold(word) for word in syllables(f"{question} {title}")}
    words = [fold(word) for word in syllables(statement)]
    weights = [0.25 if word in in_question else 1.0 for word in words]
    if not words:
        return 0.0
    found = sum(weight for word, weight in zip(words, weights, strict=True) if word in in_quote)
    return found / sum(weights)


def _sentences(hit: Hit) -> list[tuple[int, int]]:
    """Give the sentences of a passage as offsets into its article."""
    return [(hit.chunk.start + start, hit.chunk.start + end) for start, end in sentence_spans(hit.chunk.text)]


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
    for citation in citations:
        if (citation.hit, citation.start, citation.end) == (support.hit, support.start, support.end):
            return citation.mark
    mark = len(citations) + 1
    citations.append(Citation(mark, support.hit, support.start, support.end, support.score))
    return mark
