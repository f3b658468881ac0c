"""Verifies a draft: keeps the sentences that the articles prove, with their citations, and leaves out the others.

Proof is three things.  Values and names of the sentence stand in what it cites, letter by letter and with their unit;
no word is spelt otherwise than there, and no value told of what another one belongs to; and a trained judge says that
what it cites, under the title and date of its article, supports the sentence as an answer to the question.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from index.chunking import context
from index.text.normalise import fold, normalise, sentence_spans
from rag.citation_marks import MARK
from rag.proof.grounding import is_grounded
from rag.proof.slips import belongs_to_another, misspelt
from rag.reader.model import Reader
from rag.reader.table_rows import cell_sentence
from rag.schema import Citation, Evidence, Reading, Statement

_MARKS = re.compile(r"\s*\[\s*\d{1,3}(?:\s*[,;]\s*\d{1,3})*\s*\]")
_NUMBER = re.compile(r"\d+")
_BOLD = re.compile(r"\*\*(.*?)\*\*", re.DOTALL)
_LINE_START = re.compile(r"^\s*(?:[-*•+]|\d{1,2}[.)])\s+")
_MARKS_AFTER_STOP = re.compile(r"([.!?…]+[\"”’)]*)((?: *\[[\d ,;]+\])+)")
_MOST_CITED = 2
"""Sentences that a sentence of an answer may cite together."""


@dataclass(frozen=True, slots=True)
class Verified:
    """The proved part of a draft: its text with marks numbered in order of appearance, and what they cite.

    ``short_span`` is the span of the short answer in ``text``; ``dropped_marks`` counts marks that pointed at no given
    sentence; ``left_out`` are the sentences without proof.
    """

    text: str = ""
    statements: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()
    short_span: tuple[int, int] | None = None
    dropped_marks: int = 0
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Proof:
    cited: tuple[Evidence, ...]
    supported: float


def verify(draft: str, reading: Reading, given: Sequence[Evidence], reader: Reader, least: float) -> Verified:
    """Prove a draft by the sentences ``given`` to the writer; ``least`` is the lowest probability of support."""
    builder = _Builder()
    dropped = 0
    left_out: list[str] = []
    waiting = ""
    # "… kết nạp 82 đảng viên. [1] Hội nghị …": the mark belongs to the sentence before it.
    for opening, sentence in _sentences(_MARKS_AFTER_STOP.sub(r"\2\1", normalise(draft))):
        hints = {int(number) for mark in _MARKS.findall(sentence) for number in _NUMBER.findall(mark)}
        dropped += sum(not 1 <= hint <= len(given) for hint in hints)
        bare = _MARKS.sub("", sentence).strip()
        if not any(char.isalnum() for char in bare):
            continue
        opening = waiting if waiting and opening == " " else opening
        plain = _BOLD.sub(r"\1", bare)
        proof = _prove(plain, hints, reading, given, reader, least)
        if proof is None:
            left_out.append(plain)
            waiting = opening  # what follows in this line begins it
        else:
            builder.add(opening, bare, proof)
            waiting = ""
    return builder.verified(given, dropped, left_out)


def cell_answer(question: str, evidence: Evidence, score: float, mark: int = 1) -> Verified | None:
    """The answer that consists of the one table cell which a question asks for; ``None`` for any other evidence."""
    cell = cell_sentence(question, evidence)
    if cell is None:
        return None
    line, begins = MARK.sub(r"(\1)", cell[0]), cell[1]
    shown = f"{line} [{mark}]"
    citation = Citation(mark, evidence.hit, evidence.start, evidence.end, score)
    short = (begins, len(line)) if len(line) == len(cell[0]) else None
    return Verified(shown, (Statement(0, len(shown), (mark,)),), (citation,), short)


def quotation(evidence: Evidence, score: float, mark: int = 1) -> Verified:
    """The answer that quotes a sentence, with its short answer marked; nothing in it looks like a citation mark."""
    text = MARK.sub(r"(\1)", evidence.text.replace("\n", " "))
    start, end = evidence.short_span
    shown = f"{text} [{mark}]"
    citation = Citation(mark, evidence.hit, evidence.start, evidence.end, score)
    short = (start, end) if 0 <= start < end <= len(text) else None
    return Verified(shown, (Statement(0, len(shown), (mark,)),), (citation,), short)


def _prove(
    statement: str,
    hints: set[int],
    reading: Reading,
    given: Sequence[Evidence],
    reader: Reader,
    least: float,
) -> _Proof | None:
    """The sentences that prove a statement best, those that the writer named if they do; ``None`` if none can.

    Two are cited together only where no single one holds all that the statement says.
    """
    question = reading.query.text
    singles = [(one,) for one in given]
    for ways in (singles, list(combinations(given, _MOST_CITED))):
        fitting = [
            cited
            for cited in ways
            if is_grounded(statement, question, cited) and not _slips(statement, question, cited)
        ]
        if not fitting:
            continue
        judgements = reader.judge([(question, statement, *_shown(cited)) for cited in fitting])
        proofs = [
            _Proof(cited, one.supported)
            for cited, one in zip(fitting, judgements, strict=True)
            if one.supported >= least
        ]
        named = [proof for proof in proofs if all(given.index(one) + 1 in hints for one in proof.cited)]
        return max(named or proofs, key=lambda proof: proof.supported, default=None)
    return None


def _slips(statement: str, question: str, cited: Sequence[Evidence]) -> bool:
    """Whether a statement has a slip of its writer, as one in a hundred written replies seems to have."""
    headings, text = _shown(cited)
    return bool(misspelt(statement, text, f"{question} {headings}")) or belongs_to_another(statement, text)


def _shown(cited: Sequence[Evidence]) -> tuple[str, str]:
    """The headings and the text that the judge sees."""
    headings = dict.fromkeys(context(one.hit.chunk.article) for one in cited)
    return " / ".join(headings), " ".join(one.text for one in cited)


def _sentences(draft: str) -> Iterator[tuple[str, str]]:
    """The sentences of a draft, each after what stands before it: nothing, a blank, or the beginning of a line."""
    first = True
    for line in draft.split("\n"):
        bullet = _LINE_START.match(line)
        rest = line[bullet.end() :] if bullet else line
        opening = ("" if first else "\n") + (bullet.group().lstrip() if bullet else "")
        for start, end in sentence_spans(rest):
            yield opening, rest[start:end]
            opening, first = " ", False


class _Builder:
    """Puts the proved sentences together and numbers what they cite."""

    def __init__(self) -> None:
        self._text = ""
        self._statements: list[Statement] = []
        self._citations: list[Citation] = []
        self._short: tuple[int, int] | None = None

    def add(self, opening: str, sentence: str, proof: _Proof) -> None:
        """Add a sentence with its marks; the first marked words are the short answer."""
        if not self._text:
            opening = opening.lstrip()
        start = len(self._text) + len(opening)
        bold = _BOLD.search(sentence)
        plain = _BOLD.sub(r"\1", sentence)
        if bold and self._short is None and bold[1].strip():
            self._short = (start + bold.start(), start + bold.start() + len(bold[1]))
        marks = tuple(sorted(self._mark(one, proof.supported) for one in proof.cited))
        shown = plain + "".join(f" [{mark}]" for mark in marks)
        self._text += opening + shown
        self._statements.append(Statement(start, start + len(shown), marks))

    def verified(self, given: Sequence[Evidence], dropped: int, left_out: Sequence[str]) -> Verified:
        """The collected answer; its short answer is the reader's where the writer marked none."""
        short = self._short or self._find_short(given)
        return Verified(
            self._text, tuple(self._statements), tuple(self._citations), short, dropped, tuple(left_out)
        )

    def _mark(self, evidence: Evidence, score: float) -> int:
        for citation in self._citations:
            if (citation.hit, citation.start, citation.end) == (evidence.hit, evidence.start, evidence.end):
                return citation.mark
        mark = len(self._citations) + 1
        self._citations.append(Citation(mark, evidence.hit, evidence.start, evidence.end, score))
        return mark

    def _find_short(self, given: Sequence[Evidence]) -> tuple[int, int] | None:
        """The span of a cited sentence's short answer in the text, accents and capitals aside."""
        cited = {(citation.start, citation.end, citation.hit.rank) for citation in self._citations}
        plain = fold(self._text)
        for one in given:
            words = re.escape(fold(one.short_answer))
            if not words or (one.start, one.end, one.hit.rank) not in cited:
                continue
            if found := re.search(rf"(?<![\w\[])(?<!\d[.,]){words}(?!\w|[.,]\d)", plain):
                return found.span()
        return None
