"""Results as tables, which the terminal, the documents and the page show alike."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias, TypeVar

from eval.benchmarks.retrieval import MEASURES as SEARCH_MEASURES
from eval.report.compare import YES_OR_NO, Change, Comparison
from eval.report.numbers import DASH, gigabytes, milliseconds, percent, seconds, with_interval, write
from eval.report.records import RetrievalRecord, RunRecord, SystemRecord
from eval.report.strings import Strings, label
from eval.report.summary import ALL, MANNERS, RECALL_DEPTHS, Summary
from eval.schema import STAGES, Row

T = TypeVar("T")

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


def kinds_table(run: RunRecord, words: Strings) -> Table:
    """The assistant by kind, and over all with the intervals."""
    main = run.systems[0]
    table = [[words["kind"], words["questions"], *(words[measure] for measure in KINDS)]]
    for kind, size in main.sizes.items():
        scores = main.scores[kind]
        values = [
            write(scores[column].value, column, words) if column in scores else DASH for column in KINDS
        ]
        table.append([label(words, "kind", kind), str(size), *values])
    overall = [_whole(main.scores[ALL], measure, words) for measure in KINDS]
    return [*table, [f"{words['kind.all']} (95%)", str(len(main.rows)), *overall]]


def measures_table(run: RunRecord, words: Strings, measures: Sequence[str] = SYSTEMS) -> Table:
    """Measures over all questions, with intervals, a column for each system."""
    table = [[words["measure"], *(label(words, "system", system.name) for system in run.systems)]]
    return table + [
        [words[measure], *(_of_system(system, measure, words) for system in run.systems)]
        for measure in measures
    ]


def failures_table(run: RunRecord, words: Strings) -> Table:
    """How many answers of each kind ended at each stage."""
    counts = run.systems[0].stages
    stages = [stage for stage in STAGES if any(stage in counted for counted in counts.values())]
    table = [[words["kind"], *(words[f"stage.{stage}"] for stage in stages)]]
    return table + [
        [label(words, "kind", kind), *(str(counted.get(stage, 0)) for stage in stages)]
        for kind, counted in counts.items()
    ]


def retrieval_table(result: RetrievalRecord, words: Strings) -> Table:
    """Each way of searching, with accents and without, with intervals; the seconds are medians."""
    table = [[words["search"], *(words[measure] for measure in SEARCH_MEASURES), words["retrieve_p50"]]]
    for searched in result.ways:
        way = f"{label(words, 'system', searched.way)}, {words['accents' if searched.accents else 'no_accents']}"
        values = [with_interval(searched.scores[measure], "f1", words) for measure in SEARCH_MEASURES]
        table.append([way, *values, milliseconds(searched.scores["retrieve_p50"].value, words)])
    return table


def changes_table(comparison: Comparison, names: tuple[str, str], words: Strings) -> Table:
    """Every measure in two runs, the difference, and how many questions rose and fell."""
    head = [words["measure"], *names, words["compare.change"], words["compare.interval"], "+", "-", "p"]
    return [head, *(_change(change, words) for change in comparison.changes)]


def changed_questions(comparison: Comparison, words: Strings) -> list[tuple[str, list[str]]]:
    """The questions that changed sides, by the direction of the change."""
    groups = {
        "compare.lost": comparison.now_wrong,
        "compare.gained": comparison.now_right,
        "compare.other": comparison.other_stage,
    }
    return [
        (f"{words[key]} ({len(pairs)})", [_changed(before, after, words) for before, after in pairs])
        for key, pairs in groups.items()
        if pairs
    ]


def table_by_kind(
    rows: Iterable[tuple[str, T]],
    columns: Mapping[str, Callable[[list[T]], object]],
    kinds: Iterable[str] = (),
) -> str:
    """Lines of what each column says of the rows of a kind and of all; the ``kinds`` named stand first."""
    groups: dict[str, list[T]] = {kind: [] for kind in kinds}
    for kind, row in rows:
        groups.setdefault(kind, []).append(row)
    groups["all"] = [row for members in groups.values() for row in members]
    body = [
        [kind, *(str(column(members)) for column in columns.values())]
        for kind, members in groups.items()
        if members or kind == "all"
    ]
    return align([["kind", *columns], *body])


def align(table: Sequence[Sequence[str]]) -> str:
    """Lines of columns under their heads, the first column left, the others right, a rule under the head."""
    widths = [max(map(_width, column)) for column in zip(*table, strict=True)]
    lines = []
    for first, *others in table:
        cells = [first + " " * (widths[0] - _width(first))]
        cells += [" " * (width - _width(cell)) + cell for cell, width in zip(others, widths[1:], strict=True)]
        lines.append("  ".join(cells).rstrip())
    rule = "  ".join("─" * width for width in widths)
    return "\n".join([lines[0], rule, *lines[1:]]) + "\n"


def markdown(table: Sequence[Sequence[str]]) -> str:
    """The same for a document."""
    head, *body = [f"| {' | '.join(row)} |\n" for row in table]
    return head + "|" + "---|" * len(table[0]) + "\n" + "".join(body)


def _of_system(system: SystemRecord, measure: str, words: Strings) -> str:
    if measure == "peak_memory":
        return gigabytes(system.peak_bytes, words)
    if measure == "cold":
        return DASH if system.seconds_cold is None else seconds(system.seconds_cold, words)
    return _whole(system.scores[ALL], measure, words)


def _whole(scores: Summary, measure: str, words: Strings) -> str:
    """A measure with its interval; a dash where it is undefined or the result is older than the measure."""
    return with_interval(scores[measure], measure, words) if measure in scores else DASH


def _change(change: Change, words: Strings) -> list[str]:
    def amount(value: float) -> str:
        if change.measure == "seconds":
            return seconds(value, words)
        return percent(value, words, digits=1) if change.measure in YES_OR_NO else write(value, "f1", words)

    def signed(value: float) -> str:
        return ("-" if value < 0 else "+") + amount(abs(value))

    gap = change.difference
    return [
        words[change.measure],
        amount(change.first),
        amount(change.second),
        signed(gap.value),
        f"{signed(gap.low)} … {signed(gap.high)}",
        str(change.gained),
        str(change.lost),
        ("<" if change.p < 0.001 else "") + write(max(change.p, 0.001), "f1", words),
    ]


def _changed(before: Row, after: Row, words: Strings) -> str:
    stages = f"{words[f'stage.{before.scores.stage}']} → {words[f'stage.{after.scores.stage}']}"
    return f"{before.question.id}  {before.question.text}  [{stages}]"


def _width(text: str) -> int:
    """Columns that a text takes in a terminal."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )
