"""The words of the command ``hoidap``."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import TypeAlias

from eval.command_options import positive
from eval.commands.cli import add_eval_command
from rag.config import default_store_path
from ui.cli import commands, show_article
from ui.cli.completion import add_completion_command
from ui.cli.copy_store import add_store_command
from ui.cli.doctor import add_doctor_command
from ui.cli.serving import add_serving_commands
from ui.cli.tools import add_tool_commands

SubParsers: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def build_parser() -> argparse.ArgumentParser:
    """Describe every command."""
    common, of_action = _common(), _common(of_action=True)
    parser = argparse.ArgumentParser(
        prog="hoidap",
        description="Ask questions of your own Vietnamese articles, on your own computer.",
        epilog="Start with: hoidap sync FOLDER, then: hoidap ui",
    )
    parsers = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    _add_sync(parsers, common)
    _add_ask_and_search(parsers, common)
    add_tool_commands(parsers, common, _add_filters)

    show = parsers.add_parser("show", parents=[common], help="show an article as it is stored")
    show.add_argument("article", metavar="ARTICLE", help="its id: the path of its file, or the id of its row")
    show.add_argument("--removed", action="store_true", help="show what of its file was left out, and why")
    show.set_defaults(run=show_article.show)

    _add_window(parsers, common)

    verify = parsers.add_parser("verify", parents=[common], help="prove that the store is whole")
    verify.add_argument("--repair", action="store_true", help="build again what is derived from the database")
    verify.set_defaults(run=commands.verify)

    add_store_command(parsers, common, of_action)

    models = parsers.add_parser("models", parents=[common], help="list, fetch, verify or remove models")
    models.add_argument("action", choices=["list", "fetch", "verify", "remove"], nargs="?", default="list")
    models.add_argument(
        "ids", nargs="*", metavar="MODEL", help="ids of the catalogue (default: those in use)"
    )
    models.set_defaults(run=commands.models)

    add_serving_commands(parsers, common, of_action)
    add_doctor_command(parsers, common)
    add_completion_command(parsers)
    add_eval_command(parsers, common)
    return parser


def _add_sync(parsers: SubParsers, common: argparse.ArgumentParser) -> None:
    sync = parsers.add_parser("sync", parents=[common], help="make the store equal to folders of articles")
    sync.add_argument(
        "folders", type=Path, nargs="*", metavar="FOLDER",
        help="folders of documents (default: those of the configuration, else those of the last time)",
    )  # fmt: skip
    sync.add_argument("--rebuild", action="store_true", help="read and encode everything again")
    sync.add_argument(
        "--watch", action="store_true", help="keep following the folders until interrupted (Ctrl-C)"
    )
    sync.add_argument(
        "--allow-empty", action="store_true", help="empty the store where a folder holds no article"
    )
    sync.add_argument(
        "--wait", type=float, default=0, metavar="SECONDS", help="wait for another writer to finish"
    )
    sync.add_argument(
        "--ray", metavar="ADDRESS",
        help="read and encode on a Ray cluster: local (one of this computer), auto, host:port or ray://host:port",
    )  # fmt: skip
    sync.add_argument(
        "--report",
        type=Path,
        metavar="FILE.json",
        help="write what became of each file, and what was left out of it",
    )
    sync.set_defaults(run=commands.sync)


def _add_ask_and_search(parsers: SubParsers, common: argparse.ArgumentParser) -> None:
    ask = parsers.add_parser("ask", parents=[common], help="answer a question, or a file of them")
    _add_questions(ask)
    ask.add_argument("--out", type=Path, metavar="ANSWERS.jsonl", help="where the answers of --file go")
    _add_filters(ask)
    ask.set_defaults(run=commands.ask)

    search = parsers.add_parser("search", parents=[common], help="show the passages found, without the LLM")
    _add_questions(search)
    search.add_argument("-k", type=positive, default=5, metavar="K", help="how many passages (default 5)")
    search.add_argument("--out", type=Path, metavar="HITS.jsonl", help="where the hits of --file go")
    _add_filters(search)
    search.set_defaults(run=commands.search)


def _add_window(parsers: SubParsers, common: argparse.ArgumentParser) -> None:
    window = parsers.add_parser("ui", parents=[common], help="open the chat window")
    window.add_argument(
        "folders", nargs="*", type=Path, metavar="FOLDER",
        help="read these while the window is open (default: those of before)",
    )  # fmt: skip
    window.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    window.add_argument("--port", type=int, help="port to listen on (default: the first free from 7860)")
    window.add_argument(
        "--name", action="append", default=[], metavar="HOST",
        help="another host name to be asked by, such as that of a proxy; repeatable",
    )  # fmt: skip
    window.add_argument("--root-path", default="", metavar="PATH", help="path under which a proxy offers it")
    window.add_argument(
        "--proxy", action="append", default=[], metavar="ADDRESS",
        help="a proxy whose forwarded headers are believed, such as 127.0.0.1; repeatable",
    )  # fmt: skip
    window.epilog = "Set the environment variable HOIDAP_PASSWORD to ask for a password."
    window.set_defaults(run=commands.window)


def _common(*, of_action: bool = False) -> argparse.ArgumentParser:
    """The options of every command; those ``of_action`` leave what was given before the action as it is."""
    store = default_store_path()
    common = argparse.ArgumentParser(
        add_help=False, argument_default=argparse.SUPPRESS if of_action else None
    )
    common.add_argument(
        "--store",
        type=Path,
        default=argparse.SUPPRESS if of_action else store,
        metavar="DIR",
        help=f"store folder (default {store})".replace("%", "%%"),
    )
    common.add_argument("--json", action="store_true", help="print JSON")
    common.add_argument("--config", type=Path, metavar="FILE", help="configuration in TOML")
    common.add_argument("--debug", action="store_true", help="show the traceback of an error")
    return common


def _add_questions(parser: argparse.ArgumentParser) -> None:
    questions = parser.add_mutually_exclusive_group(required=True)
    questions.add_argument("question", nargs="?", metavar="QUESTION", help="the question")
    questions.add_argument(
        "--file",
        type=Path,
        metavar="QUESTIONS.jsonl",
        help="one object a line: id, question, optionally follows",
    )


def _add_filters(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--from", dest="from_date", type=_day, metavar="DATE", help="articles from 2020-01-31 on"
    )
    parser.add_argument("--to", dest="to_date", type=_day, metavar="DATE", help="articles up to 2020-12-31")
    parser.add_argument(
        "--source", action="append", default=[], metavar="PATH", help="only this file or folder; repeatable"
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date such as 2020-01-31") from None
