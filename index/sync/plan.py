"""What a sync has to do: which files of the folders are new, changed, moved, gone, or as they were."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from index.errors import ArticleError
from index.ingest.list_folder import Listing, SourceFile, Unreadable
from index.ingest.problems import unreadable
from index.ingest.read_files import READING, hash_file
from index.store.database.database import Database
from index.store.database.records import FileRecord
from index.store.database.structure import unpack_problems


@dataclass(frozen=True, slots=True)
class Plan:
    """What has to be done: files to read, to rename (old record, file), to forget, and those as they were.

    ``unreadable`` could not be looked at now.  ``outdated`` are the records of files that are to be read again
    although they may not have changed, whenever they can be.
    """

    read: list[tuple[SourceFile, str]] = field(default_factory=list)
    moved: list[tuple[FileRecord, SourceFile]] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: list[FileRecord] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)
    outdated: list[FileRecord] = field(default_factory=list)


def make_plan(listing: Listing, known: dict[str, FileRecord], database: Database, programs: str) -> Plan:
    """Compare what lies in the folders with the files that the store knows, by their content.

    ``programs`` are those installed now: if one came since the last sync, what had problems is read again.
    """
    plan = Plan(unreadable=list(listing.unlisted))
    present = {file.source for file in listing.files}
    away = {item.source for item in listing.unlisted}
    folders_away = tuple(source for source in away if source.endswith("/"))
    present |= {source for source in known if source in away or source.startswith(folders_away)}
    as_before = database.setting("reading") == READING
    # What a program was missing for can be read once it is installed.
    no_new_program = set(programs.split()) <= set((database.setting("programs") or "").split())
    usable = {
        record.source: record
        for record in known.values()
        if as_before and (no_new_program or not record.problems)
    }
    vanished = {record.sha256: record for record in usable.values() if record.source not in present}
    for file in listing.files:
        try:
            sha256 = hash_file(file)
        except ArticleError as error:
            # What was read from it before stays: the file may be locked or its disk away for a moment.
            plan.unreadable.append(unreadable(file.source, error))
            continue
        record = usable.get(file.source)
        if record is not None and record.sha256 == sha256:
            plan.unchanged.append(record)
        elif file.source not in known and sha256 in vanished and not database.is_taken(file.source):
            plan.moved.append((vanished.pop(sha256), file))
        else:
            plan.read.append((file, sha256))
    moved = {record.source for record, _ in plan.moved}
    missing = dict.fromkeys([*known, *database.unfinished_files()])
    plan.removed.extend(source for source in missing if source not in present and source not in moved)
    plan.outdated.extend(record for record in known.values() if record.source not in usable)
    return plan


def old_problems(plan: Plan) -> Iterator[Unreadable]:
    """Tell again what an earlier sync could not read in the files that are as they were."""
    for record in [*plan.unchanged, *(replace(old, source=file.source) for old, file in plan.moved)]:
        yield from unpack_problems(record.source, record.problems)
