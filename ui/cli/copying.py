"""The command ``store copy``: from a laptop's folder to a server's engines, or back."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from pathlib import Path

from index.store.binding import bind
from index.store.store import Store
from rag.assemble import open_store
from rag.config import Config, read_config
from ui.cli.terminal import print_json, print_line
from ui.errors import WindowError

_CONFIGURATION = ".toml"


def add_store_command(
    parsers: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser
) -> None:
    """Describe it; ``common`` gives --store, --json and --debug."""
    store = parsers.add_parser("store", parents=[common], help="copy a store to another place or engine")
    actions = store.add_subparsers(title="actions", required=True, metavar="ACTION")
    copy = actions.add_parser(
        "copy",
        parents=[common],
        help="copy all articles with their vectors, and prove the copy",
        description="FROM and TO are store folders, or configuration files (.toml) that name a database or a search "
        "engine; the folder that goes with these is that of --store. What is there already is passed over: run it "
        "again where it was cut short. To let another engine search the same store nothing is copied: change "
        "[store] url, and it is built from the database when it is first needed.",
    )
    copy.add_argument("source", type=Path, metavar="FROM")
    copy.add_argument("target", type=Path, metavar="TO")
    copy.set_defaults(run=copy_command, binds_itself=True)


def copy_command(args: argparse.Namespace) -> int:
    """Copy a store and tell what was done."""
    from index.store.copy import copy_store

    places = [_folder(args, end).resolve() for end in (args.source, args.target)]
    if places[0] == places[1]:
        raise WindowError(f"FROM and TO are both the store in {places[0]}; name another folder with --store.")
    for end in (args.source, args.target):
        if (url := _config(end).database.url) is not None:
            bind(_folder(args, end), url)
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
def _progress_bar() -> Iterator[Callable[[str, int, int], None]]:
    """Show how many passages are copied, then how many are compared."""
    from tqdm import tqdm

    with tqdm(unit=" passages", disable=None, leave=False, dynamic_ncols=True) as bar:

        def advance(what: str, done: int, total: int) -> None:
            if done < bar.n or bar.total is None:
                bar.reset(total)
            bar.set_description(what, refresh=False)
            bar.update(done - bar.n)

        yield advance
