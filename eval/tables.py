"""Results as aligned text for the terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from eval.compare import YES_OR_NO, Change, Comparison
from eval.metrics.intervals import Estimate
from eval.numbers import interval, milliseconds, percent, seconds, write
from eval.retrieval import MEASURES as SEARCH_MEASURES
from eval.retrieval import scores as search_scores
from eval.schema import Retrieval, Row, Run, System
from eval.strings import Language, Strings, label
from eval.summary import ALL, Summary, by_kind, count_stages, group_by_kind, summarise

COLUMNS = ("found", "right", "cited", "refused", "total_p50")


def run_table(run: Run, words: Strings, language: Language) -> str:
    """The assistant by kind, then every system over all questions, then where the assistant went wrong."""
    main = run.systems[0]
    parts = [_kinds(main, run.provenance.seed, words, language)]
    if len(run.systems) > 1:
        head = [words["system"], *(words[measure] for measure in COLUMNS)]
        body = [
            [
                label(words, "system", system.name),
                *_values(summarise(system.rows, run.provenance.seed), language),
            ]
            for system in run.systems
        ]
        parts.append(align([head, *body]))
    wrong = [
        [words[f"stage.{stage}"], str(count)]
        for stage, count in count_stages(main.rows).items()
        if count and stage != "right"
    ]
    if wrong:
        parts.append(align([[words["report.failures"], words["questions"]], *wrong]))
    return "\n".join(parts)


def retrieval_table(result: Retrieval, words: Strings, language: Language) -> str:
    """Each way of searching with accents and without, each measure with its interval."""
    head = [words["search"], *(words[name] for name in SEARCH_MEASURES), words["retrieve_p50"]]
    body = []
    for one in result.searched:
        found = search_scores(one, result.provenance.seed)
        name = f"{label(words, 'system', one.way)}, {words['accents' if one.accents else 'no_accents']}"
        cells = [
            f"{write(found[m].value, 'f1', language)} ({interval(found[m], 'f1', language)})"
            for m in SEARCH_MEASURES
        ]
        body.append([name, *cells, milliseconds(found["retrieve_p50"].value, language)])
    title = words["retrieval.title"].format(
        questions=len(result.ids), passages=result.provenance.manifest["chunks"]
    )
    return f"{title}\n\n{align([head, *body])}"


def comparison_table(
    comparison: Comparison, names: tuple[str, str], words: Strings, language: Language
) -> str:
    """What changed: the measures, then every question that changed sides."""
    first, second = names
    title = words["compare.title"].format(first=first, second=second, questions=comparison.questions)
    if comparison.left_out:
        title += "\n" + words["compare.only"].format(count=comparison.left_out)
    head = [
        words["compare.measure"],
        first,
        second,
        words["compare.change"],
        words["compare.interval"],
        "+",
        "-",
        "p",
    ]
    parts = [title, "", align([head, *(_change(change, words, language) for change in comparison.changes)])]
    for key, pairs in (
        ("compare.lost", comparison.now_wrong),
        ("compare.gained", comparison.now_right),
        ("compare.other", comparison.other_stage),
    ):
        if pairs:
            parts.append(f"{words[key]} ({len(pairs)})")
            parts += [f"  {_changed(before, after, words)}" for before, after in pairs]
            parts.append("")
    return "\n".join(parts)


def align(rows: Sequence[Sequence[str]]) -> str:
    """Lines of columns under their heads, the first column left, the others right, a rule under the head."""
    widths = [max(_width(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [row[0] + " " * (widths[0] - _width(row[0]))]
        cells += [
            " " * (width - _width(cell)) + cell for cell, width in zip(row[1:], widths[1:], strict=True)
        ]
        lines.append("  ".join(cells).rstrip())
    rule = "  ".join("─" * width for width in widths)
    return "\n".join([lines[0], rule, *lines[1:]]) + "\n"


def _kinds(main: System, seed: int, words: Strings, language: Language) -> str:
    sizes = {kind: len(rows) for kind, rows in group_by_kind(main.rows).items()} | {ALL: len(main.rows)}
    scores = by_kind(main.rows, seed)
    head = [words["kind"], words["questions"], *(words[measure] for measure in COLUMNS)]
    body = [
        [label(words, "kind", kind), str(sizes[kind]), *_values(scores[kind], language)] for kind in scores
    ]
    bounds = ["95%", "", *(_bounds(scores[ALL][measure], measure, language) for measure in COLUMNS)]
    return align([head, *body, bounds])


def _values(scores: Summary, language: Language) -> list[str]:
    return [write(scores[measure].value, measure, language) for measure in COLUMNS]


def _bounds(estimate: Estimate, measure: str, language: Language) -> str:
    return interval(estimate, measure, language)


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
