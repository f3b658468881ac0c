"""A run becomes one page that needs nothing else: what is right, what is not and why, and what has changed."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from importlib import resources
from typing import TYPE_CHECKING

from markupsafe import Markup

from eval.report.cards import answer_markup, missed_rank, passage_markup, worst
from eval.report.compare import compare
from eval.report.numbers import DASH, interval, percent, seconds, write
from eval.report.plots import kinds_plot, risk_plot
from eval.report.records import RunRecord, run_record
from eval.report.strings import Language, Strings, label, strings
from eval.report.summary import ALL, count_stages
from eval.report.tables import DETAILS, changed_questions, changes_table, kinds_table, measures_table
from eval.schema import STAGES, Row, Run

if TYPE_CHECKING:
    from jinja2 import Template

HEADLINES = ("right", "marked_wrong", "misses_refused", "false_refusals", "first_p50")


def report(run: Run, language: Language = "vi", before: Run | None = None) -> str:
    """The page as HTML; everything that comes from questions, articles or models is escaped.

    ``before`` is an earlier result to compare with.
    """
    words = strings(language)
    main, record = run.systems[0], run_record(run)
    origin = run.provenance
    return _template().render(
        words=words,
        label=partial(label, words),
        answer_markup=partial(answer_markup, words=words),
        passage_markup=passage_markup,
        missed_rank=missed_rank,
        seconds=partial(seconds, words=words),
        style=Markup(_text("report.css")),
        lead=words["report.lead"].format(
            questions=len(main.rows), file=origin.questions, created=_moment(origin.created)
        ),
        chips=[text for text in (main.llm, main.encoder, (origin.revision or "")[:10]) if text],
        headlines=_headlines(record, words),
        changes=_changes(run, before, words) if before else None,
        systems=measures_table(record, words) if len(run.systems) > 1 else None,
        kinds=kinds_table(record, words),
        plot_kinds=kinds_plot(record, words),
        stages=_stages(main.rows, words),
        details=[(words[name], measures_table(record, words, names)) for name, names in DETAILS.items()],
        plot_risk=risk_plot(run.systems, words),
        worst=worst(main.rows),
        rows=main.rows,
        origin=_origin(run),
    )


def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(_text("report.html.jinja"))


def _text(name: str) -> str:
    return resources.files("eval.report").joinpath(name).read_text(encoding="utf-8")


def _moment(created: str) -> str:
    return f"{datetime.fromisoformat(created):%H:%M %d/%m/%Y}"


def _headlines(record: RunRecord, words: Strings) -> list[tuple[str, str, str, str]]:
    """Name, value, interval and number of questions of the headlines."""
    found = {measure: record.systems[0].scores[ALL][measure] for measure in HEADLINES}
    return [
        (
            words[measure],
            write(estimate.value, measure, words),
            interval(estimate, measure, words),
            words["report.of"].format(count=estimate.defined, total=estimate.total),
        )
        for measure, estimate in found.items()
    ]


def _changes(
    run: Run, before: Run, words: Strings
) -> tuple[str, list[list[str]], list[tuple[str, list[str]]]]:
    """The title, the table of measures, and the questions that changed sides."""
    comparison = compare(before.systems[0], run.systems[0], run.provenance.seed)
    first, second = _moment(before.provenance.created), _moment(run.provenance.created)
    title = words["compare.title"].format(first=first, second=second, questions=comparison.questions)
    table = changes_table(comparison, (first, second), words)
    return title, table, changed_questions(comparison, words)


def _stages(rows: tuple[Row, ...], words: Strings) -> list[tuple[str, str, str, int, str]]:
    """Name, class, meaning, count and share of each stage that a wrong answer of the main system ended at."""
    return [
        (
            words[f"stage.{stage}"],
            stage,
            words[f"stage.{stage}.about"],
            count,
            percent(count / len(rows), words),
        )
        for stage, count in count_stages(rows).items()
        if stage != STAGES[0] and count
    ]


def _origin(run: Run) -> list[tuple[str, str]]:
    origin = run.provenance
    groups = {"setting": origin.settings, "store": origin.manifest, "machine": origin.machine}
    groups |= {system.name: system.settings for system in run.systems}
    facts: list[tuple[str, object]] = [
        (name.replace("_", " "), getattr(origin, name))
        for name in ("created", "revision", "questions", "questions_sha256", "seed")
    ]
    facts += [
        (f"{group} · {key}", value) for group, values in groups.items() for key, value in values.items()
    ]
    return [(name, DASH if value is None else str(value)) for name, value in facts]
