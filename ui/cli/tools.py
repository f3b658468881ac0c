"""``hoidap table`` and ``hoidap check``: one question over many articles, and a text held against them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from index.platform import write_atomic
from rag.assemble import open_assistant
from rag.config import read_config
from rag.tools.check_text import CheckedSentence, CheckedText
from rag.tools.table import MOST_ARTICLES, MOST_COLUMNS, MOST_PASSAGES, Limits, Table
from ui.answer_json import checked_object, table_object
from ui.cli.commands import chosen_filters
from ui.cli.terminal import print_json, print_line, progress_bar
from ui.errors import WindowError
from ui.strings import words_in
from ui.tools.strings import ToolWords, tool_words
from ui.views.formatting import about_article

_LARGEST_TEXT = 1_000_000
"""Bytes of a text to check."""


def add_tool_commands(
    parsers: argparse._SubParsersAction[argparse.ArgumentParser],
    common: argparse.ArgumentParser,
    add_filters: Callable[[argparse.ArgumentParser], None],
) -> None:
    """Describe the commands."""
    table = parsers.add_parser(
        "table", parents=[common], help="put a question to every article that speaks of it, into a table"
    )
    table.add_argument(
        "questions", nargs="+", metavar="QUESTION", help=f"what each column tells, {MOST_COLUMNS} at most"
    )
    table.add_argument(
        "--out", type=Path, metavar="FILE", help="write the table to a file ending in .xlsx or .csv"
    )
    table.add_argument(
        "--articles",
        type=count_up_to(MOST_ARTICLES),
        default=Limits().articles,
        metavar="N",
        help=f"articles that are read for each column, {MOST_ARTICLES} at most (%(default)s)",
    )
    table.add_argument(
        "--passages",
        type=count_up_to(MOST_PASSAGES),
        default=Limits().passages,
        metavar="N",
        help=f"passages that are read of each article, {MOST_PASSAGES} at most (%(default)s)",
    )
    add_filters(table)
    table.set_defaults(run=run_table)
    check = parsers.add_parser(
        "check", parents=[common], help="hold every sentence of a text against the articles"
    )
    check.add_argument("file", metavar="FILE", help="a text in UTF-8; - reads standard input")
    add_filters(check)
    check.set_defaults(run=run_check)


def count_up_to(most: int) -> Callable[[str], int]:
    """Reads a number from one to the most."""

    def count(typed: str) -> int:
        if not typed.isdecimal() or not 1 <= int(typed) <= most:
            raise argparse.ArgumentTypeError(f"{typed} is no number from 1 to {most}")
        return int(typed)

    return count


def run_table(args: argparse.Namespace) -> int:
    """Make the table, and print it or write it to a file."""
    if len(args.questions) > MOST_COLUMNS:
        raise WindowError(f"A table has {MOST_COLUMNS} columns at most; ask in several tables.")
    if args.out is not None and args.out.suffix.lower() not in (".xlsx", ".csv"):
        raise WindowError(f"A table is written to a file ending in .xlsx or .csv, not to {args.out}.")
    assistant = open_assistant(read_config(args.config), args.store)
    with progress_bar(unit=" bài") as advance:
        limits = Limits(args.articles, args.passages)
        table = assistant.table(args.questions, chosen_filters(args), limits=limits, on_progress=advance)
    copy = tool_words("vi")
    if args.out is not None:
        _write(args.out, table, copy)
    if args.json:
        print_json(table_object(table))
    elif args.out is None:
        for line in _lines(table, copy):
            print_line(line)
    else:
        print_line(f"{args.out}: {_counts(table, copy)}")
    return 0


def run_check(args: argparse.Namespace) -> int:
    """Check the text, and print each sentence with its mark."""
    text = _read(args.file)
    assistant = open_assistant(read_config(args.config), args.store)
    with progress_bar(unit=" câu") as advance:
        checked = assistant.check(text, chosen_filters(args), on_progress=advance)
    if args.json:
        print_json(checked_object(checked))
        return 0
    copy = tool_words("vi")
    for sentence in checked.sentences:
        for line in _checked_lines(checked, sentence, copy):
            print_line(line)
    verdicts = [checked_sentence.verdict for checked_sentence in checked.sentences]
    print_line(
        copy.check_counts.format(
            **{name: verdicts.count(name) for name in ("supported", "contradicted", "not_found")}
        )
    )
    return 0


def _read(name: str) -> str:
    try:
        if name == "-":
            data = sys.stdin.buffer.read(_LARGEST_TEXT + 1)
        else:
            with Path(name).open("rb") as file:
                data = file.read(_LARGEST_TEXT + 1)
        if len(data) > _LARGEST_TEXT:
            raise WindowError(f"{name} has more than {_LARGEST_TEXT:,} bytes; check it in parts.")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise WindowError(f"{name} is no text in UTF-8; save it as such and check it again.") from None
    except OSError as error:
        raise WindowError(f"Cannot read the text {name}: {error.strerror}.") from error


def _write(path: Path, table: Table, copy: ToolWords) -> None:
    """Write the file, which appears whole or not at all."""
    from ui.tools.export import to_csv, to_xlsx

    data = (to_xlsx if path.suffix.lower() == ".xlsx" else to_csv)(table, copy)
    write_atomic(path, data)


def _lines(table: Table, copy: ToolWords) -> Iterator[str]:
    for row in table.rows:
        if not row.has_answer:
            continue
        yield ", ".join(about_article(row.article, words_in("vi")))
        for question, cell in zip(table.questions, row.cells, strict=True):
            if cell is not None:
                name = f"{question}: " if len(table.questions) > 1 else ""
                yield f"    {name}{cell.value} ({min(99, round(100 * cell.certainty))}%)"
                yield f"    “{' '.join(cell.quote.split())}”"
    yield _counts(table, copy)


def _counts(table: Table, copy: ToolWords) -> str:
    answered = sum(row.has_answer for row in table.rows)
    return copy.table_counts.format(told=answered, read=len(table.rows))


def _checked_lines(checked: CheckedText, sentence: CheckedSentence, copy: ToolWords) -> Iterator[str]:
    label, sign = {
        "supported": (copy.supported, "+"),
        "contradicted": (copy.contradicted, "!"),
        "not_found": (copy.not_found, "?"),
    }[sentence.verdict]
    yield f"{sign} {' '.join(checked.text[sentence.start : sentence.end].split())}"
    contradiction = (
        f". {copy.told_otherwise.format(told=sentence.stated, said=sentence.claimed)}"
        if sentence.stated and sentence.claimed
        else ""
    )
    yield f"    {label}{contradiction}"
    if sentence.source is not None and sentence.verdict != "not_found":
        article = sentence.source.article
        written = " ".join(article.text[sentence.source.start : sentence.source.end].split())
        yield f"    “{written}” ({', '.join(about_article(article, words_in('vi')))}, {article.source})"
