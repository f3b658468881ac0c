"""Every sentence of a draft is proved by a sentence of an article, or left out.

Proof is two things.  Values and names of the sentence stand in what it cites, letter by letter and with their unit;
and a trained judge says that what it cites, under the title and date of its article, supports the sentence as an
answer to the question.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from index.chunks import context
from index.lexical import spell_out
from index.schema import Article
from index.text import fold, normalise, sentence_spans, syllables
from index.values import Value, find_values, same_value
from rag.language import leaked_script
from rag.marks import MARK
from rag.names import name_words
from rag.reader.model import Reader
from rag.schema import Citation, Evidence, Reading, Statement

_MARKS = re.compile(r"\s*\[\s*\d{1,3}(?:\s*[,;]\s*\d{1,3})*\s*\]")
_NUMBER = re.compile(r"\d+")
_BOLD = re.compile(r"\*\*(.*?)\*\*", re.DOTALL)
_LINE_START = re.compile(r"^\s*(?:[-*•+]|\d+[.)])\s+")
_UNIT = re.compile(r"\s*([^\W\d_]+[23²³]?|%)")
_UNITS = {
    unit: kind
    for kind, units in {
        "km": "km ki-lô-mét kilômét cây", "m": "m mét", "cm": "cm", "ha": "ha héc-ta hecta", "m2": "m2 m²",
        "m3": "m3 m³", "kg": "kg cân ký", "tấn": "tấn", "tạ": "tạ", "yến": "yến", "ngày": "ngày", "tháng": "tháng",
        "năm": "năm",
        "tuổi": "tuổi", "giờ": "giờ tiếng", "phút": "phút", "tuần": "tuần", "%": "% phần", "hộ": "hộ", "lít": "lít",
    }.items()
    for unit in units.split()
}  # fmt: skip
"""Units that are no other: 215 m is not 215 km, and 47 households are not 47%."""
_MOST_CITED = 2
"""Sentences that a sentence of an answer may cite together."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What of a draft is proved: its text with marks set anew in order of appearance, and what they point at.

    ``short_span`` is where the short answer stands in ``text``; ``left_out`` are the sentences without proof.
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
    left_out = []
    for opening, sentence in _sentences(draft):
        hints = {int(number) for mark in _MARKS.findall(sentence) for number in _NUMBER.findall(mark)}
        dropped += sum(not 1 <= hint <= len(given) for hint in hints)
        bare = _MARKS.sub("", sentence).strip()
        if not any(char.isalnum() for char in bare):
            continue
        proof = _prove(normalise(_BOLD.sub(r"\1", bare)), hints, reading, given, reader)
        if proof is None or proof.supported < least:
            left_out.append(_BOLD.sub(r"\1", bare))
        else:
            builder.add(opening, bare, proof)
    return builder.verified(given, dropped, left_out)


def quotation(evidence: Evidence, score: float) -> Verified:
    """The sentence of an article as an answer, its likeliest words marked; what looks like a mark in it is none."""
    article = evidence.hit.chunk.article.text
    text = MARK.sub(r"(\1)", article[evidence.start : evidence.end].replace("\n", " "))
    start, end = (place - evidence.start for place in evidence.answer)
    shown = f"{text} [1]"
    citation = Citation(1, evidence.hit, evidence.start, evidence.end, score)
    short = (start, end) if 0 <= start < end <= len(text) else None
    return Verified(shown, (Statement(0, len(shown), (1,)),), (citation,), short)


def _prove(
    statement: str, hints: set[int], reading: Reading, given: Sequence[Evidence], reader: Reader
) -> _Proof | None:
    """The sentences that prove a statement best, those that the writer named if they do; ``None`` if none can."""
    singles = [(one,) for one in given]
    pairs = list(combinations(given, _MOST_CITED))
    for ways in (singles, pairs):
        fitting = [cited for cited in ways if holds(statement, reading.query.text, cited)]
        if not fitting:
            continue
        judgements = reader.judge(
            [
                (
                    reading.query.text,
                    statement,
                    " / ".join(dict.fromkeys(context(one.hit.chunk.article) for one in cited)),
                    " ".join(one.text for one in cited),
                )
                for cited in fitting
            ]
        )
        proofs = [_Proof(cited, one.supported) for cited, one in zip(fitting, judgements, strict=True)]
        named = [proof for proof in proofs if all(given.index(one) + 1 in hints for one in proof.cited)]
        return max(named or proofs, key=lambda proof: proof.supported)
    return None


def holds(statement: str, question: str, cited: Sequence[Evidence]) -> bool:
    """Whether every value and name of a statement stands in what it cites, or in the title and date of its article.

    What the statement has from the question alone must stand somewhere in the article.
    """
    quote = normalise(" ".join(one.text for one in cited))
    articles = {one.hit.chunk.article.id: one.hit.chunk.article for one in cited}.values()
    headings = " ".join(context(article) for article in articles)
    asked, told = find_values(question), find_values(quote)
    titled = find_values(headings)
    for value in find_values(statement):
        if _is_told(value, statement, told, quote) or any(same_value(value, one) for one in titled):
            continue
        from_question = any(same_value(value, one) for one in asked)
        if not from_question or not any(_tells_value(article, value) for article in articles):
            return False
    near = _plain(f"{quote} {headings}")
    elsewhere = {word for article in articles for word in _plain(article.text)}
    if name_words(statement) - near - (_plain(question) & elsewhere):
        return False
    return leaked_script(statement, quote + headings + question) is None


def _is_told(value: Value, statement: str, told: Sequence[Value], quote: str) -> bool:
    """Whether a quote has the value with no other unit."""
    for one in told:
        if not same_value(value, one) or (value.kind == "percent") != (one.kind == "percent"):
            continue
        said, given = _unit(statement, value), _unit(quote, one)
        if value.kind != "number" or not said or not given or said == given:
            return True
    return False


def _unit(text: str, value: Value) -> str:
    found = _UNIT.match(text, value.end)
    return _UNITS.get(found[1].lower(), "") if found else ""


def _tells_value(article: Article, value: Value) -> bool:
    return any(same_value(value, one) for one in find_values(f"{article.title}\n{article.text}"))


def _plain(text: str) -> set[str]:
    return {fold(word) for word in spell_out(syllables(normalise(text)))}


def _sentences(draft: str) -> Iterator[tuple[str, str]]:
    """The sentences of a draft, each after what stands before it: nothing, a blank, or the beginning of a line."""
    first = True
    for line in draft.split("\n"):
        bullet = _LINE_START.match(line)
        rest = line[bullet.end() :] if bullet else line
        opening = ("" if first else "\n") + (bullet.group().lstrip() if bullet else "")
        waiting = ""
        for start, end in sentence_spans(rest):
            sentence = rest[start:end]
            if not _MARKS.sub("", sentence).strip(" .;,*"):
                waiting += sentence + " "  # marks that stand alone belong to the next sentence
                continue
            yield opening, waiting + sentence
            opening, waiting, first = " ", "", False


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
        """What was put together; the short answer is looked for where the writer marked none."""
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
        """Where the reader's words of a cited sentence stand in the text, accents and capitals aside."""
        cited = {(citation.start, citation.end, citation.hit.rank) for citation in self._citations}
        plain = fold(self._text)
        for one in given:
            words = fold(normalise(one.words))
            if words and (one.start, one.end, one.hit.rank) in cited and (at := plain.find(words)) >= 0:
                return at, at + len(words)
        return None
