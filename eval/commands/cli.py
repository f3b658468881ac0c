"""The words of ``hoidap eval``: run, measure, check, compare, report and unpack."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

from eval.baselines import BASELINES
from eval.benchmarks.reading import run_reading
from eval.command_options import SEED, add_options, names_option, positive, run_command
from eval.commands.actions import run, run_check, run_retrieval, run_unpack
from eval.commands.result_actions import run_compare, run_keep, run_report
from eval.files import QUESTIONS

LANGUAGES = ("vi", "en")


def add_eval_command(
    parsers: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser
) -> None:
    """Mount ``eval`` under the product's command; ``common`` gives --store, --json, --config and --debug."""
    add_arguments(
        parsers.add_parser("eval", parents=[common], help="measure the assistant on questions with answers")
    )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the actions; without one the questions are run.  ``run`` of the namespace carries it out.

    The options of ``common`` must stand on ``parser`` already; they and those of a run may also follow the action.
    """
    parser.set_defaults(
        run=run, questions=QUESTIONS, split="all", kind=[], seed=SEED, baselines=(), language="en"
    )
    _add_run_options(parser)
    actions = parser.add_subparsers(title="actions", metavar="ACTION")

    def action(name: str, summary: str, does: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
        """An action whose options leave alone what stood before it."""
        added = actions.add_parser(name, help=summary, argument_default=argparse.SUPPRESS)
        add_common_options(added)
        added.set_defaults(run=does)
        return added

    _add_run_options(action("run", "ask all questions (the default)", run))
    _add_choice_options(
        action("retrieval", "measure the search alone, without the language model", run_retrieval)
    )
    _add_reading_options(
        action("reading", "measure the reader alone, its paragraph given, and the judge", run_reading)
    )
    checking = action("check", "prove that a set of questions is sound", run_check)
    add_options(checking, "questions")
    checking.add_argument(
        "--corpus", type=Path, default=None, metavar="FOLDER",
        help="articles that the questions ask about (default: those of the project's questions, or the store)",
    )  # fmt: skip
    checking.add_argument(
        "--nearest",
        action="store_true",
        default=False,
        help="show the nearest place of every absent question",
    )
    _add_result_actions(action)
    unpacking = action(
        "unpack",
        "put the paragraphs of a SQuAD file, or a folder of articles, among others to sync",
        run_unpack,
    )
    unpacking.add_argument("told", type=Path, metavar="SQUAD.json|ARTICLES")
    unpacking.add_argument("folder", type=Path, metavar="FOLDER")
    unpacking.add_argument(
        "--among", type=Path, default=None, metavar="ARTICLES.jsonl[.gz]",
        help="also write these articles, as distractors",
    )  # fmt: skip
    unpacking.add_argument(
        "--limit", type=positive, default=None, metavar="N", help="only the first N of them"
    )


def add_common_options(parser: argparse.ArgumentParser) -> None:
    """The options that every command of the product has."""
    add_options(parser, "store", "config", json={"help": "print JSON"})
    parser.add_argument("--debug", action="store_true", help="show the traceback of an error")


def build_parser(store: Path | None = None) -> argparse.ArgumentParser:
    """The words of ``python -m eval``, with a store by default."""
    parser = argparse.ArgumentParser(
        prog="python -m eval", description="Measure the assistant on questions with answers."
    )
    parser.set_defaults(store=store)
    add_common_options(parser)
    add_arguments(parser)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """``python -m eval``: the same without the rest of the product; 1 when an error was printed on stderr."""
    from rag.config import default_store_path

    args = build_parser(default_store_path()).parse_args(arguments)
    return run_command(args.run, args)


def _add_run_options(parser: argparse.ArgumentParser) -> None:
    _add_choice_options(parser)
    parser.add_argument(
        "--baselines", nargs="?", const=BASELINES, type=names_option(BASELINES), metavar="NAMES",
        help=f"also ask simpler systems, all or some of: {','.join(BASELINES)}",
    )  # fmt: skip
    for name, summary in (
        ("absent", "the articles of the questions were left out of the store: all must be refused"),
        ("in-full", "ask follow-ups by their 'standalone' wording, without the questions before them"),
        ("resume", "go on with an unfinished run"),
    ):
        parser.add_argument(f"--{name}", action="store_true", help=summary)


def _add_choice_options(parser: argparse.ArgumentParser) -> None:
    """Which questions are taken, and where and how the result is written."""
    add_options(parser, "questions", "out", "limit", "seed")
    add = parser.add_argument
    add("--split", choices=["dev", "test", "all"], help="which questions (default all)")
    add("--kind", action="append", metavar="KIND", help="only this kind; repeatable")
    add("--language", choices=LANGUAGES, help="language of the tables (default en)")


def _add_reading_options(parser: argparse.ArgumentParser) -> None:
    squad = {"required": True, "metavar": "SQUAD.json", "help": "questions with their paragraphs"}
    add_options(parser, "limit", "seed", "out", questions=squad)
    parser.add_argument(
        "--training", type=Path, action="append", default=None, metavar="DIR",
        help="also measure on the development rows of this folder; repeatable",
    )  # fmt: skip


def _add_result_actions(action: Callable[..., argparse.ArgumentParser]) -> None:
    comparing = action("compare", "tell what changed from one result to another", run_compare)
    add = comparing.add_argument
    add("first", type=Path, metavar="RESULT", help="the earlier result")
    add("second", type=Path, metavar="RESULT", help="the later result")
    add("--system", default=None, help="compare this system of both (default: the assistant)")
    add("--with", dest="other", default=None, metavar="SYSTEM", help="take this system of the second result")
    add("--language", choices=LANGUAGES, help="language of the table (default en)")

    reporting = action("report", "write a result as one page of HTML", run_report)
    add = reporting.add_argument
    add(
        "result",
        type=Path,
        nargs="?",
        default=None,
        metavar="RESULT",
        help="the result (default: the newest)",
    )
    add(
        "--against",
        type=Path,
        default=None,
        metavar="EARLIER",
        help="also tell what changed since this result",
    )
    add("--out", type=Path, metavar="PAGE.html", help="where the page goes (default: beside the result)")
    add("--language", choices=LANGUAGES, default="vi", help="language of the page (default vi)")

    keeping = action(
        "keep", "keep a result in the repository and make the documents' tables and plot anew", run_keep
    )
    keeping.add_argument("name", metavar="NAME", help="name of the kept result, such as 'own'")
    keeping.add_argument("result", type=Path, metavar="RESULT", help="a result of 'run' or 'retrieval'")
