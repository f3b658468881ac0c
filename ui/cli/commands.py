"""What each command does: parse, call, print."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from textwrap import indent
from typing import Any

from index.models.catalogue import load_catalogue
from index.schema import Filters
from index.sources import known_source
from index.store.store import Store
from index.text.normalise import syllables
from rag.assemble import (
    chosen_models,
    open_assistant,
    open_encoder,
    open_model_cache,
    open_retriever,
    open_store,
)
from rag.config import read_config
from rag.schema import Answer, Delta, Finished, Found, Restarted, Turn
from rag.suggestions.narrower import narrowings
from ui.answer_json import answer_object, hit_object
from ui.cli.output import nothing_found
from ui.cli.sync import Watcher
from ui.cli.terminal import draft_line, lines_out, print_json, print_line, progress_bar, tell
from ui.errors import WindowError
from ui.search_scope import shown_source
from ui.strings import words_in
from ui.views.extractive_answer import closest_line, extract_beside, extract_line
from ui.views.formatting import about_article, format_place, shortcomings


def sync(args: argparse.Namespace) -> int:
    """Make the store equal to its folders, with a progress bar, and keep it so with ``--watch``."""
    from index.cluster.ray_cluster import check_ray
    from index.folders import check_folders, join_folders

    if args.ray:
        check_ray()
    config = read_config(args.config)
    exists = Store.exists(args.store)
    args.folders = args.folders or config.articles.folders or _folders_before(args.store)
    if args.rebuild or not exists:  # before anything is made or emptied
        check_folders(args.folders, args.store, allow_empty=args.allow_empty)
    encoder = open_encoder(config)
    make = Store.clear if args.rebuild and exists else Store.create
    with closing(make(args.store, encoder.name, encoder.dimension, config.index.chunk_tokens)) as store:
        before, wanted = [*store.database.folders.values()], [path.resolve() for path in args.folders]
        if before and set(before) != set(wanted):
            tell(f"the store held {join_folders(before)}; it is made equal to {join_folders(wanted)}")
    watcher = Watcher(args, config, encoder)
    if not args.watch:
        watcher.sync(args.wait)
        return 0
    return watcher.follow()


def _choose(folders: Sequence[Path], path: Path | None) -> None:
    """Let the configuration name these folders, where it names any: it goes before what a store held."""
    from ui.settings.configuration import change_settings

    if read_config(path).articles.folders is not None:
        change_settings({"articles.folders": tuple(map(str, folders))}, path)


def _folders_before(store_folder: Path) -> list[Path]:
    """The folders of the last time; raises WindowError where there was none."""
    if Store.exists(store_folder):
        with closing(Store.open(store_folder)) as store:
            if before := [*store.database.folders.values()]:
                return before
    raise WindowError("No folder of articles is known yet. Name one: hoidap sync FOLDER.")


def ask(args: argparse.Namespace) -> int:
    """Answer one question on the terminal, or a file of questions into a file."""
    assistant = open_assistant(read_config(args.config), args.store)
    filters = chosen_filters(args)
    if args.file:
        questions = read_questions(args.file)  # a bad line is told before the first is answered
        with lines_out(args.out) as write:
            for asked in questions:
                answer = assistant.answer(asked.question, [Turn(text) for text in asked.follows], filters)
                write({"id": asked.id} | answer_object(answer, filters))
        return 0
    if args.json:
        print_json(answer_object(assistant.answer(args.question, filters=filters), filters))
        return 0
    draft, words = "", words_in("vi")
    with draft_line() as show:
        show(words.state_searching)
        for event in assistant.ask(args.question, filters=filters):
            match event:
                case Found():
                    show(words.state_reading.format(passages=len(event.passages)))
                case Delta():
                    show(draft := draft + event.text)
                case Restarted():
                    show(draft := "")
                case Finished():
                    answer = event.answer
    print_line(_readable(answer, filters))
    return 0


def search(args: argparse.Namespace) -> int:
    """Print the passages found for a question, or for each of a file."""
    retriever = open_retriever(read_config(args.config), args.store)
    filters = chosen_filters(args)
    if args.file:
        questions = read_questions(args.file)
        with lines_out(args.out) as write:
            for asked in questions:
                hits = retriever.search(asked.question, args.k, filters)
                write(
                    {
                        "id": asked.id,
                        "question": asked.question,
                        "passages": [hit_object(hit) for hit in hits],
                    }
                )
        return 0
    hits = retriever.search(args.question, args.k, filters)
    if args.json:
        print_json({"question": args.question, "passages": [hit_object(hit) for hit in hits]})
        return 0
    if not hits:
        tell(nothing_found(retriever.store.database.counts().articles, filters))
    for hit in hits:
        article = hit.chunk.article
        score = round(hit.score, 2) + 0.0  # no "-0.00"
        stands = format_place(article.mark_at(hit.chunk.start), words_in("vi"))
        source = ", ".join(filter(None, (article.source, stands)))
        print_line(f"{hit.rank}. {article.title} ({source}; {score:.2f})")
        print_line(indent(hit.chunk.text, "   ") + "\n")
    return 0


def window(args: argparse.Namespace) -> int:
    """Open the chat window and serve it until interrupted; folders that are named are read meanwhile."""
    from index.folders import check_folders
    from ui.window.access.listen import ListenOptions
    from ui.window.main import open_window

    reach = ListenOptions(
        args.host, args.port, tuple(args.name), args.root_path.rstrip("/"), tuple(args.proxy)
    )
    folders = tuple(folder.resolve() for folder in args.folders)
    if folders:
        check_folders(folders, args.store, allow_empty=True)
        _choose(folders, args.config)
    open_window(args.config, args.store, reach, os.environ.get("HOIDAP_PASSWORD") or None, folders)
    return 0


def verify(args: argparse.Namespace) -> int:
    """Check everything about a store; 1 when something is wrong."""
    from index.store.verify import repair, verify_store

    config = read_config(args.config)
    with closing(open_store(config, args.store)) as store:
        if args.repair:
            repair(store)
        encoder = open_encoder(config)
        report = verify_store(store, encoder if encoder.name == store.database.encoder else None)
    if args.json:
        print_json(asdict(report))
    else:
        for check in report.checks:
            print_line(
                f"{'ok   ' if check.fault is None else 'FAULT'} {check.name}: {check.fault or check.told}"
            )
    return 0 if report.whole else 1


def models(args: argparse.Namespace) -> int:
    """List, fetch, verify or remove models of the catalogue."""
    from index.models.catalogue import find

    config = read_config(args.config)
    cache = open_model_cache(config)
    catalogue = load_catalogue()
    if args.action == "list":
        used = {entry.id for entry in chosen_models(config)}
        rows: list[dict[str, Any]] = [
            {
                "id": entry.id, "role": entry.role, "licence": entry.licence, "bytes": entry.size,
                "state": cache.status(entry).state, "used": entry.id in used,
            }
            for entry in catalogue
        ]  # fmt: skip
        if args.json:
            print_json(rows)
        else:
            for row in rows:
                mark = "*" if row["used"] else " "
                print_line(
                    f"{mark} {row['id']:38} {row['role']:8} {row['bytes'] / 1e6:7.0f} MB"
                    f"  {row['state']:10} {row['licence']}"
                )
            print_line("* used by the configuration")
        return 0
    entries = [find(catalogue, model) for model in args.ids] or chosen_models(config)
    for entry in entries:
        if args.action == "fetch":
            with progress_bar(desc=entry.id, unit="B", unit_scale=True) as advance:
                path = cache.fetch(entry, config.models.order, advance, tell)
            result = {"id": entry.id, "path": str(path)}
        elif args.action == "verify":
            cache.verify(entry)
            result = {"id": entry.id, "state": "ready"}
        else:
            result = {"id": entry.id, "freed_bytes": str(cache.remove(entry))}
        if args.json:
            print_json(result)
        else:
            print_line("  ".join(result.values()))
    return 0


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A line of a file of questions; ``follows`` are the earlier ones of its conversation, oldest first."""

    id: str
    question: str
    follows: tuple[str, ...] = ()


def read_questions(path: Path) -> list[AskedQuestion]:
    """Read all of a JSONL file of questions; raises WindowError with the line that is wrong."""
    questions: list[AskedQuestion] = []
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise WindowError(f"Cannot read the questions {path}: {error}.") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            follows = row.get("follows") or []
            if not isinstance(row["question"], str) or not all(isinstance(text, str) for text in follows):
                raise TypeError
            if not syllables(row["question"]):
                raise ValueError
            questions.append(AskedQuestion(str(row.get("id", number)), row["question"], tuple(follows)))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise WindowError(
                f'{path}, line {number}: expected an object like {{"id": "1", "question": "Ai …?"}}.'
            ) from None
    return questions


def chosen_filters(args: argparse.Namespace) -> Filters:
    """Which articles the options of a command let count."""
    sources: tuple[str, ...] = ()
    if args.source:
        with closing(Store.open(args.store)) as store:
            sources = tuple(known_source(store.database, named) for named in args.source)
    return Filters(args.from_date, args.to_date, sources)


def _readable(answer: Answer, filters: Filters = Filters()) -> str:
    words = words_in("vi")
    lines = [f"({answer.standalone})"] if answer.standalone != answer.question else []
    if beside := extract_beside(answer):
        lines.append(extract_line(beside, words))
    lines += [answer.text, *shortcomings(answer, words)]
    lines += [
        f"(!) {words.unsupported_label}: “{answer.text[statement.start : statement.end]}”"
        for statement in answer.statements
        if not statement.marks
    ]
    lines.append("")
    for citation in answer.citations:
        article = citation.hit.chunk.article
        about = ", ".join(about_article(article, words))
        stands = format_place(article.mark_at(citation.start), words)
        source = ", ".join(filter(None, (article.source, stands)))
        lines.append(f"[{citation.mark}] {about} ({source})\n    “{citation.quote}”")
    if answer.closest:
        lines.append(closest_line(answer.closest, words))
    if answer.refused:
        lines += [
            f" -  {hit.chunk.article.title} ({hit.chunk.article.source})" for hit in answer.passages[:3]
        ]
    if narrower := [shown_source(narrowing.value) for narrowing in narrowings(answer, filters)]:
        lines.append(f"{words.narrow_title}: {' · '.join(narrower)}")
    lines.append(f"({answer.seconds.total:.1f} s)")
    return "\n".join(lines)
