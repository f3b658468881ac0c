"""Results as tables, which the terminal, the documents and the page show alike."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import TypeAlias

from eval.benchmarks.retrieval import MEASURES as SEARCH_MEASURES
from eval.metrics.intervals import Estimate
from eval.report.compare import YES_OR_NO, Change, Comparison
from eval.report.kept import KeptRetrieval, KeptRun, KeptSystem
from eval.report.numbers import DASH, gigabytes, interval, milliseconds, percent, seconds, write
from eval.report.strings import Language, Strings, label
from eval.report.summary import ALL, MANNERS, RECALL_DEPTHS, Summary
from eval.schema import STAGES, Row

Table: TypeAlias = list[list[str]]
"""The head and the rows under it; the first column names them."""

KINDS = ("found", "right", "marked_wrong", "cited", "refused", "total_p50")
SYSTEMS = (
    "right", "marked_wrong", "stated_wrong", "misses_refused", "false_refusals", "cited", "citations_right",
    "short_f1", "quoted", "total_p50", "peak_memory",
)  # fmt: skip
DETAILS = {
    "report.answers": (
        *MANNERS, "sure_right", "perhaps_right", "quoted", "short_exact", "short_f1", "cited", "citations_right",
        "leaks", "failed", "words",
    ),
    "report.refusals": (
        "misses_refused", "refusal_recall", "refusal_precision", "false_refusals", "told_auroc", "aurc",
    ),
    "report.retrieval": (*(f"recall@{k}" for k in RECALL_DEPTHS), "mrr@10", "ndcg@10"),
    "report.speed": (
        "retrieve_p50", "first_p50", "first_p95", "total_p50", "total_p95", "prompt_tokens", "output_tokens",
        "peak_memory", "cold",
    ),
}  # fmt: skip
"""The measures of each section of the page."""


def kinds_table(run: KeptRun, words: Strings, language: Language) -> Table:
    """The assistant by kind, and over all with the intervals."""
    main = run.systems[0]
    table = [[words["kind"], words["questions"], *(words[measure] for measure in KINDS)]]
    for kind, size in main.sizes.items():
        values = [_value(main.scores[kind], measure, language) for measure in KINDS]
        table.append([label(words, "kind", kind), str(size), *values])
    overall = [_whole(main.scores[ALL], measure, language) for measure in KINDS]
    return [*table, [f"{words['kind.all']} (95%)", str(len(main.rows)), *overall]]


def measures_table(
    run: KeptRun, words: Strings, language: Language, measures: Sequence[str] = SYSTEMS
) -> Table:
    """Measures over all questions, with intervals, a column for each system."""
    table = [[words["measure"], *(label(words, "system", system.name) for system in run.systems)]]
    return table + [
        [words[measure], *(_of_system(system, measure, language) for system in run.systems)]
        for measure in measures
    ]


def failures_table(run: KeptRun, words: Strings) -> Table:
    """How many answers of each kind ended at each stage."""
    counts = run.systems[0].stages
    stages = [stage for stage in STAGES if any(stage in one for one in counts.values())]
    return [
        [words["kind"], *(words[f"stage.{stage}"] for stage in stages)],
        *(
            [label(words, "kind", kind), *(str(one.get(stage, 0)) for stage in stages)]
            for kind, one in counts.items()
        ),
    ]


def retrieval_table(result: KeptRetrieval, words: Strings, language: Language) -> Table:
    """Each way of searching, with accents and without, with intervals; the seconds are medians."""
    head = [words["search"], *(words[measure] for measure in SEARCH_MEASURES), words["retrieve_p50"]]
    return [
        head,
        *(
            [
                f"{label(words, 'system', one.way)}, {words['accents' if one.accents else 'no_accents']}",
                *(_with_bounds(one.scores[measure], "f1", language) for measure in SEARCH_MEASURES),
                milliseconds(one.scores["retrieve_p50"].value, language),
            ]
            for one in result.ways
        ),
    ]


def changes_table(
    comparison: Comparison, names: tuple[str, str], words: Strings, language: Language
) -> Table:
    """Every measure in two runs, the difference, and how many questions rose and fell."""
    head = [words["measure"], *names, words["compare.change"], words["compare.interval"], "+", "-", "p"]
    return [head, *(_change(change, words, language) for change in comparison.changes)]


def changed_questions(comparison: Comparison, words: Strings) -> list[tuple[str, list[str]]]:
    """The questions that changed sides, under what became of them."""
    groups = (
        ("compare.lost", comparison.now_wrong),
        ("compare.gained", comparison.now_right),
        ("compare.other", comparison.other_stage),
    )
    return [
        (f"{words[key]} ({len(pairs)})", [_changed(before, after, words) for before, after in pairs])
        for key, pairs in groups
        if pairs
    ]


def align(table: Sequence[Sequence[str]]) -> str:
    """Lines of columns under their heads, the first column left, the others right, a rule under the head."""
    widths = [max(_width(row[column]) for row in table) for column in range(len(table[0]))]
    lines = []
    for row in table:
        cells = [row[0] + " " * (widths[0] - _width(row[0]))]
        cells += [
            " " * (width - _width(cell)) + cell for cell, width in zip(row[1:], widths[1:], strict=True)
        ]
        lines.append("  ".join(cells).rstrip())
    rule = "  ".join("─" * width for width in widths)
    return "\n".join([lines[0], rule, *lines[1:]]) + "\n"


def markdown(table: Sequence[Sequence[str]]) -> str:
    """The same for a document."""
    head, *body = [f"| {' | '.join(row)} |\n" for row in table]
    return head + "|" + "---|" * len(table[0]) + "\n" + "".join(body)


def _of_system(system: KeptSystem, measure: str, language: Language) -> str:
    if measure == "peak_memory":
        return gigabytes(system.peak_bytes, language)
    if measure == "cold":
        return DASH if system.seconds_cold is None else seconds(system.seconds_cold, language)
    return _whole(system.scores[ALL], measure, language)


def _value(scores: Summary, measure: str, language: Language) -> str:
    return write(scores[measure].value, measure, language) if measure in scores else DASH


def _whole(scores: Summary, measure: str, language: Language) -> str:
    """A measure with its interval; a dash where it is undefined or the result is older than the measure."""
    return _with_bounds(scores[measure], measure, language) if measure in scores else DASH


def _with_bounds(estimate: Estimate, measure: str, language: Language) -> str:
    bounds = interval(estimate, measure, language)
    return write(estimate.value, measure, language) + (f" ({bounds})" if bounds else "")


def _change(change: Change, words: Strings, language: Language) -> list[str]:
    gap = change.difference
    return [
        words[change.measure],
        _amount(change.first, change.measure, language),
        _amount(change.second, change.measure, language),
        _signed(gap.value, change.measure, language),
        f"{_signed(gap.low, change.measure, language)} … {_signed(gap.high, change.measure, language)}",
        str(change.gained),
        str(change.lost),
        ("<" if change.p < 0.001 else "") + write(max(change.p, 0.001), "f1", language),
    ]


def _amount(value: float, measure: str, language: Language) -> str:
    if measure == "seconds":
        return seconds(value, language)
    return percent(value, language, digits=1) if measure in YES_OR_NO else write(value, "f1", language)


def _signed(value: float, measure: str, language: Language) -> str:
    return ("-" if value < 0 else "+") + _amount(abs(value), measure, language)


def _changed(before: Row, after: Row, words: Strings) -> str:
    stages = f"{words[f'stage.{before.scores.stage}']} → {words[f'stage.{after.scores.stage}']}"
    return f"{before.question.id}  {before.question.text}  [{stages}]"


def _width(text: str) -> int:
    """Columns that a text takes in a terminal."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )
