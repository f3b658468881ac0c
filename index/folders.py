"""Which folders a store holds, and how the sources of one are kept apart from those of another.

The sources of the first folder are plain paths in it, those of each further one begin with its own prefix.  A folder
keeps its prefix for as long as it stays, whatever comes or goes beside it, so that no article changes its name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain, count
from pathlib import Path

from index.errors import ArticleError
from index.ingest.list_folder import Listing, source_of
from index.ingest.read_files import list_documents
from index.platform import same_place

UPLOADED = "@uploads/"
"""Before the source of a file that was added through the window."""


class NestedFolderError(ArticleError):
    """One of the folders lies in another, so that its articles would be read twice."""

    def __init__(self, inner: Path, outer: Path) -> None:
        self.inner, self.outer = inner, outer
        super().__init__(f"{inner} lies in {outer}, which is read already; name one of them.")


def named_folders(
    folders: Iterable[Path],
    known: Mapping[str, Path],
    *,
    same: Callable[[Path, Path], bool] = same_place,
) -> dict[str, Path]:
    """Give each folder its prefix, that of ``known`` where it has one; a folder that is named twice counts once.

    ``same`` tells whether two paths lead to one folder.  Raises NestedFolderError where one lies in another.
    """
    wanted: list[Path] = []
    for folder in (folder.resolve() for folder in folders):
        if not any(same(folder, other) for other in wanted):
            wanted.append(folder)
    for inner in wanted:
        for outer in wanted:
            if any(same(above, outer) for above in inner.parents):
                raise NestedFolderError(inner, outer)
    prefixes = {folder: prefix for prefix, place in known.items() for folder in wanted if same(folder, place)}
    taken = {UPLOADED, *prefixes.values()}
    for folder in wanted:
        if folder not in prefixes:
            prefixes[folder] = _free_prefix(folder, taken, wanted) if prefixes else ""
            taken.add(prefixes[folder])
    return {prefixes[folder]: folder for folder in wanted}


def list_folders(
    folders: Mapping[str, Path], store_folder: Path, known: Iterable[str] = (), *, allow_empty: bool = False
) -> Listing:
    """List what a store is to hold: the files of its folders, and those that were added through the window.

    The store may lie in a folder, and is left out.  Raises ArticleError where a folder is not there, lies in the
    store, or holds no document although there are ``known`` sources of it and ``allow_empty`` is not set.
    """
    home = store_folder.resolve()
    whole = Listing(())
    known = tuple(known)
    for prefix, folder in folders.items():
        listing = _list(folder, home)
        held = any(prefix_of(source, (*folders, UPLOADED)) == prefix for source in known)
        if held and not (listing.files or listing.unlisted or allow_empty):
            raise ArticleError(
                f"{folder} holds no article; is a disk missing? If it is meant to be empty, add --allow-empty.",
                code="folder_empty",
            )
        whole = _joined(whole, listing, prefix)
    if (home / "uploads").is_dir():
        listing = list_documents(home / "uploads")
        # What cannot be listed now keeps its articles; excluded files were not asked for.
        uploads = Listing(listing.files, unlisted=listing.unlisted)
        whole = _joined(whole, uploads, UPLOADED)
    return whole


def check_folders(folders: Iterable[Path], store_folder: Path, *, allow_empty: bool = False) -> None:
    """Raise ArticleError where a new store cannot be made of folders, or there is nothing in them."""
    named = named_folders(folders, {})
    if not (list_folders(named, store_folder).files or allow_empty):
        raise ArticleError(
            f"{join_folders([*named.values()])} holds no article; is a disk missing? "
            "If the store is meant to be empty, add --allow-empty.",
            code="folder_empty",
        )


def prefix_of(source: str, folders: Iterable[str]) -> str | None:
    """Tell which of the prefixes a source begins with, ``None`` where it is none of them."""
    return max((prefix for prefix in folders if source.startswith(prefix)), key=len, default=None)


def path_of(source: str, folders: Mapping[str, Path]) -> Path | None:
    """Give the path of a source of the folders, ``None`` where it leads out of its folder or is of none."""
    prefix = prefix_of(source, folders)
    if prefix is None:
        return None
    path = (folders[prefix] / source.removeprefix(prefix)).resolve()
    return path if path.is_relative_to(folders[prefix].resolve()) else None


def join_folders(folders: Sequence[Path]) -> str:
    """Name folders in a sentence."""
    return ", ".join(map(str, folders)) or "no folder"


def _list(folder: Path, home: Path) -> Listing:
    root = folder.resolve()
    if root.is_relative_to(home):
        raise ArticleError(
            f"{folder} lies in the store's own folder; name the folder with your articles.",
            code="folder_of_store",
        )
    listing = list_documents(folder)
    if not home.is_relative_to(root):
        return listing
    inside = f"{source_of(home.relative_to(root))}/"
    return Listing(
        tuple(file for file in listing.files if not file.path.is_relative_to(home)),
        tuple(item for item in listing.passed_over if not item.source.startswith(inside)),
        listing.unlisted,
    )


def _joined(whole: Listing, listing: Listing, prefix: str) -> Listing:
    return Listing(
        (*whole.files, *(replace(item, source=prefix + item.source) for item in listing.files)),
        (*whole.passed_over, *(replace(item, source=prefix + item.source) for item in listing.passed_over)),
        (*whole.unlisted, *(replace(item, source=prefix + item.source) for item in listing.unlisted)),
    )


def _free_prefix(folder: Path, taken: set[str], wanted: Sequence[Path]) -> str:
    """Find a prefix that no other folder has, and that no source of theirs begins with."""
    name = source_of(Path(folder.name or "folder"))
    tried = chain((f"@{name}/",), (f"@{name} {number}/" for number in count(2)))
    return next(
        prefix
        for prefix in tried
        if prefix not in taken and not any((other / prefix).exists() for other in wanted)
    )
