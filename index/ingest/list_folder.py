"""What lies in a folder: the files to read, what is passed over, and what cannot be listed."""

from __future__ import annotations

import os
import re
import unicodedata
import zlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from index.errors import ArticleError
from index.ingest.document import Place, Problem

_FRAMES = re.compile(
    r"(?P<page>.+)(?:_files|\.files|-files|_fichiers|-Dateien|-filer|_tệp|_tập tin)", re.IGNORECASE
)
_PAGES = (".html", ".htm", ".xhtml", ".shtml")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of the folder; ``source`` is its path relative to the folder with ``/``, ``size`` in bytes."""

    path: Path
    source: str
    size: int


@dataclass(frozen=True, slots=True)
class Unreadable:
    """What could not be read, a file, a folder ``name/`` or a line ``file#line``, and why, with the remedy.

    ``problems`` are the codes of the same reason, for whoever tells it in other words or another language.
    ``in_part``: that are only some places of it, which the reason names; the rest is read.
    """

    source: str
    reason: str
    problems: tuple[Problem, ...] = ((ArticleError.code, Place()),)
    in_part: bool = False


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A file or folder that is not read on purpose.

    ``kind`` is the ending of a file that is no document, ``link`` what leads out of the folder or in a loop, or
    ``frame`` the parts of a saved page, whose article is the page itself.
    """

    source: str
    kind: str


@dataclass(frozen=True, slots=True)
class Listing:
    """All of a folder and the folders in it, each part sorted by source; hidden files are left out."""

    files: tuple[SourceFile, ...]
    passed_over: tuple[PassedOver, ...] = ()
    unlisted: tuple[Unreadable, ...] = ()
    """Folders ``name/`` that cannot be listed, and files that cannot be looked at, as in a folder not to be entered."""


def list_folder(folder: Path, suffixes: Collection[str]) -> Listing:
    """List a folder; raises ArticleError where it is not there or itself cannot be listed."""
    root = folder.resolve()
    if not root.is_dir():
        raise ArticleError(f"{folder} is not a folder; check its path.", code="folder")
    try:
        with os.scandir(root):
            pass
    except OSError as error:
        raise ArticleError(
            f"{folder} cannot be listed ({error.strerror}); check its permissions.", code="folder"
        ) from error
    unlisted: list[Unreadable] = []

    def cannot_list(error: OSError) -> None:
        if Path(error.filename) == root:
            # Nothing is known of any file then: as a folder "./" that is away, all of them would count as gone.
            raise ArticleError(
                f"{folder} cannot be listed ({error.strerror}); check its disk and its permissions.",
                code="folder",
            ) from error
        source = source_of(Path(error.filename).relative_to(root))
        reason = f"the folder cannot be listed ({error.strerror}); check its permissions"
        unlisted.append(Unreadable(f"{source}/", reason, (("cannot-list", Place()),)))

    found: list[SourceFile | PassedOver | Unreadable] = []
    for place, folders, names in os.walk(root, onerror=cannot_list):
        found += _take_out_folders(root, Path(place), folders, names)
        for name in names:
            if not name.startswith((".", "~$")):
                found.append(_entry(root, Path(place, name), suffixes))
    unlisted += [item for item in found if isinstance(item, Unreadable)]
    files = _with_names_of_their_own(item for item in found if isinstance(item, SourceFile))
    passed = sorted((item for item in found if isinstance(item, PassedOver)), key=lambda item: item.source)
    return Listing(files, tuple(passed), tuple(sorted(unlisted, key=lambda item: item.source)))


def suffix_of(name: str) -> str:
    """Give the ending of a name in small letters, that before ``.gz`` with it."""
    name = name.lower()
    path = Path(name)
    return "".join(path.suffixes[-2:]) if path.suffix == ".gz" else path.suffix


def source_of(path: Path) -> str:
    """Write a relative path with ``/`` and in NFC; bytes that are no UTF-8 as ``%E0``."""
    name = path.as_posix().encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return unicodedata.normalize(
        "NFC", re.sub(r"\\x([0-9a-f]{2})", lambda match: f"%{match[1].upper()}", name)
    )


def _take_out_folders(root: Path, place: Path, folders: list[str], names: list[str]) -> Iterator[PassedOver]:
    """Leave hidden folders, links and the frames of saved pages out of those to go into."""
    pages = {unicodedata.normalize("NFC", Path(name).stem) for name in names if name.lower().endswith(_PAGES)}
    kept = []
    for name in folders:
        path = place / name
        frames = _FRAMES.fullmatch(unicodedata.normalize("NFC", name))
        if name.startswith("."):
            continue
        if os.path.islink(path):  # of a folder that may not be entered nothing is known: walking it will tell
            yield PassedOver(f"{source_of(path.relative_to(root))}/", "link")
        elif frames and frames["page"] in pages:
            yield PassedOver(f"{source_of(path.relative_to(root))}/", "frame")
        else:
            kept.append(name)
    folders[:] = kept


def _entry(root: Path, path: Path, suffixes: Collection[str]) -> SourceFile | PassedOver | Unreadable:
    source, suffix = source_of(path.relative_to(root)), suffix_of(path.name)
    try:
        path.lstat()
    except FileNotFoundError:  # gone meanwhile
        return PassedOver(source, suffix or path.name)
    except OSError as error:  # its folder may be listed, not entered; or its disk is away for a moment
        if suffix not in suffixes:
            return PassedOver(source, suffix or path.name)
        reason = f"it cannot be opened ({error.strerror}); check its disk and the permissions of its folder"
        return Unreadable(source, reason, (("cannot-open", Place()),))
    try:
        leads_out = path.is_symlink() and not path.resolve(strict=True).is_relative_to(root)
        is_file = path.is_file()
        size = path.stat().st_size if is_file else 0
    except (OSError, RuntimeError):  # a link that leads nowhere, or in a loop
        return PassedOver(source, "link")
    if leads_out:
        return PassedOver(source, "link")
    if suffix not in suffixes or not is_file:
        return PassedOver(source, suffix or path.name)
    return SourceFile(path, source, size)


def _with_names_of_their_own(files: Iterator[SourceFile]) -> tuple[SourceFile, ...]:
    """Tell files apart whose names differ only in how their letters are composed (NFC and NFD)."""
    taken: set[str] = set()
    named = []
    for file in sorted(files, key=lambda file: (file.source, os.fsencode(file.path))):
        source = file.source
        if source in taken:
            source = f"{source}~{zlib.crc32(os.fsencode(file.path.name)):08x}"
        taken.add(source)
        named.append(SourceFile(file.path, source, file.size))
    return tuple(sorted(named, key=lambda file: file.source))
