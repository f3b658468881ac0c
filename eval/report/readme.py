"""Tables of the documents, written from the kept results between marks, so that no figure is typed by hand.

A mark is ``<!-- table WHAT RESULT -->``, its end ``<!-- end of table -->``; WHAT is ``kinds``, ``systems``,
``failures`` or ``retrieval``, RESULT the name of a file in ``eval/results``.
"""

from __future__ import annotations

import re
from pathlib import Path

from eval.errors import RunError
from eval.files import KEPT, read_result
from eval.report.records import RetrievalRecord, RunRecord
from eval.report.strings import strings
from eval.report.tables import failures_table, kinds_table, markdown, measures_table, retrieval_table
from eval.schema import Provenance

DOCUMENTS = ("README.md", "eval/README.md", "docs/notes.md")
"""Where tables may stand, from the root of the checkout."""

DRAWING, DRAWN = "docs/eval.svg", "own"
"""The plot of the documents, and the result that it draws."""

_TABLE = re.compile(r"(<!-- table (\w+) ([\w-]+) -->\n).*?(<!-- end of table -->)", re.DOTALL)


def filled(text: str, root: Path) -> str:
    """A document with each of its tables made anew; raises RunError where a result or kind of table is unknown."""

    def fill(match: re.Match[str]) -> str:
        opening, what, name, end = match.groups()
        return f"{opening}{_table(what, root / KEPT / f'{name}.json')}{end}"

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


def _table(what: str, path: Path) -> str:
    words = strings("en")
    if what == "retrieval":
        searched = read_result(path, RetrievalRecord)
        remark = f"{searched.questions} questions, {searched.provenance.manifest['chunks']} passages"
        return markdown(retrieval_table(searched, words)) + _origin(searched.provenance, remark)
    run = read_result(path, RunRecord)
    main = run.systems[0]
    if what == "kinds":
        models = ", ".join(filter(None, (main.llm, main.encoder)))
        return markdown(kinds_table(run, words)) + _origin(run.provenance, models)
    if what == "systems":
        return markdown(measures_table(run, words)) + _origin(run.provenance, f"{len(main.rows)} questions")
    if what == "failures":
        return markdown(failures_table(run, words))
    raise RunError(f"There is no table {what!r}; there are kinds, systems, failures and retrieval.")


def _origin(provenance: Provenance, remark: str) -> str:
    """One line that says where a table comes from."""
    asked = ", ".join(
        f"{name} {value}" for name, value in provenance.settings.items() if value not in (None, "all", False)
    )
    commit = provenance.revision or "unknown"
    revision = commit[:8] + ("+" if commit.endswith("+") else "")
    parts = [provenance.questions, asked, remark, f"revision {revision}", provenance.created[:10]]
    return "\n" + " · ".join(part for part in parts if part) + "\n"
