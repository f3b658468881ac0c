"""Tables of the documents, written from the kept results between marks, so that no figure is typed by hand.

A mark is ``<!-- table WHAT RESULT -->``, its end ``<!-- end of table -->``; WHAT is ``kinds``, ``systems``,
``failures`` or ``retrieval``, RESULT the name of a file in ``eval/results``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from eval.errors import RunError
from eval.journal import read_result
from eval.kept import KeptRetrieval, KeptRun
from eval.metrics.intervals import Estimate
from eval.numbers import gigabytes, interval, milliseconds, write
from eval.retrieval import MEASURES as SEARCH_MEASURES
from eval.schema import STAGES, Provenance
from eval.strings import label, strings
from eval.summary import ALL

DOCUMENTS = ("README.md", "eval/README.md", "docs/notes.md")
"""Where tables may stand, from the root of the checkout."""

KEPT = "eval/results"
DRAWING, DRAWN = "docs/eval.svg", "own"
"""The plot of the documents, and the result that it draws."""

KIND_COLUMNS = ("found", "right", "cited", "refused", "total_p50")
SYSTEM_COLUMNS = (
    "right",
    "short_f1",
    "cited",
    "citations_right",
    "unsupported",
    "refusal_recall",
    "false_refusals",
    "total_p50",
)

_TABLE = re.compile(r"(<!-- table (\w+) ([\w-]+) -->\n).*?(<!-- end of table -->)", re.DOTALL)


def filled(text: str, root: Path) -> str:
    """A document with each of its tables made anew; raises RunError where a result or kind of table is unknown."""

    def fill(match: re.Match[str]) -> str:
        opening, what, name, end = match.groups()
        if what not in _TABLES:
            raise RunError(f"There is no table {what!r}; there are {', '.join(_TABLES)}.")
        return f"{opening}{_TABLES[what](root / KEPT / f'{name}.json')}{end}"

    return _TABLE.sub(fill, text)


def fill_documents(root: Path) -> list[Path]:
    """Make the tables of all documents anew; the documents that changed."""
    changed = []
    for path in (root / name for name in DOCUMENTS):
        text = path.read_text(encoding="utf-8")
        if (new := filled(text, root)) != text:
            path.write_text(new, encoding="utf-8")
            changed.append(path)
    return changed


def kinds_table(path: Path) -> str:
    """The assistant by kind, and over all with the intervals."""
    run = read_result(path, KeptRun)
    main, words = run.systems[0], strings("en")
    body = [
        [label(words, "kind", kind), str(main.sizes[kind]), *(_value(found[m], m) for m in KIND_COLUMNS)]
        for kind, found in main.scores.items()
        if kind != ALL
    ]
    overall = main.scores[ALL]
    body.append(
        [f"{words['kind.all']} (95%)", str(len(main.rows)), *(_whole(overall[m], m) for m in KIND_COLUMNS)]
    )
    head = [words["kind"], words["questions"], *(words[m] for m in KIND_COLUMNS)]
    return _markdown([head, *body]) + _origin(run.provenance, f"{main.llm}, {main.encoder}")


def systems_table(path: Path) -> str:
    """Every system over all questions, with intervals."""
    run = read_result(path, KeptRun)
    words = strings("en")
    body = [
        [
            label(words, "system", system.name),
            *(_whole(system.scores[ALL][m], m) for m in SYSTEM_COLUMNS),
            gigabytes(system.peak_bytes, "en"),
        ]
        for system in run.systems
    ]
    head = [words["system"], *(words[m] for m in SYSTEM_COLUMNS), words["peak_memory"]]
    return _markdown([head, *body]) + _origin(run.provenance, f"{len(run.systems[0].rows)} questions")


def failures_table(path: Path) -> str:
    """How many answers of each kind ended at each stage."""
    main, words = read_result(path, KeptRun).systems[0], strings("en")
    stages = [stage for stage in STAGES if any(stage in counts for counts in main.stages.values())]
    body = [
        [label(words, "kind", kind), *(str(counts.get(stage, 0)) for stage in stages)]
        for kind, counts in main.stages.items()
    ]
    return _markdown([[words["kind"], *(words[f"stage.{stage}"] for stage in stages)], *body])


def retrieval_table(path: Path) -> str:
    """Each way of searching, with accents and without, with intervals; the seconds are medians."""
    result = read_result(path, KeptRetrieval)
    words = strings("en")
    body = [
        [
            f"{label(words, 'system', one.way)}, {words['accents' if one.accents else 'no_accents']}",
            *(_whole(one.scores[m], "f1") for m in SEARCH_MEASURES),
            milliseconds(one.scores["retrieve_p50"].value, "en"),
        ]
        for one in result.ways
    ]
    head = [words["search"], *(words[m] for m in SEARCH_MEASURES), words["retrieve_p50"]]
    remark = f"{result.questions} questions, {result.provenance.manifest['chunks']} passages"
    return _markdown([head, *body]) + _origin(result.provenance, remark)


_TABLES: Mapping[str, Callable[[Path], str]] = {
    "kinds": kinds_table,
    "systems": systems_table,
    "failures": failures_table,
    "retrieval": retrieval_table,
}


def _value(estimate: Estimate, measure: str) -> str:
    return write(estimate.value, measure, "en")


def _whole(estimate: Estimate, measure: str) -> str:
    bounds = interval(estimate, measure, "en")
    return f"{_value(estimate, measure)} ({bounds})" if bounds else _value(estimate, measure)


def _origin(provenance: Provenance, remark: str) -> str:
    """One line that says where a table comes from."""
    asked = ", ".join(
        f"{name} {value}" for name, value in provenance.settings.items() if value not in (None, "all", False)
    )
    commit = provenance.revision or "unknown"
    revision = commit[:8] + ("+" if commit.endswith("+") else "")
    parts = [provenance.questions, asked, remark, f"revision {revision}", provenance.created[:10]]
    return "\n" + " · ".join(part for part in parts if part) + "\n"


def _markdown(rows: Sequence[Sequence[str]]) -> str:
    head, *body = [f"| {' | '.join(row)} |\n" for row in rows]
    return head + "|" + "---|" * len(rows[0]) + "\n" + "".join(body)
