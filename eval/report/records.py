"""Results kept in the repository: small enough for it, and the source of every table and plot of the documents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from eval.benchmarks.retrieval import scores
from eval.metrics.intervals import Estimate
from eval.report.summary import by_kind, count_stages, group_by_kind
from eval.schema import Facts, Provenance, Retrieval, Row, Run, Stage, System

DIGITS = 6


@dataclass(frozen=True, slots=True)
class RowRecord:
    """What became of one question; ``said`` is kept for the assistant only.

    ``cited`` and ``marked_wrong`` are those of ``Scores``, undefined in results that are older than they.
    """

    id: str
    kind: str
    stage: Stage
    seconds: float | None
    said: str
    cited: bool | None = None
    marked_wrong: bool | None = None


@dataclass(frozen=True, slots=True)
class SystemRecord:
    """One system: its scores by kind and measure, ``all`` the last kind, and its rows without their passages."""

    name: str
    settings: Facts
    llm: str
    encoder: str
    seconds_cold: float | None
    peak_bytes: int | None
    sizes: Mapping[str, int]
    scores: Mapping[str, Mapping[str, Estimate]]
    stages: Mapping[str, Mapping[Stage, int]]
    rows: tuple[RowRecord, ...]


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A run without passages; the assistant is the first system."""

    provenance: Provenance
    systems: tuple[SystemRecord, ...]


@dataclass(frozen=True, slots=True)
class SearchRecord:
    """The scores of one way of searching."""

    way: str
    accents: bool
    scores: Mapping[str, Estimate]


@dataclass(frozen=True, slots=True)
class RetrievalRecord:
    """A measurement of the search without the ranks of each question."""

    provenance: Provenance
    encoder: str
    questions: int
    ways: tuple[SearchRecord, ...]


def run_record(run: Run) -> RunRecord:
    """Sum a run up."""
    origin = run.provenance
    systems = (_system(system, origin.seed, with_text=place == 0) for place, system in enumerate(run.systems))
    return RunRecord(origin, tuple(systems))


def retrieval_record(result: Retrieval) -> RetrievalRecord:
    """Sum a measurement of the search up."""
    origin = result.provenance
    ways = (SearchRecord(way.way, way.accents, _rounded(scores(way, origin.seed))) for way in result.searched)
    return RetrievalRecord(origin, result.encoder, len(result.ids), tuple(ways))


def _system(system: System, seed: int, with_text: bool) -> SystemRecord:
    groups = group_by_kind(system.rows)
    return SystemRecord(
        name=system.name,
        settings=system.settings,
        llm=system.llm,
        encoder=system.encoder,
        seconds_cold=_round(system.seconds_cold),
        peak_bytes=system.peak_bytes,
        sizes={kind: len(rows) for kind, rows in groups.items()},
        scores={kind: _rounded(found) for kind, found in by_kind(system.rows, seed).items()},
        stages={kind: count_stages(rows) for kind, rows in groups.items()},
        rows=tuple(row_record(row, said=with_text) for row in system.rows),
    )


def row_record(row: Row, *, said: bool = False) -> RowRecord:
    """What is kept of one answer, with its words or without."""
    return RowRecord(
        id=row.question.id,
        kind=row.question.kind,
        stage=row.scores.stage,
        seconds=_round(row.reply.seconds_total),
        said=(row.reply.error or row.reply.text) if said else "",
        cited=row.scores.cited,
        marked_wrong=row.scores.marked_wrong,
    )


def _rounded(found: Mapping[str, Estimate]) -> dict[str, Estimate]:
    return {
        name: replace(
            estimate, value=_round(estimate.value), low=_round(estimate.low), high=_round(estimate.high)
        )
        for name, estimate in found.items()
    }


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, DIGITS)
