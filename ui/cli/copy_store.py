"""The commands ``store copy`` and ``store copy-conversations``: from a laptop to a server's engines, or back."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from pathlib import Path

from index.store.database.binding import bind, bound_to
from index.store.store import Store
from rag.assemble import open_store
from rag.config import Config, read_config
from ui.cli.terminal import print_json, print_line
from ui.errors import WindowError

_CONFIGURATION = ".toml"


def add_store_command(
    parsers: argparse._SubParsersAction[argparse.ArgumentParser],
    common: argparse.ArgumentParser,
    of_action: argparse.ArgumentParser,
) -> None:
    """Describe it; ``common`` gives --store, --json and --debug, ``of_action`` the same after an action."""
    store = parsers.add_parser("store", parents=[common], help="copy a store to another place or engine")
    actions = store.add_subparsers(title="actions", required=True, metavar="ACTION")
    copy = actions.add_parser(
        "copy",
        parents=[of_action],
        help="copy all articles with their vectors, and prove the copy",
        description="FROM and TO are store folders, or configuration files (.toml) that name a database or a search "
        "engine; the folder that goes with these is that of --store. What is there already is passed over: run it "
        "again where it was cut short. To let another engine search the same store nothing is copied: change "
        "[store] url, and it is built from the database when it is first needed.",
    )
    copy.set_defaults(run=copy_command, binds_itself=True)
    people = actions.add_parser(
        "copy-conversations",
        parents=[of_action],
        help="copy conversations, ratings, logins and tokens, and prove the copy",
        description="FROM and TO are named as for 'store copy'. Close the window that uses FROM before. What is there "
        "already is passed over: run it again where it was cut short.",
    )
    people.set_defaults(run=copy_conversations_command, binds_itself=True)
    for action in (copy, people):
        action.add_argument("source", type=Path, metavar="FROM")
        action.add_argument("target", type=Path, metavar="TO")


def copy_command(args: argparse.Namespace) -> int:
    """Copy a store and tell what was done."""
    from index.store.copy import copy_store

    _bind_both(args)
    with closing(_opened(args, args.source)) as source, closing(_made(args, source)) as target:
        with _progress_bar() as advance:
            copied = copy_store(source, target, advance)
        engine = target.check_engine()
    if args.json:
        print_json(asdict(copied) | {"engine": engine})
    else:
        print_line(
            f"{copied.written} articles copied, {copied.there_before} were there before; {copied.chunks} passages are "
            f"equal in both. Searched: {engine}"
        )
    return 0


def copy_conversations_command(args: argparse.Namespace) -> int:
    """Copy what belongs to the people who ask, and tell what was done."""
    from ui.conversations.copy_conversations import copy_conversations
    from ui.conversations.database import ConversationTables
    from ui.serve.access.tokens import open_tokens
    from ui.window.access.sessions import copy_logins

    _bind_both(args)
    ends = [_folder(args, end) for end in (args.source, args.target)]
    source, target = (_kept_at(folder, "conversations.sqlite3") for folder in ends)
    if isinstance(source, Path) and not source.is_file():
        raise WindowError(f"There are no conversations in {ends[0]}; choose the store folder of the window.")
    with _progress_bar(" conversations") as advance:
        copied = copy_conversations(ConversationTables(source), ConversationTables(target), advance)
    logins = copy_logins(*(_kept_at(folder, "sessions.json") for folder in ends))
    tokens = open_tokens(ends[1]).take_over(open_tokens(ends[0]))
    if args.json:
        print_json(asdict(copied) | {"logins": logins, "tokens": tokens})
    else:
        print_line(
            f"{copied.written} questions copied in {copied.conversations} new conversations, {copied.there_before} "
            f"were there before, {copied.otherwise} of them answered in other words; {logins} logins, {tokens} tokens "
            "copied. All that was asked and rated is in both."
        )
    return 0


def _kept_at(folder: Path, name: str) -> Path | str:
    """Where a store's window keeps something: at the address of its database, or in a file."""
    from ui.window.main import private_folder

    return bound_to(folder) or private_folder(folder) / name


def _bind_both(args: argparse.Namespace) -> None:
    """Let both folders belong to the databases that are named; raises WindowError where they are one."""
    places = [_folder(args, end).resolve() for end in (args.source, args.target)]
    if places[0] == places[1]:
        raise WindowError(f"FROM and TO are both the store in {places[0]}; name another folder with --store.")
    for end in (args.source, args.target):
        if (url := _config(end).database.url) is not None:
            bind(_folder(args, end), url)


def _folder(args: argparse.Namespace, end: Path) -> Path:
    folder: Path = args.store if end.suffix == _CONFIGURATION else end
    return folder


def _config(end: Path) -> Config:
    return read_config(end) if end.suffix == _CONFIGURATION else Config()


def _opened(args: argparse.Namespace, end: Path) -> Store:
    return open_store(_config(end), _folder(args, end))


def _made(args: argparse.Namespace, source: Store) -> Store:
    """Open the store that is copied to, an empty one of the same kind where there is none."""
    database = source.database
    folder = _folder(args, args.target)
    if not Store.exists(folder):
        chunk_tokens = int(database.setting("chunk_tokens") or 0)
        Store.create(folder, database.encoder, database.dimension, chunk_tokens).close()
    return _opened(args, args.target)


@contextmanager
def _progress_bar(unit: str = " passages") -> Iterator[Callable[[str, int, int], None]]:
    """Show how many passages or conversations are copied, then how many are compared."""
    from tqdm import tqdm

    with tqdm(unit=unit, disable=None, leave=False, dynamic_ncols=True) as bar:

        def advance(what: str, done: int, total: int) -> None:
            if done < bar.n or bar.total is None:
                bar.reset(total)
            bar.set_description(what, refresh=False)
            bar.update(done - bar.n)

        yield advance
