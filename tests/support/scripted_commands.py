"""Commands that are noted and answered, not run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from scripts.setup.commands import Command, Commands


class Scripted(Commands):
    """Programs whose end is told beforehand by a word of their command; all others do well.  They are kept."""

    def __init__(self, folder: Path, **outcomes: tuple[int, str]) -> None:
        super().__init__(folder, folder / "install.log")
        self.told, self.ran = outcomes, list[list[str]]()
        self.variables: list[Mapping[str, str]] = []

    def attempt(
        self,
        command: Command,
        variables: Mapping[str, str] | None = None,
        on_line: Callable[[str], None] = lambda line: None,
        seconds: float | None = None,
    ) -> tuple[int, str]:
        self.ran.append([str(word) for word in command])
        self.variables.append(variables or {})
        if "venv" in self.ran[-1]:
            Path(self.ran[-1][-1]).mkdir(parents=True)
        return next((end for word, end in self.told.items() if word in " ".join(self.ran[-1])), (0, ""))
