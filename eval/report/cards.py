"""One question of a run as the report shows it: what was asked, said and expected, and from which passages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup, escape

from eval.evidence import locate
from eval.report.numbers import seconds
from eval.report.strings import Language, Strings, label
from eval.schema import STAGES, Passage, Reply, Row
from rag.marks import MARK

WORST_OF_A_STAGE = 5

_BLANK_LINES = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class Shown:
    """A passage with its evidence and the quotes of the answer marked."""

    title: str
    article: str
    text: Markup
    holds: bool


@dataclass(frozen=True, slots=True)
class Card:
    """A question ready to be shown."""

    id: str
    kind: str
    stage: str
    stage_name: str
    asked: str
    before: tuple[str, ...]
    searched: str
    expected: str
    said: Markup
    evidence: tuple[tuple[str, str], ...]
    passages: tuple[Shown, ...]
    seconds: str
    note: str


def cards(rows: Sequence[Row], words: Strings, language: Language) -> list[Card]:
    """Every row in its order."""
    return [_card(row, words, language) for row in rows]


def worst(rows: Sequence[Row], words: Strings, language: Language) -> list[tuple[str, str, list[Card]]]:
    """For each stage with failures its id, its name and some rows: the surest first, then the order asked."""
    groups: list[tuple[str, str, list[Card]]] = []
    for stage in STAGES:
        members = [row for row in rows if row.scores.stage == stage and stage != "right"]
        members.sort(key=lambda row: -(row.scores.confidence or 0.0))
        if members:
            shown = [_card(row, words, language) for row in members[:WORST_OF_A_STAGE]]
            groups.append((stage, words[f"stage.{stage}"], shown))
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


def passage_markup(passage: Passage, quotes: Sequence[str], cited: Sequence[tuple[int, int]]) -> Markup:
    """A passage with the expected quotes as ``<mark>`` and what the answer cites underlined.

    ``cited`` are offsets into the article.
    """
    evidence = [place for quote in quotes if (place := locate(quote, passage.text))]
    citations = [(start - passage.start, end - passage.start) for start, end in cited]
    length = len(passage.text)
    cuts = {0, length} | {min(max(cut, 0), length) for place in (*evidence, *citations) for cut in place}
    ordered = sorted(cuts)
    parts: list[Markup] = []
    for start, end in pairwise(ordered):
        piece = escape(passage.text[start:end])
        if any(a <= start and end <= b for a, b in citations):
            piece = Markup('<span class="cited">{}</span>').format(piece)
        if any(a <= start and end <= b for a, b in evidence):
            piece = Markup("<mark>{}</mark>").format(piece)
        parts.append(piece)
    return Markup(_BLANK_LINES.sub("\n", Markup("").join(parts)))


def _card(row: Row, words: Strings, language: Language) -> Card:
    question, reply = row.question, row.reply
    expected = " · ".join(part[0] for part in question.answers) or words["row.absent"]
    searched = reply.standalone if reply.standalone != question.text else ""
    return Card(
        id=question.id,
        kind=label(words, "kind", question.kind),
        stage=row.scores.stage,
        stage_name=words[f"stage.{row.scores.stage}"],
        asked=question.text,
        before=question.follows,
        searched=searched,
        expected=expected,
        said=answer_markup(reply, words),
        evidence=tuple((one.article, one.quote) for one in question.evidence),
        passages=tuple(_shown(row, passage) for passage in reply.passages),
        seconds="" if reply.seconds_total is None else seconds(reply.seconds_total, language),
        note=_rank_note(row, words),
    )


def _shown(row: Row, passage: Passage) -> Shown:
    quotes = [row.question.evidence[place].quote for place in passage.holds]
    cited = [
        (quote.start, quote.end)
        for quote in row.reply.quotes
        if quote.article == passage.article and quote.start < passage.end and passage.start < quote.end
    ]
    return Shown(passage.title, passage.article, passage_markup(passage, quotes, cited), bool(passage.holds))


def _rank_note(row: Row, words: Strings) -> str:
    """Where the evidence that was not found stood in the longer search."""
    held = {place for passage in row.reply.passages for place in passage.holds}
    ranks = [rank for place, rank in enumerate(row.scores.ranks) if rank is not None and place not in held]
    if row.scores.stage != "not_found" or not ranks:
        return ""
    return words["row.rank"].format(rank=max(ranks))
