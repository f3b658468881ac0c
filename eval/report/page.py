"""A run becomes one page that needs nothing else: what is right, what is not and why, and what has changed."""

from __future__ import annotations

from datetime import datetime
from importlib import resources
from typing import TYPE_CHECKING

from markupsafe import Markup

from eval.report.cards import cards, worst
from eval.report.compare import Comparison, compare
from eval.report.kept import KeptRun, keep_run
from eval.report.numbers import DASH, interval, percent, write
from eval.report.plots import kinds_plot, risk_plot
from eval.report.strings import Language, Strings, strings
from eval.report.summary import ALL, count_stages
from eval.report.tables import DETAILS, changed_questions, changes_table, kinds_table, measures_table
from eval.schema import STAGES, Run, System

if TYPE_CHECKING:
    from jinja2 import Template

HEADLINES = ("right", "marked_wrong", "misses_refused", "false_refusals", "first_p50")


def report(run: Run, language: Language = "vi", before: Run | None = None) -> str:
    """The page as HTML; everything that comes from questions, articles or models is escaped.

    ``before`` is an earlier result to compare with.
    """
    words = strings(language)
    main, kept = run.systems[0], keep_run(run)
    return _template().render(
        language=language,
        words=words,
        style=Markup(resources.files("eval.report").joinpath("report.css").read_text(encoding="utf-8")),
        lead=_lead(run, words),
        chips=[text for text in (main.llm, main.encoder, (run.provenance.revision or "")[:10]) if text],
        headlines=_headlines(kept, words, language),
        changes=_changes(run, before, words, language) if before else None,
        systems=measures_table(kept, words, language) if len(run.systems) > 1 else None,
        kinds=kinds_table(kept, words, language),
        plot_kinds=kinds_plot(kept, words),
        stages=_stages(main, words, language),
        details=[
            (words[name], measures_table(kept, words, language, names)) for name, names in DETAILS.items()
        ],
        plot_risk=risk_plot(run.systems, words),
        worst=worst(main.rows, words, language),
        rows=cards(main.rows, words, language),
        origin=_origin(run),
    )


def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    source = resources.files("eval.report").joinpath("report.html.jinja").read_text(encoding="utf-8")
    return environment.from_string(source)


def _lead(run: Run, words: Strings) -> str:
    created = datetime.fromisoformat(run.provenance.created)
    return words["report.lead"].format(
        questions=len(run.systems[0].rows), file=run.provenance.questions, created=f"{created:%H:%M %d/%m/%Y}"
    )


def _headlines(kept: KeptRun, words: Strings, language: Language) -> list[tuple[str, str, str, str]]:
    """Name, value, interval and number of questions of what is told first."""
    scores = kept.systems[0].scores[ALL]
    return [
        (
            words[measure],
            write(scores[measure].value, measure, language),
            interval(scores[measure], measure, language),
            words["report.of"].format(count=scores[measure].defined, total=scores[measure].total),
        )
        for measure in HEADLINES
    ]


def _changes(
    run: Run, before: Run, words: Strings, language: Language
) -> tuple[str, list[list[str]], list[tuple[str, list[str]]]]:
    """The title, the table of measures, and the questions that changed sides."""
    comparison: Comparison = compare(before.systems[0], run.systems[0], run.provenance.seed)
    days = [f"{datetime.fromisoformat(one.provenance.created):%H:%M %d/%m/%Y}" for one in (before, run)]
    title = words["compare.title"].format(first=days[0], second=days[1], questions=comparison.questions)
    table = changes_table(comparison, (days[0], days[1]), words, language)
    return title, table, changed_questions(comparison, words)


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
