"""A run becomes one page that needs nothing else: tables, plots, and the failures with their passages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from typing import TYPE_CHECKING

from markupsafe import Markup

from eval import figures
from eval.cards import cards, worst
from eval.metrics.intervals import Estimate
from eval.numbers import DASH, gigabytes, interval, percent, seconds, write
from eval.schema import STAGES, Run, System
from eval.strings import Language, Strings, label, strings
from eval.summary import ALL, MEASURES, Summary, by_kind, count_stages, group_by_kind

if TYPE_CHECKING:
    from jinja2 import Template

HEADLINES = ("right", "found", "cited", "refusal_recall", "first_p50")
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "systems": (
        "right",
        "found",
        "cited",
        "f1",
        "unsupported",
        "refusal_recall",
        "false_refusals",
        "total_p50",
    ),
    "kinds": ("found", "right", "cited", "refused", "total_p50"),
    "retrieval": ("recall@1", "recall@3", "recall@5", "recall@10", "mrr@10", "ndcg@10"),
    "answers": (
        "exact",
        "f1",
        "contained",
        "extract_right",
        "extract_f1",
        "extract_exact",
        "short_f1",
        "short_exact",
        "citation_recall",
        "citation_precision",
        "unsupported",
        "leaks",
        "words",
    ),
    "refusals": ("refusal_precision", "refusal_recall", "false_refusals", "aurc"),
    "speed": (
        "retrieve_p50",
        "first_p50",
        "first_p95",
        "total_p50",
        "total_p95",
        "prompt_tokens",
        "output_tokens",
    ),
}
"""The measures of each table, and the five at the top of the page."""

BETTER = {measure.id: measure.better for measure in MEASURES} | {"aurc": -1}


@dataclass(frozen=True, slots=True)
class Cell:
    """A score as it is shown; ``best`` marks the best of its column, ``remark`` tells for how many it is defined."""

    text: str
    interval: str
    remark: str
    best: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table: its name, the colour it has in plots, and its cells."""

    name: str
    style: str
    cells: tuple[Cell, ...]
    main: bool = False


def report(run: Run, language: Language = "vi") -> str:
    """The page as HTML; everything that comes from questions, articles or models is escaped."""
    words = strings(language)
    seed = run.provenance.seed
    summaries = {system.name: by_kind(system.rows, seed) for system in run.systems}
    overall = {name: kinds[ALL] for name, kinds in summaries.items()}
    main = run.systems[0]
    return _template().render(
        language=language,
        words=words,
        style=Markup(resources.files("eval").joinpath("report.css").read_text(encoding="utf-8")),
        lead=_lead(run, words),
        chips=_chips(run),
        headlines=[(words[m], _cell(overall[main.name][m], m, words, language)) for m in HEADLINES],
        columns={table: [words[measure] for measure in measures] for table, measures in COLUMNS.items()},
        tables={
            table: _systems_table(run.systems, overall, measures, words, language)
            for table, measures in COLUMNS.items()
            if table != "kinds"
        },
        kinds=_kinds_table(main, summaries[main.name], words, language),
        memory=[
            (
                gigabytes(s.peak_bytes, language),
                DASH if s.seconds_cold is None else seconds(s.seconds_cold, language),
            )
            for s in run.systems
        ],
        several=len(run.systems) > 1,
        plot_kinds=figures.kinds_plot(run.systems, summaries, words, language),
        plot_stages=figures.stages_plot(main, words),
        plot_recall=figures.recall_plot(run.systems, overall, words, language),
        plot_risk=figures.risk_plot(run.systems, words, language),
        plot_speed=figures.speed_plot(run.systems, words, language),
        stages=_stages(main, words, language),
        worst=worst(main.rows, words, language),
        rows=cards(main.rows, words, language),
        origin=_origin(run),
    )


def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    source = resources.files("eval").joinpath("report.html.jinja").read_text(encoding="utf-8")
    return environment.from_string(source)


def _lead(run: Run, words: Strings) -> str:
    created = datetime.fromisoformat(run.provenance.created)
    return words["report.lead"].format(
        questions=len(run.systems[0].rows), file=run.provenance.questions, created=f"{created:%H:%M %d/%m/%Y}"
    )


def _chips(run: Run) -> list[str]:
    main = run.systems[0]
    revision = run.provenance.revision
    return [text for text in (main.llm, main.encoder, revision and revision[:10]) if text]


def _cell(estimate: Estimate, measure: str, words: Strings, language: Language, best: bool = False) -> Cell:
    return Cell(
        text=write(estimate.value, measure, language),
        interval=interval(estimate, measure, language),
        remark=words["report.of"].format(count=estimate.defined, total=estimate.total),
        best=best,
    )


def _systems_table(
    systems: Sequence[System],
    overall: Mapping[str, Summary],
    measures: Sequence[str],
    words: Strings,
    language: Language,
) -> list[Line]:
    best = {
        measure: _best([overall[s.name][measure].value for s in systems], measure) for measure in measures
    }
    return [
        Line(
            name=label(words, "system", system.name),
            style=f"s{place}",
            cells=tuple(
                _cell(
                    scores[m],
                    m,
                    words,
                    language,
                    best=scores[m].value is not None and scores[m].value == best[m],
                )
                for m in measures
            ),
            main=place == 0,
        )
        for place, system in enumerate(systems)
        for scores in [overall[system.name]]
    ]


def _best(values: Sequence[float | None], measure: str) -> float | None:
    """The best of several systems; ``None`` where all are equal and for a measure without a better side."""
    known = [value for value in values if value is not None]
    side = BETTER.get(measure, -1)
    if side == 0 or len(set(known)) < 2:
        return None
    return max(known) if side > 0 else min(known)


def _kinds_table(
    main: System, kinds: Mapping[str, Summary], words: Strings, language: Language
) -> list[tuple[int, Line]]:
    sizes = {kind: len(rows) for kind, rows in group_by_kind(main.rows).items()} | {ALL: len(main.rows)}
    return [
        (
            sizes[kind],
            Line(
                name=label(words, "kind", kind),
                style="",
                cells=tuple(_cell(scores[measure], measure, words, language) for measure in COLUMNS["kinds"]),
                main=kind == ALL,
            ),
        )
        for kind, scores in kinds.items()
    ]


def _stages(main: System, words: Strings, language: Language) -> list[tuple[str, str, str, int, str]]:
    """Name, class, meaning, count and share of each stage that a wrong answer of the main system ended at."""
    counts = count_stages(main.rows)
    return [
        (
            words[f"stage.{s}"],
            s,
            words[f"stage.{s}.about"],
            counts[s],
            percent(counts[s] / len(main.rows), language),
        )
        for s in STAGES
        if s != "right" and counts[s]
    ]


def _origin(run: Run) -> list[tuple[str, str]]:
    origin = run.provenance
    facts: list[tuple[str, object]] = [
        ("created", origin.created),
        ("revision", origin.revision),
        ("questions", origin.questions),
        ("questions sha256", origin.questions_sha256),
        ("seed", origin.seed),
    ]
    for group, values in (
        ("setting", origin.settings),
        ("store", origin.manifest),
        ("machine", origin.machine),
    ):
        facts += [(f"{group} · {key}", value) for key, value in values.items()]
    for system in run.systems:
        facts += [(f"{system.name} · {key}", value) for key, value in system.settings.items()]
    return [(name, DASH if value is None else str(value)) for name, value in facts]
