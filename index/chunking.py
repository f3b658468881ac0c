"""Articles are split into passages that tile them exactly."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from index.schema import Article, Chunk
from index.tables import in_words, row_in_words, with_header
from index.text.normalise import sentence_spans

CountTokens = Callable[[Sequence[str]], list[int]]

_CLAUSE_SEPARATORS = [r"[;:] ", r", ", " ", ""]
_GLUED_TOKENS = 2
"""What a piece can weigh more in its text than alone, when no space stands before it."""
_HEADING_CHARS = 120

# What it costs to end a chunk there, where a chunk that is all but empty costs 1.
_BREAK_COSTS = {"paragraph": 0.0, "line": 0.05, "row": 0.05, "sentence": 0.15, "heading": 0.5, "clause": 0.6}


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence, or a part of one that is too long, without the space after it; ``ends`` is what ends there."""

    start: int
    end: int
    tokens: int
    ends: str


def split(article: Article, count_tokens: CountTokens, max_tokens: int) -> list[Chunk]:
    """Split an article into chunks of whole sentences; only a sentence that is too long itself is cut.

    The chunks follow each other, none holds more than ``max_tokens``, none begins or ends with white space,
    and only white space lies between them.  Of all ways to do it the cheapest is taken: few and full
    chunks, ends at paragraphs before ends at sentences, no byline or heading alone.
    """
    spans = _pack(_pieces(article, count_tokens, max_tokens), max_tokens)
    return [Chunk(article, position, start, end) for position, (start, end) in enumerate(spans)]


def context(article: Article) -> str:
    """Describe an article in the line that stands before each of its chunks for the encoder and the word index."""
    day = f"{article.date.day}/{article.date.month}/{article.date.year}" if article.date else None
    return " | ".join(part for part in (article.title, article.place, day) if part)


def encoder_text(chunk: Chunk) -> str:
    """Give what the encoder reads of a chunk: its article's context, and the rows of tables in words."""
    return f"{context(chunk.article)}\n{in_words(chunk).text.strip()}"


def lexical_text(chunk: Chunk) -> str:
    """Give what the word index reads of a chunk: its article's context, and the header of a table it goes on with."""
    return f"{context(chunk.article)}\n{with_header(chunk)}"


def _pieces(article: Article, count_tokens: CountTokens, max_tokens: int) -> list[_Piece]:
    """Cut a text into sentences and rows, counted all in one call, and those that are too long into clauses or words.

    A row of a table weighs as much as it does in words.
    """
    text = article.text
    spans = _sentences_and_rows(article)
    counts = count_tokens([words or text[start:end] for start, end, words in spans])
    pieces: list[_Piece] = []
    for (start, end, words), tokens in zip(spans, counts, strict=True):
        ends = "row" if words else _what_ends(text, start, end)
        if tokens + _GLUED_TOKENS <= max_tokens:
            pieces.append(_Piece(start, end, tokens, ends))
            continue
        parts = _cut(text[start:end], count_tokens, max_tokens - _GLUED_TOKENS)
        counts_of_parts = count_tokens([text[start + left : start + right] for left, right in parts])
        for (left, right), part_tokens in zip(parts, counts_of_parts, strict=True):
            pieces.append(_Piece(start + left, start + right, part_tokens, "clause"))
        pieces[-1] = _Piece(pieces[-1].start, end, pieces[-1].tokens, ends)
    return pieces


def _sentences_and_rows(article: Article) -> list[tuple[int, int, str]]:
    """Give the sentences and the rows of tables in reading order; of a row also its words."""
    spans: list[tuple[int, int, str]] = []
    place = 0
    for table in article.tables:
        spans += _sentences(article.text, place, table.start)
        for number, row in enumerate(table.rows):
            if article.text[row[0][0] : row[-1][1]].strip():
                spans.append((row[0][0], row[-1][1], row_in_words(article, table, number)))
        place = table.end
    return spans + _sentences(article.text, place, len(article.text))


def _sentences(text: str, start: int, end: int) -> list[tuple[int, int, str]]:
    return [(start + left, start + right, "") for left, right in sentence_spans(text[start:end])]


def _what_ends(text: str, start: int, end: int) -> str:
    gap = re.compile(r"\s*").match(text, end)
    lines = gap.group().count("\n") if gap else 0
    if lines and end - start <= _HEADING_CHARS and text[end - 1] not in ".!?…;,”\"'|":
        return "heading"
    return ("sentence", "line", "paragraph")[min(lines, 2)]


def _cut(sentence: str, count_tokens: CountTokens, max_tokens: int) -> list[tuple[int, int]]:
    """Tile a sentence with parts of at most ``max_tokens``, without the space after each."""
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(
        separators=_CLAUSE_SEPARATORS,
        is_separator_regex=True,
        keep_separator="end",
        strip_whitespace=False,
        chunk_size=max(max_tokens, 1),
        chunk_overlap=0,
        length_function=lambda part: count_tokens([part])[0],
    )
    spans = []
    start = 0
    for part in splitter.split_text(sentence):
        spans.append((start + len(part) - len(part.lstrip()), start + len(part.rstrip())))
        start += len(part)
    return [(left, right) for left, right in spans if left < right]


def _pack(pieces: list[_Piece], max_tokens: int) -> list[tuple[int, int]]:
    """Put pieces together to chunks at the least cost, by dynamic programming over the last chunk's beginning."""
    ends = [-1, *(piece.end for piece in pieces)]
    weights = [
        piece.tokens + _GLUED_TOKENS * (end == piece.start) for end, piece in zip(ends, pieces, strict=False)
    ]
    before = np.cumsum([0, *weights])
    firsts = np.searchsorted(before, before[1:] - max_tokens)
    costs = np.zeros(len(pieces) + 1)
    begins = [0]
    for last, piece in enumerate(pieces):
        first = min(int(firsts[last]), last)
        empty = np.maximum(0.0, 1 - (before[last + 1] - before[first : last + 1]) / max_tokens)
        tried = costs[first : last + 1] + empty**2
        begin = last - int(tried[::-1].argmin())
        end_cost = 0.0 if last == len(pieces) - 1 else _BREAK_COSTS[piece.ends]
        costs[last + 1] = tried[begin - first] + end_cost
        begins.append(begin)
    spans = []
    after = len(pieces)
    while after:
        first = begins[after]
        spans.append((pieces[first].start, pieces[after - 1].end))
        after = first
    return spans[::-1]
