"""What a sync has to do: which files of the folders are new, changed, moved, gone, or as they were."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from index.errors import ArticleError
from index.ingest.files import READING, hash_file
from index.ingest.folder import Listing, SourceFile, Unreadable
from index.store.database.database import Database
from index.store.database.records import FileRecord

_IN_PART = "in part"


@dataclass(frozen=True, slots=True)
class Plan:
    """What has to be done: files to read, to rename (old record, file), to forget, and those as they were."""

    read: list[tuple[SourceFile, str]] = field(default_factory=list)
    moved: list[tuple[FileRecord, SourceFile]] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: list[FileRecord] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)


def make_plan(listing: Listing, known: dict[str, FileRecord], database: Database, programs: str) -> Plan:
    """Compare what lies in the folders with the files that the store knows, by their content.

    ``programs`` are those installed now: if they are others than at the last sync, what had problems is read again.
    """
    plan = Plan(unreadable=list(listing.unlisted))
    present = {file.source for file in listing.files}
    away = tuple(item.source for item in listing.unlisted)
    present |= {source for source in known if away and source.startswith(away)}
    vanished = {record.sha256: record for record in known.values() if record.source not in present}
    as_before = database.setting("reading") == READING
    same_programs = database.setting("programs") == programs
    for file in listing.files:
        record = known.get(file.source)
        try:
            sha256 = hash_file(file)
        except ArticleError as error:
            # What was read from it before stays: the file may be locked or its disk away for a moment.
            plan.unreadable.append(Unreadable(file.source, str(error)))
            continue
        # What a program was missing for can be read once it is installed.
        is_read = as_before and (same_programs or record is None or not record.problems)
        if record is not None and record.sha256 == sha256 and is_read:
            plan.unchanged.append(record)
        elif record is None and sha256 in vanished and as_before and not database.is_taken(file.source):
            plan.moved.append((vanished.pop(sha256), file))
        else:
            plan.read.append((file, sha256))
    moved = {record.source for record, _ in plan.moved}
    gone = dict.fromkeys([*known, *database.unfinished_files()])
    plan.removed.extend(source for source in gone if source not in present and source not in moved)
    return plan


def old_problems(plan: Plan) -> Iterator[Unreadable]:
    """Tell again what an earlier sync could not read in the files that are as they were."""
    for record in [*plan.unchanged, *(replace(old, source=file.source) for old, file in plan.moved)]:
        for line in record.problems.splitlines():
            place, reason, *more = line.split("\t")
            yield Unreadable(record.source + place, reason, in_part=_IN_PART in more)


def told_problem(problem: Unreadable, source: str) -> str:
    """Write what could not be read of a file into one line for its record, which ``old_problems`` reads."""
    place = problem.source.removeprefix(source)
    reason = " ".join(problem.reason.split())  # the message of a library may have lines of its own
    return "\t".join([place, reason, *([_IN_PART] if problem.in_part else [])])
