"""Everything that is installed and fetched, as much of it at the same time as can be."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from index.platform import free_bytes
from scripts.setup.commands import Commands
from scripts.setup.console import Console
from scripts.setup.environment.engine import Engine
from scripts.setup.environment.installer import choose_installer, make_environment
from scripts.setup.environment.project import (
    Fetched,
    Installed,
    name_of,
    only,
    read_fetched,
    read_installed,
    requirements,
    settings_state,
    source_digest,
    write_note,
)
from scripts.setup.system import System, environment_python
from scripts.setup.words import SetupError

ENGINE = "llama-cpp-python"
_FIRST = ("platformdirs", "filelock", "huggingface-hub", "pydantic", "tqdm", "tomli")
"""What fetching models takes; installed first, so that they come while the rest is installed."""
_NEEDED_BYTES = 4_500_000_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a call asks for: extras of the project, models beside those of the configuration, no prebuilt engine."""

    extras: tuple[str, ...] = ("fast",)
    models: tuple[str, ...] = ()
    compile_here: bool = False
    fetch: bool = True


@dataclass(frozen=True, slots=True)
class Setup:
    """One checkout and its environment."""

    root: Path
    environment: Path
    commands: Commands
    console: Console
    system: System

    @property
    def python(self) -> Path:
        """The Python of the environment."""
        return environment_python(self.environment, self.system)

    @property
    def stamp(self) -> Path:
        """The note of the last complete installation."""
        return self.environment / "installed.json"

    def run(self, wanted: Wanted) -> None:
        """Install and fetch what is missing.

        Next to nothing is done when nothing has changed.  Raises SetupError for the first thing that fails.
        """
        digest, installed = source_digest(self.root), read_installed(self.stamp)
        with ThreadPoolExecutor(max_workers=2) as pool, self.commands:
            if wanted.compile_here or not installed.covers(digest, wanted.extras):
                extras = tuple(sorted({*wanted.extras, *installed.extras}))
                models = self._install(pool, wanted, extras)
                write_note(self.stamp, Installed(digest, extras))
            else:
                models = self._fetching(pool, wanted)
            if models is not None:
                models.result()

    def _install(self, pool: Executor, wanted: Wanted, extras: tuple[str, ...]) -> Future[None] | None:
        """Install everything; gives the fetching of the models, which may go on."""
        free = free_bytes(self.environment)
        if free < _NEEDED_BYTES and not self.stamp.exists():
            raise SetupError("no_space", place=self.environment, needed=_NEEDED_BYTES / 1e9, free=free / 1e9)
        with self.console.step("environment"):
            python = make_environment(self.environment, self.commands, self.system)
        with self.console.step("index"):
            installer = choose_installer(python, self.commands, self.console, self.system)
        engine = pool.submit(self._engine, compile_here=wanted.compile_here)
        packages = requirements((self.root / "pyproject.toml").read_text(encoding="utf-8"), extras)
        with self.console.step("libraries"):
            installer.install("libraries", *only(packages, _FIRST))
            models = self._fetching(pool, wanted)
            rest = [package for package in packages if name_of(package) not in (ENGINE, "torch")]
            installer.install("libraries", *installer.torch(), *rest)
        wheel = engine.result()
        with self.console.step("program"):
            prepared = [str(wheel)] if wheel else []
            installer.install("program", *prepared, "--editable", f".[{','.join(extras)}]")
        return models

    def _engine(self, *, compile_here: bool) -> Path | None:
        engine = Engine(self.environment / "engine", self.python, self.commands, self.console, self.system)
        return engine.wheel(os.environ, compile_here=compile_here)

    def _fetching(self, pool: Executor, wanted: Wanted) -> Future[None] | None:
        """Begin to fetch the models, ``None`` where they are here."""
        settings = settings_state(self.system.name, os.environ)
        if not wanted.fetch or read_fetched(self._note).covers(wanted.models, settings):
            return None
        return pool.submit(self._fetch, wanted.models, settings)

    def _fetch(self, names: Sequence[str], settings: str) -> None:
        files: list[str] = []

        def hear(line: str) -> None:
            try:
                event = json.loads(line)
            except ValueError:
                return
            if "total" in event:
                self.console.progress("models", f"{event['done'] / 1e6:.0f}/{event['total'] / 1e6:.0f} MB")
            files.extend(event.get("files", ()))

        with self.console.step("models"):
            command: list[str | Path] = [self.python, "-m", "scripts.setup.fetch", *names]
            self.commands.run("models", command, on_line=hear)
        write_note(self._note, Fetched(tuple(names), settings, tuple(files)))

    @property
    def _note(self) -> Path:
        return self.environment / "models.json"
