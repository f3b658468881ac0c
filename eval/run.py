"""Every system answers every question; what comes out is one result that carries its origin."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Protocol, runtime_checkable

from eval.checkpoint import Checkpoint, Entry
from eval.command_options import bar
from eval.evidence import evidence_ranks
from eval.provenance import peak_memory, reset_peak_memory
from eval.schema import Facts, Provenance, Question, Run, System
from eval.score import failed, score
from index.errors import IndexingError
from index.schema import Hit
from rag.errors import AnsweringError
from rag.schema import Answer, Turn


class Answerer(Protocol):
    """A system under test."""

    @property
    def name(self) -> str:
        """What tables call it; no two systems of a run share one."""
        ...

    @property
    def settings(self) -> Facts:
        """Everything that changes its answers."""
        ...

    def answer(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """Answer one question of a conversation."""
        ...


@runtime_checkable
class Searcher(Protocol):
    """A system that can also tell what it would find, so that recall@k can be measured."""

    def search(self, question: str, k: int) -> tuple[Hit, ...]:
        """The best ``k`` passages for a question, best first."""
        ...


def evaluate(
    answerers: Sequence[Answerer],
    questions: Sequence[Question],
    provenance: Provenance,
    checkpoint_path: Path,
    *,
    resume: bool = False,
    progress: bool = False,
) -> Run:
    """Ask all, one system after the other; ``resume`` keeps the rows that the checkpoint already holds.

    An error of one question becomes its row and the run goes on.  The checkpoint is left for the caller to
    remove once the result is safe.
    """
    identity = {
        "questions": provenance.questions_sha256,
        "store": dict(provenance.manifest),
        "systems": {answerer.name: dict(answerer.settings) for answerer in answerers},
    }
    checkpoint = Checkpoint(checkpoint_path, identity, resume=resume)
    systems = [
        _evaluate_one(
            answerer,
            questions,
            checkpoint,
            f"{answerer.name} ({place}/{len(answerers)})",
            first=place == 1,
            progress=progress,
        )
        for place, answerer in enumerate(answerers, start=1)
    ]
    return Run(provenance, tuple(systems))


def ask(answerer: Answerer, question: Question) -> Entry:
    """Ask one question, after the questions that it follows (their answers are not known, so empty)."""
    history = tuple(Turn(earlier) for earlier in question.follows)
    searcher = answerer if isinstance(answerer, Searcher) else None
    ranks: tuple[int | None, ...] | None = None
    try:
        answer = answerer.answer(question.text, history)
        if searcher:
            ranks = evidence_ranks(question.evidence, partial(searcher.search, answer.standalone))
    except (AnsweringError, IndexingError) as error:
        reads = getattr(answerer, "reads", False)
        row = failed(question, str(error), searches=searcher is not None, reads=reads)
        return Entry(answerer.name, "", "", row)
    return Entry(answerer.name, answer.llm, answer.encoder, score(question, answer, ranks))


def _evaluate_one(
    answerer: Answerer,
    questions: Sequence[Question],
    checkpoint: Checkpoint,
    title: str,
    *,
    first: bool,
    progress: bool,
) -> System:
    done = checkpoint.rows(answerer.name)
    left = [question for question in questions if question.id not in done]
    if left:
        own_peak = reset_peak_memory() or first
        cold = _warm_up(answerer, questions[-1])
        for question in bar(left, title, progress=progress, done=len(done)):
            checkpoint.add(ask(answerer, question))
        checkpoint.close(answerer.name, cold, peak_memory() if own_peak else None)
    rows = checkpoint.rows(answerer.name)
    entries = [rows[question.id] for question in questions]
    seconds_cold, peak = checkpoint.ends.get(answerer.name, (None, None))
    return System(
        name=answerer.name,
        settings=answerer.settings,
        llm=next((entry.llm for entry in entries if entry.llm), ""),
        encoder=next((entry.encoder for entry in entries if entry.encoder), ""),
        rows=tuple(entry.row for entry in entries),
        seconds_cold=seconds_cold,
        peak_bytes=peak,
    )


def _warm_up(answerer: Answerer, question: Question) -> float:
    """Seconds of a first answer, so that loading the models counts in no row.

    The last question is taken: by its turn, the model remembers nothing of it.
    """
    start = perf_counter()
    answerer.answer(question.text, tuple(Turn(earlier) for earlier in question.follows))
    return perf_counter() - start
