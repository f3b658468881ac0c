"""What was measured of the reader, as aligned text for the terminal."""

from __future__ import annotations

from eval.metrics.intervals import Difference, Estimate
from eval.numbers import DASH, decimal, interval, milliseconds, write
from eval.reading import PASSAGES, ReaderRun, ReadRow
from eval.reading_scores import (
    CHANGES,
    SIGNALS,
    accent_changes,
    answer_scores,
    extract_scores,
    group_extracts,
    search_changes,
    told_scores,
    worst,
)
from eval.schema import Retrieval
from eval.speed_figures import Figure
from eval.strings import Language, Strings, label
from eval.tables import align, retrieval_table

SHOWN = ("shown", "right", "at_evidence")


def reading_table(run: ReaderRun, words: Strings, language: Language) -> str:
    """Each measurement as a table of its own, in the order in which they build on each other."""
    title = words["reading.title"].format(
        reader=run.reader, questions=sum(row.accents for row in run.rows), left_out=run.left_out
    )
    parts = [f"{title}\n", _answers(run, words, language), _told(run, words, language)]
    if run.search:
        parts.append(retrieval_table(run.search, words, language))
        parts.append(_changes(run.search, run.provenance.seed, words, language))
        parts.append(_extracts(run, words, language))
    return "\n".join([*parts, _seconds(run, words, language)])


def worst_table(run: ReaderRun, count: int, words: Strings, language: Language) -> str:
    """The answers that went most wrong, each with what was expected, read, and where."""
    lines = [words["reading.worst"]]
    for row in worst(run.rows, count):
        expected = " | ".join(row.question.answers[0])
        signals = ", ".join(
            f"{words[name]} {_signed(value, language)}"
            for name, value in (("margin", row.own.margin), ("relevance", row.own.relevance))
        )
        lines += [
            f"{row.question.id}  {row.question.text}",
            f"  {words['row.expected']}: {expected}",
            f"  {words['row.said']}: {row.own.text}  (F1 {decimal(row.f1, 2, language)}, {signals}; {row.own.article})",
        ]
    return "\n".join(lines) + "\n"


def _answers(run: ReaderRun, words: Strings, language: Language) -> str:
    seed = run.provenance.seed
    body = []
    for accents in (True, False):
        found = answer_scores(_rows(run, accents), seed)
        body.append([_typed(accents, words), *(_score(found[name], language) for name in ("f1", "exact"))])
    gaps = accent_changes(run.rows, seed)
    body.append([words["reading.loss"], *(_gap(gaps[name], language) for name in ("f1", "exact"))])
    return align([[words["reading.answers"], words["f1"], words["exact"]], *body])


def _told(run: ReaderRun, words: Strings, language: Language) -> str:
    untold = {"other": "reading.other", "hard": f"reading.hard.{run.provenance.settings['hard']}"}
    body = []
    for accents in (True, False):
        for group, key in untold.items():
            found = told_scores(
                _rows(run, accents), "other" if group == "other" else "hard", run.provenance.seed
            )
            body.append(
                [
                    f"{_typed(accents, words)}, {words[key]}",
                    *(_score(found[name], language) for name in SIGNALS),
                ]
            )
    return align([[words["reading.told"], *(words[name] for name in SIGNALS)], *body])


def _changes(search: Retrieval, seed: int, words: Strings, language: Language) -> str:
    body = []
    for accents in (True, False):
        gaps = search_changes(search, accents, seed)
        name = words["reading.change"].format(accents=_typed(accents, words))
        body.append([name, *(_gap(gaps[measure], language) for measure in CHANGES)])
    return align([[words["compare.change"], *(words[measure] for measure in CHANGES)], *body])


def _extracts(run: ReaderRun, words: Strings, language: Language) -> str:
    body = []
    for kind, rows in group_extracts(run.extracts).items():
        found = extract_scores(rows, run.provenance.seed)
        cells = [
            f"{write(found[name].value, name, language)} ({interval(found[name], name, language)})"
            if found[name].defined
            else DASH
            for name in SHOWN
        ]
        body.append([label(words, "kind", kind), str(len(rows)), *cells])
    head = [words["reading.extracts"], words["questions"], *(words[name] for name in SHOWN)]
    return align([head, *body])


def _seconds(run: ReaderRun, words: Strings, language: Language) -> str:
    times = Figure("", "s", run.seconds)
    low, median, high = (milliseconds(times.at(part), language) for part in (0.05, 0.5, 0.95))
    text = words["reading.seconds"].format(
        passages=PASSAGES,
        characters=decimal(run.characters, 0, language),
        questions=len(run.seconds),
        median=median,
        low=low,
        high=high,
    )
    return f"{text}\n"


def _rows(run: ReaderRun, accents: bool) -> list[ReadRow]:
    return [row for row in run.rows if row.accents == accents]


def _typed(accents: bool, words: Strings) -> str:
    return words["accents" if accents else "no_accents"]


def _score(estimate: Estimate, language: Language) -> str:
    if not estimate.defined:
        return DASH
    return f"{write(estimate.value, 'f1', language)} ({interval(estimate, 'f1', language)})"


def _gap(gap: Difference | None, language: Language) -> str:
    if gap is None:
        return DASH
    low, high = _signed(gap.low, language), _signed(gap.high, language)
    return f"{_signed(gap.value, language)} ({low} … {high})"


def _signed(value: float, language: Language) -> str:
    return ("-" if value < 0 else "+") + decimal(abs(value), 3, language)
