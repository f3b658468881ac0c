"""The words of ``hoidap eval``: run, measure, check, compare, report and unpack."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from eval.baselines import BASELINES
from eval.benchmarks.reading import run_reading
from eval.commands import QUESTIONS, run, run_check, run_retrieval, run_unpack
from eval.errors import EvaluationError
from eval.result_commands import run_compare, run_keep, run_report
from index.errors import IndexingError
from rag.errors import AnsweringError

SEED = 20261122


def add_eval_command(
    parsers: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser
) -> None:
    """Mount ``eval`` under the product's command; ``common`` gives --store, --json, --config and --debug."""
    parser = parsers.add_parser(
        "eval", parents=[common], help="measure the assistant on questions with answers"
    )
    add_arguments(parser)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the actions; without one the questions are run.  ``run`` of the namespace carries it out.

    The options of ``common`` must stand on ``parser`` already; they may also follow the action.
    """
    _add_run_options(parser)
    parser.set_defaults(run=run)
    actions = parser.add_subparsers(title="actions", metavar="ACTION")
    later = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    add_common_options(later, default_store=None)

    running = actions.add_parser("run", parents=[later], help="ask all questions (the default)")
    _add_run_options(running, suppress=True)

    searching = actions.add_parser(
        "retrieval", parents=[later], help="measure the search alone, without the language model"
    )
    _add_choice_options(searching, suppress=True)
    searching.set_defaults(run=run_retrieval)

    reading = actions.add_parser(
        "reading", parents=[later], help="measure the reader alone, its paragraph given, and the judge"
    )
    reading.add_argument(
        "--questions", type=Path, required=True, metavar="SQUAD.json", help="questions with their paragraphs"
    )
    reading.add_argument("--limit", type=_positive, metavar="N", help="only a sample of N of each part")
    reading.add_argument("--seed", type=int, default=SEED, help="seed of the sample (default %(default)s)")
    reading.add_argument(
        "--training", type=Path, action="append", metavar="DIR",
        help="also measure on the development rows of this folder; repeatable",
    )  # fmt: skip
    reading.add_argument("--out", type=Path, metavar="RESULT.json", help="also keep the result")
    reading.set_defaults(run=run_reading)

    checking = actions.add_parser("check", parents=[later], help="prove that a set of questions is sound")
    _add_questions_option(checking, suppress=True)
    _add_corpus_option(checking)
    checking.add_argument(
        "--nearest", action="store_true", help="show the nearest place of every absent question"
    )
    checking.set_defaults(run=run_check)

    comparing = actions.add_parser(
        "compare", parents=[later], help="tell what changed from one result to another"
    )
    comparing.add_argument("first", type=Path, metavar="RESULT", help="the earlier result")
    comparing.add_argument("second", type=Path, metavar="RESULT", help="the later result")
    comparing.add_argument("--system", help="compare this system of both (default: the assistant)")
    comparing.add_argument(
        "--with", dest="other", metavar="SYSTEM", help="take this system of the second result"
    )
    comparing.add_argument(
        "--language", choices=["vi", "en"], default="en", help="language of the table (default en)"
    )
    comparing.set_defaults(run=run_compare)

    reporting = actions.add_parser("report", parents=[later], help="write a result as one page of HTML")
    reporting.add_argument(
        "result", type=Path, nargs="?", metavar="RESULT", help="the result (default: the newest)"
    )
    reporting.add_argument(
        "--against", type=Path, metavar="EARLIER", help="also tell what changed since this result"
    )
    reporting.add_argument(
        "--out", type=Path, metavar="PAGE.html", help="where the page goes (default: beside the result)"
    )
    reporting.add_argument(
        "--language", choices=["vi", "en"], default="vi", help="language of the page (default vi)"
    )
    reporting.set_defaults(run=run_report)

    keeping = actions.add_parser(
        "keep",
        parents=[later],
        help="keep a result in the repository and make the documents' tables and plot anew",
    )
    keeping.add_argument("name", metavar="NAME", help="name of the kept result, such as 'own'")
    keeping.add_argument("result", type=Path, metavar="RESULT", help="a result of 'run' or 'retrieval'")
    keeping.set_defaults(run=run_keep)

    unpacking = actions.add_parser(
        "unpack",
        parents=[later],
        help="put the paragraphs of a SQuAD file, or a folder of articles, among others to sync",
    )
    unpacking.add_argument("told", type=Path, metavar="SQUAD.json|ARTICLES")
    unpacking.add_argument("folder", type=Path, metavar="FOLDER")
    unpacking.add_argument(
        "--among", type=Path, metavar="ARTICLES.jsonl[.gz]", help="also write these articles, as distractors"
    )
    unpacking.add_argument(
        "--limit", type=_positive, default=None, metavar="N", help="only the first N of them"
    )
    unpacking.set_defaults(run=run_unpack)


def add_common_options(parser: argparse.ArgumentParser, default_store: Path | None) -> None:
    """The options that every command of the product has; without a store they leave earlier values alone."""
    absent = argparse.SUPPRESS
    store: Path | str = absent if default_store is None else default_store
    config = absent if default_store is None else None
    flag: bool | str = absent if default_store is None else False
    parser.add_argument("--store", type=Path, default=store, metavar="DIR", help="store folder")
    parser.add_argument("--json", action="store_true", default=flag, help="print JSON")
    parser.add_argument("--config", type=Path, default=config, metavar="FILE", help="configuration in TOML")
    parser.add_argument("--debug", action="store_true", default=flag, help="show the traceback of an error")


def main(arguments: Sequence[str] | None = None) -> int:
    """``python -m eval``: the same without the rest of the product; 1 when an error was told on stderr."""
    from rag.config import default_store_path

    parser = argparse.ArgumentParser(
        prog="python -m eval", description="Measure the assistant on questions with answers."
    )
    add_common_options(parser, default_store_path())
    add_arguments(parser)
    args = parser.parse_args(arguments)
    try:
        code: int = args.run(args)
        return code
    except (EvaluationError, IndexingError, AnsweringError, OSError) as error:
        if args.debug:
            raise
        sys.stderr.write(f"hoidap: {error}\n")
        return 1


def _add_run_options(parser: argparse.ArgumentParser, *, suppress: bool = False) -> None:
    """The options of a run; suppressed defaults leave what stood before the action alone."""

    def default(value: object) -> object:
        return argparse.SUPPRESS if suppress else value

    _add_choice_options(parser, suppress=suppress)
    parser.add_argument(
        "--baselines",
        nargs="?",
        const="all",
        type=_baselines,
        default=default(()),
        metavar="NAMES",
        help=f"also ask simpler systems, all or some of: {','.join(BASELINES)}",
    )
    parser.add_argument(
        "--absent",
        action="store_true",
        default=default(False),
        help="the articles of the questions were left out of the store: all must be refused",
    )
    parser.add_argument(
        "--in-full",
        action="store_true",
        default=default(False),
        help="ask follow-ups by their 'standalone' wording, without the questions before them",
    )
    parser.add_argument(
        "--resume", action="store_true", default=default(False), help="go on with an unfinished run"
    )


def _add_choice_options(parser: argparse.ArgumentParser, *, suppress: bool) -> None:
    """Which questions are taken, and where and how the result is told."""

    def default(value: object) -> object:
        return argparse.SUPPRESS if suppress else value

    _add_questions_option(parser, suppress=suppress)
    parser.add_argument(
        "--out", type=Path, default=default(None), metavar="RESULT.json", help="where the result goes"
    )
    parser.add_argument(
        "--split",
        choices=["dev", "test", "all"],
        default=default("all"),
        help="which questions (default all)",
    )
    parser.add_argument(
        "--kind", action="append", default=default([]), metavar="KIND", help="only this kind; repeatable"
    )
    parser.add_argument(
        "--limit",
        type=_positive,
        default=default(None),
        metavar="N",
        help="only a sample of N questions, of every kind in turn",
    )
    parser.add_argument(
        "--seed",
        type=int,
        default=default(SEED),
        help=f"seed of the sample and of the intervals (default {SEED})",
    )
    parser.add_argument(
        "--language", choices=["vi", "en"], default=default("en"), help="language of the tables (default en)"
    )


def _add_questions_option(parser: argparse.ArgumentParser, *, suppress: bool) -> None:
    parser.add_argument(
        "--questions",
        type=Path,
        default=argparse.SUPPRESS if suppress else QUESTIONS,
        metavar="FILE",
        help="questions as .jsonl, SQuAD .json or .csv (default: the project's own)",
    )


def _add_corpus_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--corpus",
        type=Path,
        metavar="FOLDER",
        help="articles that the questions ask about (default: those of the project's questions, or the store)",
    )


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 on")
    return int(text)


def _baselines(text: str) -> tuple[str, ...]:
    names = BASELINES if text == "all" else tuple(text.split(","))
    if unknown := sorted(set(names) - set(BASELINES)):
        raise argparse.ArgumentTypeError(f"unknown: {', '.join(unknown)}; there are {', '.join(BASELINES)}")
    return names
