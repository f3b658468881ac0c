"""What is done with results: compared, shown as a page, kept in the repository."""

from __future__ import annotations

import argparse
from pathlib import Path

from eval.command_options import print_json, print_text
from eval.errors import RunError
from eval.files import KEPT, ROOT, newest, read_result, write_result
from eval.report.compare import compare
from eval.report.page import report
from eval.report.plots import kinds_plot
from eval.report.readme import DRAWING, DRAWN, fill_documents
from eval.report.records import retrieval_record, run_record
from eval.report.strings import strings
from eval.report.tables import align, changed_questions, changes_table
from eval.schema import Retrieval, Run, System


def run_compare(args: argparse.Namespace) -> int:
    """Print what changed from one result to another."""
    runs = [read_run(path) for path in (args.first, args.second)]
    first = find_system(runs[0], args.system)
    second = find_system(runs[1], args.other or args.system)
    comparison = compare(first, second, runs[0].provenance.seed)
    if not comparison.questions:
        raise RunError("The two results share no question; compare results of the same set.")
    if args.json:
        report = {name: getattr(comparison, name) for name in ("questions", "left_out", "changes")}
        for name in ("now_right", "now_wrong", "other_stage"):
            report[name] = [before.question.id for before, _ in getattr(comparison, name)]
        print_json(report)
        return 0
    names = (args.first.stem, args.second.stem)
    if names[0] == names[1]:
        names = (first.name, second.name)
    words = strings(args.language)
    title = words["compare.title"].format(first=names[0], second=names[1], questions=comparison.questions)
    if comparison.left_out:
        title += "\n" + words["compare.only"].format(count=comparison.left_out)
    print_text(f"{title}\n\n{align(changes_table(comparison, names, words))}")
    for name, changed in changed_questions(comparison, words):
        print_text(f"\n{name}\n" + "".join(f"  {line}\n" for line in changed))
    return 0


def run_report(args: argparse.Namespace) -> int:
    """Write the page of a result and say where it is."""
    path = args.result or newest("*.json", "Run 'hoidap eval' first, or name a result.")
    page = args.out or path.with_suffix(".html")
    page.parent.mkdir(parents=True, exist_ok=True)
    before = read_run(args.against) if args.against else None
    page.write_text(report(read_run(path), args.language, before), encoding="utf-8")
    print_json({"page": page}) if args.json else print_text(f"{page}\n")
    return 0


def run_keep(args: argparse.Namespace, root: Path = ROOT) -> int:
    """Keep a result in the repository, and make the tables and the plot of the documents anew."""
    kept = root / KEPT / f"{args.name}.json"
    if "searched" in read_result(args.result, dict):
        write_result(retrieval_record(read_result(args.result, Retrieval)), kept)
    else:
        small = run_record(read_run(args.result))
        write_result(small, kept)
        if args.name == DRAWN:
            (root / DRAWING).write_text(kinds_plot(small, strings("en")), encoding="utf-8")
    written = [str(path.relative_to(root)) for path in (kept, *fill_documents(root))]
    print_json(written) if args.json else print_text("".join(f"{name}\n" for name in written))
    return 0


def read_run(path: Path) -> Run:
    """Read what was answered; raises RunError when it is none of ours, or empty."""
    run = read_result(path, Run)
    if not run.systems or not run.systems[0].rows:
        raise RunError(f"{path.name} holds no answers; run the evaluation again.")
    return run


def find_system(run: Run, name: str | None) -> System:
    """A system of a run by its name; without a name the first, which is the assistant."""
    for system in run.systems:
        if name in (None, system.name):
            return system
    names = ", ".join(system.name for system in run.systems)
    raise RunError(f"The run has no system {name!r}; it has {names}.")
