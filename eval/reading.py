"""The reader measured without the language model: what it reads, what it can tell apart, how fast it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import fmean
from typing import TypeVar

from tqdm import tqdm

from eval.evidence import touches
from eval.metrics.answers import contained, exact_match, f1
from eval.reading_passages import Given
from eval.schema import Provenance, Question, Retrieval
from eval.speed_figures import timed
from index.schema import Chunk
from index.text import fold, normalise
from rag.accents import restore_accents
from rag.reader.reader import Reader
from rag.reader.spans import Span
from rag.schema import Extract

T = TypeVar("T")

PASSAGES = 8
"""So many passages are read for one time, as many as for a question to the assistant."""

TIMED = 24
"""So many questions are timed."""


@dataclass(frozen=True, slots=True)
class Read:
    """The best span of one passage, and its two logits."""

    article: str
    text: str
    margin: float
    relevance: float


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One question, typed with or without accents: what was read in its own passage and in two that do not tell."""

    question: Question
    accents: bool
    own: Read
    other: Read | None
    hard: Read | None
    exact: float
    f1: float


@dataclass(frozen=True, slots=True)
class ExtractRow:
    """What the assistant shows before it writes; ``text`` is ``None`` where it shows nothing.

    ``right``: an accepted answer stands in it, or nothing is shown for an absent question.  ``at_evidence``:
    it touches the evidence, ``None`` where nothing is shown or no evidence is known.
    """

    question: Question
    text: str | None
    article: str | None
    start: int | None
    end: int | None
    confidence: float | None
    right: bool
    at_evidence: bool | None


@dataclass(frozen=True, slots=True)
class ReaderRun:
    """A finished measurement of the reader; ``search`` and ``extracts`` are there when a store was named.

    ``left_out`` counts the questions without a passage or with answers of several parts; ``seconds`` are those
    of reading ``PASSAGES`` passages of ``characters`` in the mean.
    """

    provenance: Provenance
    reader: str
    left_out: int
    rows: tuple[ReadRow, ...]
    seconds: tuple[float, ...]
    characters: float
    search: Retrieval | None = None
    extracts: tuple[ExtractRow, ...] = ()


def read_all(reader: Reader, given: Sequence[Given], *, progress: bool = False) -> tuple[ReadRow, ...]:
    """Read the passages of each question, asked as it is and then typed without its accents."""
    rows = []
    for accents in (True, False):
        for one in _with_bar(given, f"reading, {'with' if accents else 'without'} accents", progress):
            chunks = [chunk for chunk in (one.own, one.other, one.hard) if chunk is not None]
            passages = list(map(_passage, chunks))
            spans = reader.read(
                _typed(one.question) if accents else _restored(one.question, passages), passages
            )
            read = {chunk: _read(chunk, span) for chunk, span in zip(chunks, spans, strict=True)}
            own = read[one.own]
            rows.append(
                ReadRow(
                    one.question,
                    accents,
                    own,
                    read[one.other] if one.other else None,
                    read[one.hard] if one.hard else None,
                    exact_match(own.text, one.question.answers) or 0.0,
                    f1(own.text, one.question.answers) or 0.0,
                )
            )
    return tuple(rows)


def time_reading(reader: Reader, given: Sequence[Given]) -> tuple[tuple[float, ...], float]:
    """Seconds of reading ``PASSAGES`` passages, one a question, after one that is not counted; their mean length.

    The passages are the question's own and those after it in the set; a small set repeats itself.
    """
    pool = list(dict.fromkeys(one.own for one in given))
    rounds = []
    for one in given[:TIMED]:
        first = pool.index(one.own)
        chunks = [pool[(first + step) % len(pool)] for step in range(PASSAGES)]
        rounds.append((_typed(one.question), list(map(_passage, chunks))))
    reader.read(*rounds[0])
    seconds = tuple(timed(partial(reader.read, *one)) for one in rounds)
    return seconds, fmean(len(text) for _, passages in rounds for _, text in passages)


def read_extracts(
    extract: Callable[[Question], Extract | None], questions: Sequence[Question], *, progress: bool = False
) -> tuple[ExtractRow, ...]:
    """Ask the assistant for what it shows before it writes."""
    return tuple(
        _extract_row(question, extract(question)) for question in _with_bar(questions, "extracts", progress)
    )


def _typed(question: Question) -> str:
    return normalise(question.in_full)


def _restored(question: Question, passages: Sequence[tuple[str, str]]) -> str:
    """The question as the assistant reads one without accents: with those of the passages that were found."""
    return restore_accents(fold(_typed(question)), [f"{title}\n{text}" for title, text in passages])


def _passage(chunk: Chunk) -> tuple[str, str]:
    return chunk.article.title, chunk.text


def _read(chunk: Chunk, span: Span) -> Read:
    return Read(chunk.article.id, chunk.text[span.start : span.end], span.margin, span.relevance)


def _extract_row(question: Question, extract: Extract | None) -> ExtractRow:
    if extract is None:
        return ExtractRow(question, None, None, None, None, None, question.absent, None)
    article = extract.hit.chunk.article
    at_evidence = any(touches(one, article, extract.start, extract.end) for one in question.evidence)
    return ExtractRow(
        question,
        extract.text,
        article.id,
        extract.start,
        extract.end,
        extract.confidence,
        contained(extract.text, question.answers) == 1,
        at_evidence if question.evidence else None,
    )


def _with_bar(items: Sequence[T], what: str, progress: bool) -> Iterable[T]:
    return tqdm(items, desc=what, unit=" câu", dynamic_ncols=True, disable=None if progress else True)
