"""What each action of ``hoidap eval`` that asks or checks does: read, call, print."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path

from eval.answerers import Opened, OpenedSearches, open_answerers, open_searches
from eval.baselines import all_articles
from eval.benchmarks.retrieval import measure, with_evidence
from eval.checkpoint import hash_questions
from eval.command_options import print_json, print_text
from eval.errors import QuestionError
from eval.evidence import Named, missing_articles
from eval.files import CORPUS, QUESTIONS, RESULTS, newest, read_json, read_lines, write_result
from eval.provenance import machine, now, revision
from eval.report.records import RunRecord, retrieval_record, run_record
from eval.report.strings import Language, strings
from eval.report.tables import align, failures_table, kinds_table, measures_table, retrieval_table
from eval.run import Searcher, evaluate
from eval.schema import Facts, Provenance, Question, Retrieval
from eval.sets.check import ANSWERABLE_SHARE, check, nearest_places
from eval.sets.questions import choose, read_questions, without_history
from eval.sets.squad import squad_articles
from eval.sets.unanswerable import as_unanswerable
from index.ingest.read_files import read_folder
from index.schema import Article

CHECKPOINT_ENDING = ".partial"

Open = Callable[[argparse.Namespace], Opened]
OpenSearches = Callable[[argparse.Namespace], OpenedSearches]


def run(args: argparse.Namespace, open_systems: Open = open_answerers) -> int:
    """Ask the questions, keep the result as JSON and print its tables."""
    questions = without_history(chosen(args)) if args.in_full else chosen(args)
    out = _result_path(args)
    opened = open_systems(args)
    if args.absent:
        main = opened.answerers[0]
        assert isinstance(main, Searcher)
        questions = as_unanswerable(questions, main.search)
    require_articles(questions, opened.articles)
    checkpoint = out.with_name(out.name + CHECKPOINT_ENDING)
    origin = provenance(args, questions, opened.manifest)
    try:
        result = evaluate(
            opened.answerers, questions, origin, checkpoint, resume=args.resume, progress=not args.json
        )
    except KeyboardInterrupt:
        sys.stderr.write(f"hoidap: stopped; go on with --resume --out {out}\n")
        return 130
    write_result(result, out)
    checkpoint.unlink()
    record = run_record(result)
    if args.json:
        print_json({"result": out, "systems": {system.name: system.scores for system in record.systems}})
    else:
        print_text(f"{run_text(record, args.language)}{out}\nhoidap eval report {out}\n")
    return 0


def run_text(record: RunRecord, language: Language) -> str:
    """What the terminal shows of a run: kinds, measures, and where the assistant went wrong."""
    words = strings(language)
    tables = (kinds_table(record, words), measures_table(record, words), failures_table(record, words))
    return "\n".join(map(align, tables))


def run_retrieval(args: argparse.Namespace, open_ways: OpenSearches = open_searches) -> int:
    """Search without answering, keep the ranks as JSON and print their table."""
    questions = with_evidence(chosen(args))
    opened = open_ways(args)
    require_articles(questions, opened.articles)
    out = args.out or RESULTS / "retrieval" / _new_name()
    result = Retrieval(
        provenance(args, questions, opened.manifest),
        opened.encoder,
        tuple(question.id for question in questions),
        measure(opened.searches, questions, progress=not args.json),
    )
    write_result(result, out)
    record = retrieval_record(result)
    if args.json:
        searches = [{"way": way.way, "accents": way.accents, **way.scores} for way in record.ways]
        print_json({"result": out, "questions": len(questions), "searches": searches})
    else:
        words = strings(args.language)
        passages = opened.manifest.get("chunks")
        title = words["retrieval.title"].format(questions=len(questions), passages=passages)
        print_text(f"{title}\n\n{align(retrieval_table(record, words))}{out}\n")
    return 0


def run_check(args: argparse.Namespace) -> int:
    """Check a set of questions against its articles; 1 when something is wrong with it."""
    questions, articles = read_questions(args.questions), asked_articles(args)
    problems = check(questions, articles)
    nearest = nearest_places(questions, articles)
    if args.json:
        absent = [
            {
                "question": near_place.question.id,
                "article": near_place.article,
                "share": near_place.share,
                "text": near_place.text,
            }
            for near_place in nearest
        ]
        report = {"questions": len(questions), "articles": len(articles), "problems": problems}
        print_json(report | {"absent": absent})
        return 1 if problems else 0
    for problem in problems:
        print_text(f"{problem.question}: {problem.text}\n")
    for place in nearest if args.nearest else ():
        print_text(
            f"{place.question.id}: {place.question.text}\n"
            f"  {place.share:.0%} of its words stand in {place.article}: {' '.join(place.text.split())}\n"
        )
    kinds = ", ".join(f"{kind} {count}" for kind, count in Counter(q.kind for q in questions).items())
    near = sum(place.share >= ANSWERABLE_SHARE for place in nearest)
    print_text(
        f"{len(questions)} questions ({kinds}), {len(articles)} articles: {len(problems)} faults.\n"
        f"{near} of {len(nearest)} absent questions come near to a sentence; see them with --nearest.\n"
    )
    return 1 if problems else 0


def run_unpack(args: argparse.Namespace) -> int:
    """Write the paragraphs of a SQuAD file, or copy a folder of articles, and put others beside them."""
    source, folder = args.told, args.folder
    counts: dict[Path, int] = {}
    if source.is_dir():
        shutil.copytree(source, folder, dirs_exist_ok=True)
        counts[folder] = sum(1 for _ in read_folder(folder))
    else:
        counts |= _write_lines(
            folder / f"{source.stem}.jsonl", squad_articles(read_json(source), source.name)
        )
    if args.among:
        others = folder / f"{args.among.name.split('.')[0]}.jsonl"
        counts |= _write_lines(others, read_lines(args.among, args.limit))
    if args.json:
        print_json([{"articles": count, "file": path} for path, count in counts.items()])
    else:
        print_text("".join(f"{count} articles: {path}\n" for path, count in counts.items()))
    return 0


def _write_lines(path: Path, lines: Iterable[str]) -> dict[Path, int]:
    written = [f"{line}\n" for line in lines]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(written), encoding="utf-8")
    return {path: len(written)}


def chosen(args: argparse.Namespace) -> tuple[Question, ...]:
    """The questions that the options choose."""
    questions = read_questions(args.questions)
    return choose(questions, split=args.split, kinds=args.kind, limit=args.limit, seed=args.seed)


def require_articles(questions: Sequence[Question], articles: Sequence[Named]) -> None:
    """Raise QuestionError where an article that the questions name is not among these."""
    if missing := missing_articles(questions, articles):
        raise QuestionError(
            f"{len(missing)} articles that the questions name are not in the store ({missing[0]} …); "
            "sync their folder first, or name another store with --store."
        )


def provenance(args: argparse.Namespace, questions: Sequence[Question], manifest: Facts) -> Provenance:
    """Where a result comes from that is made now."""
    return Provenance(
        created=now(),
        revision=revision(),
        questions=args.questions.name,
        questions_sha256=hash_questions(questions),
        seed=args.seed,
        settings={
            "split": args.split,
            "kinds": ", ".join(args.kind) or "all",
            "limit": args.limit,
            "absent": getattr(args, "absent", False),
            "in_full": getattr(args, "in_full", False),
        },
        manifest=manifest,
        machine=machine(),
    )


def _new_name() -> str:
    return f"{datetime.now():%Y%m%d-%H%M%S}.json"


def _result_path(args: argparse.Namespace) -> Path:
    """Where the result goes: as named, that of the newest unfinished run, or a new name by date and time."""
    if args.out is not None:
        return Path(args.out)
    if args.resume:
        checkpoint = newest(f"*{CHECKPOINT_ENDING}", "There is no unfinished run; leave out --resume.")
        return checkpoint.with_name(checkpoint.name.removesuffix(CHECKPOINT_ENDING))
    return RESULTS / _new_name()


def asked_articles(args: argparse.Namespace) -> list[Article]:
    """The articles to check against: a folder when one is named or shipped with the questions, else the store."""
    from index.store.store import Store

    folder = args.corpus or (CORPUS if args.questions == QUESTIONS else None)
    read = read_folder(folder) if folder else all_articles(Store.open(args.store))
    return [item for item in read if isinstance(item, Article)]
