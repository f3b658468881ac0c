"""What the report shows of one question: the answer with its marks, and its passages with evidence and citations."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from markupsafe import Markup, escape

from eval.evidence import locate, overlap
from eval.report.strings import Strings
from eval.schema import STAGES, Passage, Reply, Row, Stage
from rag.citation_marks import MARK

WORST_OF_A_STAGE = 5

_BLANK_LINES = re.compile(r"\n\s*\n")


def worst(rows: Sequence[Row]) -> list[tuple[Stage, list[Row]]]:
    """For each stage with failures some of its rows: the surest first, then the order asked."""
    groups: list[tuple[Stage, list[Row]]] = []
    for stage in STAGES[1:]:
        members = [row for row in rows if row.scores.stage == stage]
        members.sort(key=lambda row: -(row.scores.confidence or 0.0))
        if members:
            groups.append((stage, members[:WORST_OF_A_STAGE]))
    return groups


def answer_markup(reply: Reply, words: Strings) -> Markup:
    """The answer with its marks raised; those of citations that are not right are set apart."""
    if reply.error is not None:
        return Markup("<em>{}</em>").format(reply.error)
    beside = {quote.mark for quote in reply.quotes if quote.right is False}
    parts: list[Markup] = []
    for place, piece in enumerate(MARK.split(reply.text)):
        if place % 2 == 0:
            parts.append(escape(piece))
        elif int(piece) in beside:
            parts.append(Markup('<sup class="beside" title="{}">{}</sup>').format(words["row.beside"], piece))
        else:
            parts.append(Markup("<sup>{}</sup>").format(piece))
    return Markup("").join(parts)


def passage_markup(row: Row, passage: Passage) -> Markup:
    """A passage of a row with the evidence that it holds as ``<mark>`` and what the answer cites underlined."""
    quotes = [row.question.evidence[place].quote for place in passage.holds]
    evidence = [place for quote in quotes if (place := locate(quote, passage.text))]
    whole = (passage.start, passage.end)
    citations = [
        (quote.start - passage.start, quote.end - passage.start)
        for quote in row.reply.quotes
        if quote.article == passage.article and overlap(whole, (quote.start, quote.end)) > 0
    ]
    length = len(passage.text)
    cuts = {0, length} | {min(max(cut, 0), length) for place in (*evidence, *citations) for cut in place}
    parts: list[Markup] = []
    for start, end in pairwise(sorted(cuts)):
        piece = escape(passage.text[start:end])
        if any(a <= start and end <= b for a, b in citations):
            piece = Markup('<span class="cited">{}</span>').format(piece)
        if any(a <= start and end <= b for a, b in evidence):
            piece = Markup("<mark>{}</mark>").format(piece)
        parts.append(piece)
    return Markup(_BLANK_LINES.sub("\n", Markup("").join(parts)))


def missed_rank(row: Row) -> int | None:
    """Where the evidence that was not found stood in the longer search; ``None`` where nothing was missed so."""
    held = {place for passage in row.reply.passages for place in passage.holds}
    ranks = [rank for place, rank in enumerate(row.scores.ranks) if rank is not None and place not in held]
    return max(ranks) if ranks and row.scores.stage == "not_found" else None
