"""What each action of ``hoidap eval`` does: read, call, print."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from eval.answerers import Opened, open_answerers
from eval.baselines import all_articles
from eval.check import TOLD, check, nearest_places
from eval.compare import compare
from eval.errors import QuestionError, RunError
from eval.evidence import missing_articles
from eval.journal import find_system, hash_questions, read_run, write_run
from eval.provenance import machine, revision
from eval.questions import choose, read_questions
from eval.report import report
from eval.run import evaluate
from eval.schema import Provenance, Question, Run
from eval.squad import squad_articles
from eval.strings import strings
from eval.summary import by_kind
from eval.tables import comparison_table, run_table
from index.schema import Article

HERE = Path(__file__).parent
QUESTIONS = HERE / "questions.jsonl"
CORPUS = HERE / "corpus"
RESULTS = Path(".hoidap", "eval")
JOURNAL_ENDING = ".partial"

Open = Callable[[argparse.Namespace], Opened]


def run(args: argparse.Namespace, open_systems: Open = open_answerers) -> int:
    """Ask the questions, keep the result as JSON and print its tables."""
    questions = choose(read_questions(args.questions), split=args.split, kinds=args.kind, limit=args.limit)
    out = _result_path(args)
    opened = open_systems(args)
    if missing := missing_articles(questions, opened.articles):
        raise QuestionError(
            f"{len(missing)} articles that the questions name are not in the store ({missing[0]} …); "
            "sync their folder first, or name another store with --store."
        )
    journal = out.with_name(out.name + JOURNAL_ENDING)
    origin = _provenance(args, questions, opened)
    try:
        result = evaluate(
            opened.answerers, questions, origin, journal, resume=args.resume, progress=not args.json
        )
    except KeyboardInterrupt:
        sys.stderr.write(f"hoidap: stopped; go on with --resume --out {out}\n")
        return 130
    write_run(result, out)
    journal.unlink()
    if args.json:
        _print_json({"result": str(out), "systems": _scores(result)})
    else:
        _print(run_table(result, strings(args.language), args.language))
        _print(f"{out}\nhoidap eval report {out}\n")
    return 0


def run_check(args: argparse.Namespace) -> int:
    """Check a set of questions against its articles; 1 when something is wrong with it."""
    questions = read_questions(args.questions)
    articles = _articles(args)
    problems = check(questions, articles)
    nearest = nearest_places(questions, articles)
    near = [place for place in nearest if place.share >= TOLD]
    if args.json:
        _print_json(
            {
                "questions": len(questions),
                "articles": len(articles),
                "problems": [asdict(problem) for problem in problems],
                "absent": [
                    {
                        "question": one.question.id,
                        "article": one.article,
                        "share": one.share,
                        "text": one.text,
                    }
                    for one in nearest
                ],
            }
        )
        return 1 if problems else 0
    for problem in problems:
        _print(f"{problem.question}: {problem.text}\n")
    for place in nearest if args.nearest else ():
        _print(
            f"{place.question.id}: {place.question.text}\n"
            f"  {place.share:.0%} of its words stand in {place.article}: {' '.join(place.text.split())}\n"
        )
    kinds = ", ".join(f"{kind} {count}" for kind, count in Counter(q.kind for q in questions).items())
    _print(
        f"{len(questions)} questions ({kinds}), {len(articles)} articles: {len(problems)} faults.\n"
        f"{len(near)} of {len(nearest)} absent questions come near to a sentence; see them with --nearest.\n"
    )
    return 1 if problems else 0


def run_compare(args: argparse.Namespace) -> int:
    """Print what changed from one result to another."""
    runs = [read_run(path) for path in (args.first, args.second)]
    first = find_system(runs[0], args.system)
    second = find_system(runs[1], args.other or args.system)
    comparison = compare(first, second, runs[0].provenance.seed)
    if not comparison.questions:
        raise RunError("The two results share no question; compare results of the same set.")
    if args.json:
        _print_json(
            {
                "questions": comparison.questions,
                "left_out": comparison.left_out,
                "changes": [asdict(change) for change in comparison.changes],
                "now_right": [before.question.id for before, _ in comparison.now_right],
                "now_wrong": [before.question.id for before, _ in comparison.now_wrong],
                "other_stage": [before.question.id for before, _ in comparison.other_stage],
            }
        )
    else:
        names = (args.first.stem, args.second.stem)
        if names[0] == names[1]:
            names = (first.name, second.name)
        _print(comparison_table(comparison, names, strings(args.language), args.language))
    return 0


def run_report(args: argparse.Namespace) -> int:
    """Write the page of a result and say where it is."""
    path = args.result or _newest("*.json", "Run 'hoidap eval' first, or name a result.")
    page = args.out or path.with_suffix(".html")
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(report(read_run(path), args.language), encoding="utf-8")
    _print_json({"page": str(page)}) if args.json else _print(f"{page}\n")
    return 0


def run_unpack(args: argparse.Namespace) -> int:
    """Write the paragraphs of a SQuAD file as one file of articles."""
    try:
        data = json.loads(args.squad.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise QuestionError(f"{args.squad} cannot be read as JSON: {error}.") from error
    lines = list(squad_articles(data, args.squad.name))
    args.folder.mkdir(parents=True, exist_ok=True)
    path = args.folder / f"{args.squad.stem}.jsonl"
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    _print_json({"articles": len(lines), "file": str(path)}) if args.json else _print(
        f"{len(lines)} articles: {path}\n"
    )
    return 0


def _provenance(args: argparse.Namespace, questions: Sequence[Question], opened: Opened) -> Provenance:
    return Provenance(
        created=datetime.now().astimezone().isoformat(timespec="seconds"),
        revision=revision(HERE),
        questions=args.questions.name,
        questions_sha256=hash_questions(questions),
        seed=args.seed,
        settings={"split": args.split, "kinds": ", ".join(args.kind) or "all", "limit": args.limit},
        manifest=opened.manifest,
        machine=machine(),
    )


def _result_path(args: argparse.Namespace) -> Path:
    """Where the result goes: as named, that of the newest unfinished run, or a new name by date and time."""
    if args.out is not None:
        return Path(args.out)
    if args.resume:
        journal = _newest(f"*{JOURNAL_ENDING}", "There is no unfinished run; leave out --resume.")
        return journal.with_name(journal.name.removesuffix(JOURNAL_ENDING))
    return RESULTS / f"{datetime.now():%Y%m%d-%H%M%S}.json"


def _newest(pattern: str, remedy: str) -> Path:
    found = sorted(RESULTS.glob(pattern))
    if not found:
        raise RunError(f"{RESULTS} holds no {pattern} file. {remedy}")
    return found[-1]


def _articles(args: argparse.Namespace) -> list[Article]:
    """The articles to check against: a folder when one is named or shipped with the questions, else the store."""
    from index.articles import find_files, read_file
    from index.store import Store

    folder = args.corpus or (CORPUS if args.questions == QUESTIONS else None)
    if folder is None:
        return list(all_articles(Store.open(args.store)))
    read = [item for file in find_files(folder) for item in read_file(file)]
    return [item for item in read if isinstance(item, Article)]


def _scores(result: Run) -> dict[str, dict[str, dict[str, dict[str, object]]]]:
    return {
        system.name: {
            kind: {measure: asdict(estimate) for measure, estimate in scores.items()}
            for kind, scores in by_kind(system.rows, result.provenance.seed).items()
        }
        for system in result.systems
    }


def _print(text: str) -> None:
    sys.stdout.write(text)


def _print_json(value: object) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1) + "\n")
