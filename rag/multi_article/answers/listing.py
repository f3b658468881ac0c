"""The text of answers over several articles: an opening line, then a line for each with place, day and mark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.chunking import context
from rag.multi_article.gather_evidence import ScoredSentence
from rag.proof.verify import Verified, quotation
from rag.schema import Citation, Evidence, Manner, Statement

MAX_ARTICLES = 8
"""Articles that are listed in one answer at most."""


@dataclass(frozen=True, slots=True)
class OpeningLine:
    """The first line: its text, which may end with a full stop, and what of it is the short answer."""

    text: str
    short: str = ""


@dataclass(frozen=True, slots=True)
class ComposedAnswer:
    """An answer that was composed by program, with its statements and citations, and how sure it is."""

    verified: Verified
    manner: Manner


def listing(found: Sequence[ScoredSentence], lead: OpeningLine | None = None, left: int = 0) -> Verified:
    """The opening line ``lead`` with the marks of all, a line for each of ``found``, and how many are ``left`` out.

    The short answer is ``lead.short`` where the opening line has it.
    """
    marks = tuple(range(1, len(found) + 1))
    lines: list[str] = []
    statements: list[Statement] = []
    short = None
    if lead is not None:
        lines.append(f"{lead.text} {' '.join(f'[{mark}]' for mark in marks)}")
        statements.append(Statement(0, len(lines[0]), marks))
        if lead.short and (place := lead.text.find(lead.short)) >= 0:
            short = (place, place + len(lead.short))
    for mark, one in zip(marks, found, strict=True):
        start = sum(len(line) + 1 for line in lines)
        lines.append(f"- {heading(one.evidence)}: {_quoted(one.evidence)} [{mark}]")
        statements.append(Statement(start, start + len(lines[-1]), (mark,)))
    if left:
        lines.append(f"… và {left} bài khác.")
    citations = tuple(
        Citation(mark, one.evidence.hit, one.evidence.start, one.evidence.end, one.probability)
        for mark, one in zip(marks, found, strict=True)
    )
    return Verified("\n".join(lines), tuple(statements), citations, short)


def heading(evidence: Evidence) -> str:
    """Title, place and day of the article, whichever are known."""
    return context(evidence.hit.chunk.article).replace(" | ", ", ")


def day(evidence: Evidence) -> str:
    """The day of the article as Vietnamese text writes it, empty where it is not known."""
    written = evidence.hit.chunk.article.date
    return f"{written.day}/{written.month}/{written.year}" if written else ""


def _quoted(evidence: Evidence) -> str:
    """The sentence as it is quoted, with nothing in it that looks like a citation mark."""
    return quotation(evidence, 0).text.removesuffix(" [1]")
