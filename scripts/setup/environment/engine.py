"""The language model engine: a prebuilt wheel that is proved to run here, or else the least that must be compiled."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shlex
import shutil
import tempfile
import time
import urllib.request
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any

from index.models.fingerprint import sha256
from index.platform import available_cores, replace
from scripts.setup import system as here
from scripts.setup.commands import Commands, last_line
from scripts.setup.console import Console
from scripts.setup.system import System
from scripts.setup.words import SetupError, note

SOURCE = "llama-cpp-python==0.3.36"
"""What is compiled where no wheel will do, and the oldest that will do; the sources' hash is the index's."""
_SETUP = Path(__file__).parent
_WHERE = """
from importlib.metadata import version
from importlib.util import find_spec
found = find_spec("llama_cpp")
if found:
    print(found.origin)
    print("llama_cpp_python-" + version("llama-cpp-python"))
"""
_CONNECT_SECONDS = 5.0
_FETCH_SECONDS = 90.0
_PIECE = 1 << 18


class NoWheelError(Exception):
    """There is no wheel to be had, with the reason."""


@dataclass(frozen=True, slots=True)
class PinnedWheel:
    """A wheel with the hash that its bytes must have."""

    url: str
    sha256: str

    @property
    def name(self) -> str:
        """Its file's name."""
        return self.url.rsplit("/", 1)[-1]


@dataclass(frozen=True, slots=True)
class Engine:
    """Gets the engine's wheel into ``folder``, where it is kept for the next time."""

    folder: Path
    python: Path
    commands: Commands
    console: Console
    system: System

    def wheel(self, variables: Mapping[str, str], *, compile_here: bool = False) -> Path | None:
        """Give a wheel that runs on this computer, ``None`` where one is installed already.

        Raises SetupError where there is no way to one.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        if not compile_here:
            if self.installed():
                return None
            try:
                return self.prebuilt(pinned_wheel(self.system, variables))
            except NoWheelError as reason:
                self.console.say(note("no_wheel", reason=reason))
        return self.compiled(variables)

    def installed(self) -> bool:
        """Whether the environment has an engine that runs and is new enough."""
        code, output = self.commands.attempt([self.python, "-c", _WHERE])
        if code != 0 or len(output.splitlines()) != 2:
            return False
        place, name = output.splitlines()
        return version_of(name) >= version_of(SOURCE) and not self._run_libraries(Path(place).parent / "lib")

    def prebuilt(self, pinned: PinnedWheel) -> Path:
        """Fetch the pinned wheel and prove that it runs; raises NoWheelError."""
        place = self.folder / pinned.name
        if not place.is_file() or sha256(place) != pinned.sha256:
            fetch(pinned, place)
        if fault := self.trial(place):
            place.unlink(missing_ok=True)
            raise NoWheelError(fault)
        return place

    def compiled(self, variables: Mapping[str, str]) -> Path:
        """Compile what is needed and no more; what an earlier run compiled for this processor is taken again."""
        if remedy := here.missing_compiler(shutil.which, variables, self.system):
            raise SetupError("no_compiler", remedy=remedy)
        flags = here.tile_flags(
            here.describe_processor(), here.describe_compiler(variables), variables.get("CXXFLAGS", "")
        )
        kept = self.folder / f"compiled-{_fingerprint(flags)}"
        built = next(kept.glob("*.whl"), None) if kept.is_dir() else None
        if built is None:
            built = self._compile(kept, flags)
        if fault := self.trial(built):
            shutil.rmtree(kept)
            raise SetupError("engine_dies", reason=fault)
        return built

    def trial(self, wheel: Path) -> str:
        """Why a wheel does not run on this processor, tried in a process of its own; empty where it does."""
        with tempfile.TemporaryDirectory(prefix="hoidap-trial-") as folder:
            try:
                with zipfile.ZipFile(wheel) as archive:
                    libraries = [name for name in archive.namelist() if name.startswith("llama_cpp/lib/")]
                    archive.extractall(folder, libraries)
            except zipfile.BadZipFile as error:
                return str(error)
            if not libraries:
                return "no library in it"
            return self._run_libraries(Path(folder) / "llama_cpp" / "lib")

    def _run_libraries(self, folder: Path) -> str:
        code, output = self.commands.attempt([self.python, "-I", _SETUP / "trial.py", folder])
        return "" if code == 0 else f"exit {code}: {last_line(output)}"

    def _compile(self, kept: Path, flags: Mapping[str, str]) -> Path:
        lean = (_SETUP / "lean.cmake").as_posix()
        arguments = ["-DLLAVA_BUILD=OFF", f"-DCMAKE_PROJECT_llama.cpp_INCLUDE={lean}"]
        variables = {
            "CMAKE_ARGS": shlex.join([*shlex.split(os.environ.get("CMAKE_ARGS", "")), *arguments]),
            "CMAKE_BUILD_PARALLEL_LEVEL": str(available_cores()),
            **flags,
        }
        options = ["--no-deps", "--no-cache-dir", "--disable-pip-version-check", "--verbose"]
        scratch = Path(tempfile.mkdtemp(dir=self.folder, prefix="new-"))
        command: list[str | Path] = [self.python, "-m", "pip", "wheel", *options, "--wheel-dir", scratch]
        try:
            with self.console.step("compiling"):
                self.commands.run(
                    "compiling",
                    [*command, "--no-binary=llama-cpp-python", SOURCE],
                    variables,
                    _ninja_steps(self.console),
                )
            shutil.rmtree(kept, ignore_errors=True)
            replace(scratch, kept)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
        return next(kept.glob("*.whl"))


def pinned_wheel(system: System, variables: Mapping[str, str]) -> PinnedWheel:
    """The wheel for a computer; ``HOIDAP_WHEELS`` names a list of one's own, for a mirror.

    Raises NoWheelError where there is none for it.
    """
    place = variables.get("HOIDAP_WHEELS")
    try:
        catalogue: dict[str, Any] = json.loads(
            Path(place or _SETUP / "wheels.json").read_text(encoding="utf-8")
        )
        for row in catalogue["files"]:
            if (row["system"], row["machine"]) == (system.name, system.machine) and system.glibc:
                pinned = PinnedWheel(catalogue["base"] + row["path"], row["sha256"])
                break
        else:
            raise NoWheelError(f"{system.name} {system.machine}")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NoWheelError(f"{place}: {error}") from error
    if version_of(pinned.name) < version_of(SOURCE):
        raise NoWheelError(f"{pinned.name} < {SOURCE}")
    return pinned


def version_of(name: str) -> tuple[int, ...]:
    """The numbers of the version in a wheel's name or a requirement, none where it has no version."""
    found = re.search(r"(?:-|[=>]=)(\d+(?:\.\d+)+)", name)
    return tuple(map(int, found[1].split("."))) if found else ()


def fetch(pinned: PinnedWheel, place: Path) -> None:
    """Download a wheel; raises NoWheelError soon where the way is closed, and for other bytes than the pinned ones."""
    began, digest, staging = time.monotonic(), hashlib.sha256(), place.with_suffix(".part")
    try:
        with (
            urllib.request.urlopen(pinned.url, timeout=_CONNECT_SECONDS) as answer,
            staging.open("wb") as file,
        ):
            while piece := answer.read(_PIECE):
                file.write(piece)
                digest.update(piece)
                if time.monotonic() - began > _FETCH_SECONDS:
                    raise NoWheelError("too slow")
        if digest.hexdigest() != pinned.sha256:
            raise NoWheelError(f"SHA-256 {digest.hexdigest()[:12]}…, not {pinned.sha256[:12]}…")
        replace(staging, place)
    except (OSError, HTTPException, ValueError) as error:
        raise NoWheelError(str(getattr(error, "reason", error))) from error
    finally:
        staging.unlink(missing_ok=True)


def _ninja_steps(console: Console) -> Callable[[str], None]:
    def hear(line: str) -> None:
        begin = line.find("[")
        step = line[begin + 1 : line.find("]", begin)] if begin >= 0 else ""
        done, _, total = step.partition("/")
        if done.isdigit() and total.isdigit():
            console.progress("compiling", f"{done}/{total}")

    return hear


def _fingerprint(flags: Mapping[str, str]) -> str:
    """What a compiled engine depends on: its version, the processor, the flags."""
    model = next((line for line in here.describe_processor().splitlines() if line.startswith("flags")), "")
    content = json.dumps([SOURCE, model, dict(flags), (_SETUP / "lean.cmake").read_text(encoding="utf-8")])
    return hashlib.sha256(content.encode()).hexdigest()[:12]
