"""The search files of a store: segments, and the state that says which of them are searched.

``search/00000012-0003.json`` is the state of the database's generation 12 after three compactions; it names the
segments below ``search/segments`` and the chunks in them that have been removed.  A state is written whole and
then moved into place, so that a reader sees the one before or the one after.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from filelock import FileLock
from numpy.typing import NDArray

from index.errors import StoreError
from index.platform import flush_to_disk, replace
from index.store.local.lexical_index import LexicalIndex
from index.store.local.segment import REMEDY, Segment, holds
from index.store.local.vectors import VectorIndex

_SEGMENTS = "segments"
_STATE = "[0-9]*-[0-9]*.json"
_LOCK = "publish.lock"


@dataclass(frozen=True, slots=True)
class SegmentEntry:
    """A segment as the state names it: how many chunks it holds, and the highest of their numbers."""

    name: str
    chunks: int
    last: int


@dataclass(frozen=True, slots=True)
class SearchState:
    """Which chunks are searched: those of the ``segments``, in the order of their numbers, but the ``removed``.

    ``token`` is known to the database that the state was made from; ``last`` is the highest number it covers.
    """

    generation: int
    step: int
    encoder: str
    token: str
    last: int
    segments: tuple[SegmentEntry, ...]
    removed: tuple[int, ...]

    @property
    def file_name(self) -> str:
        """Name of the file that holds it."""
        return f"{self.generation:08d}-{self.step:04d}.json"

    def removed_by_segment(self) -> list[tuple[int, ...]]:
        """Give the removed chunks of each segment."""
        cuts = np.searchsorted(self.removed, [entry.last for entry in self.segments], side="right").tolist()
        return [self.removed[start:end] for start, end in pairwise([0, *cuts])]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is searched, by position 0 … n - 1; ``alive`` (n) is false for removed chunks, ``None`` without any."""

    state: SearchState
    segments: tuple[Segment, ...]
    numbers: NDArray[np.int64]
    articles: NDArray[np.int64]
    alive: NDArray[np.bool_] | None
    vectors: VectorIndex
    lexical: LexicalIndex

    @staticmethod
    def of(state: SearchState, segments: Sequence[Segment]) -> Snapshot:
        """Search the segments of a state as one."""
        none = np.zeros(0, dtype=np.int64)
        numbers = np.concatenate([none, *(segment.chunks for segment in segments)])
        return Snapshot(
            state,
            tuple(segments),
            numbers,
            np.concatenate([none, *(segment.articles for segment in segments)]),
            ~holds(np.array(state.removed, dtype=np.int64), numbers) if state.removed else None,
            VectorIndex.of([segment.vectors for segment in segments]),
            LexicalIndex.of([segment.lexical for segment in segments]),
        )

    @property
    def chunks(self) -> NDArray[np.int64]:
        """The numbers of the chunks that can be found, ascending."""
        return self.numbers if self.alive is None else self.numbers[self.alive]


@dataclass(frozen=True, slots=True)
class Staged:
    """A segment that is written but not searched yet, and where it lies."""

    path: Path
    entry: SegmentEntry


class SearchFiles:
    """The folder of the search files; segments that were read once are kept for as long as a state names them.

    With ``prove_anew`` every byte is proved, also of files that were proved before and not touched since.
    """

    def __init__(self, folder: Path, *, prove_anew: bool = False) -> None:
        self.folder = folder
        self._prove_anew = prove_anew
        self._latest: SearchState | None = None
        self._snapshot: Snapshot | None = None

    def latest(self) -> SearchState | None:
        """Read the newest state; raises StoreError where it is damaged."""
        while True:
            newest = max(self.folder.glob(_STATE), default=None)
            if newest is None:
                return None
            if self._latest is not None and newest.name == self._latest.file_name:
                return self._latest
            try:
                self._latest = _state(newest)
                return self._latest
            except FileNotFoundError:  # a newer one has taken its place
                continue

    def snapshot(self) -> Snapshot:
        """Open the newest state, of which there must be one; raises StoreError where a file is damaged."""
        while True:
            state = self.latest()
            assert state is not None
            if self._snapshot is None or self._snapshot.state != state:
                try:
                    self._snapshot = self._open(state)
                except (FileNotFoundError, StoreError):
                    # A writer may have put newer ones in their place while these were read.
                    if self.latest() != state:
                        continue
                    raise
            return self._snapshot

    def _open(self, state: SearchState) -> Snapshot:
        known: dict[str, Segment] = {}
        if self._snapshot is not None:
            old = self._snapshot
            known = {
                entry.name: segment for entry, segment in zip(old.state.segments, old.segments, strict=True)
            }
        return Snapshot.of(state, [known.get(entry.name) or self.segment(entry) for entry in state.segments])

    def segment(self, entry: SegmentEntry) -> Segment:
        """Read one segment; FileNotFoundError where a newer state has taken the place of its own."""
        return Segment.read(self.folder / _SEGMENTS / entry.name, anew=self._prove_anew)

    def stage(self, purpose: str, segments: Iterable[Segment]) -> list[Staged]:
        """Write segments, none of them empty, into folders of their own, still to be published.

        Whoever stages for a purpose holds the lock that belongs to it.
        """
        self._make_folder()
        staging = self.folder / f"{purpose}.partial"
        shutil.rmtree(staging, ignore_errors=True)
        staged = []
        for segment in segments:
            draft = staging / "draft"
            draft.mkdir(parents=True)
            name = segment.write(draft)
            replace(draft, staging / name)
            staged.append(
                Staged(staging / name, SegmentEntry(name, len(segment.chunks), int(segment.chunks[-1])))
            )
        return staged

    def publish(
        self, staged: Sequence[Staged], change: Callable[[SearchState | None], SearchState | None]
    ) -> None:
        """Put what ``change`` makes of the newest state in its place, and remove what it no longer names.

        Nobody else changes it meanwhile; ``None`` leaves it as it is.  One that is damaged counts as none.
        """
        self._make_folder()
        home = self.folder / _SEGMENTS
        home.mkdir(exist_ok=True)
        with FileLock(self.folder / _LOCK):
            state = change(self._latest_whole())
            if state is not None:
                self._put(state, staged, home)

    def _latest_whole(self) -> SearchState | None:
        try:
            return self.latest()
        except StoreError:
            return None

    def _make_folder(self) -> None:
        """Make the folder, for its user alone: the words and meanings of articles lie here."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def _put(self, state: SearchState, staged: Sequence[Staged], home: Path) -> None:
        for segment in staged:
            place = home / segment.entry.name
            if place.exists() and not _is_whole(place):  # the same content has the same name
                shutil.rmtree(place)
            if not place.exists():
                replace(segment.path, place)
        draft = self.folder / f"{state.file_name}.new"
        draft.write_text(json.dumps(asdict(state)), encoding="utf-8")
        flush_to_disk(draft)
        replace(draft, self.folder / state.file_name)
        self._remove_all_but(state, home)

    def _remove_all_but(self, state: SearchState, home: Path) -> None:
        """Remove older states, segments that none needs, and the search files of earlier formats."""
        for path in self.folder.iterdir():
            if path.is_dir():
                if path.name != _SEGMENTS and not path.name.endswith(".partial"):
                    shutil.rmtree(path, ignore_errors=True)
            elif path.name != state.file_name and path.suffix == ".json":
                path.unlink(missing_ok=True)
        named = {entry.name for entry in state.segments}
        for path in home.iterdir():
            if path.name not in named:
                shutil.rmtree(path, ignore_errors=True)


def _is_whole(folder: Path) -> bool:
    try:
        Segment.read(folder)
    except (StoreError, OSError):
        return False
    return True


def _state(path: Path) -> SearchState:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        segments = tuple(SegmentEntry(**entry) for entry in content.pop("segments"))
        removed = tuple(content.pop("removed"))
        return SearchState(**content, segments=segments, removed=removed)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise StoreError(f"The state of the search files in {path} is damaged. {REMEDY}") from error
