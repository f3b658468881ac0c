"""What the start tells, in Vietnamese and English, and what can stand in its way; the texts are in words.json."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

Section: TypeAlias = Literal["steps", "notes", "errors"]


class SetupError(Exception):
    """What stands in the way and the remedy, in both languages; ``code`` is a key of the errors."""

    def __init__(self, code: str, **values: object) -> None:
        self.code, self.values = code, values
        super().__init__(_both("errors", code, values))


def step_names(code: str) -> tuple[str, str]:
    """What a step is called in Vietnamese and English."""
    vietnamese, english = texts()["steps"][code]
    return vietnamese, english


def note(code: str, **values: object) -> str:
    """A remark in both languages, on two lines."""
    return _both("notes", code, values)


@cache
def texts() -> dict[Section, dict[str, list[str]]]:
    """Every text by its section and code, Vietnamese first."""
    content: dict[Section, dict[str, list[str]]] = json.loads(
        Path(__file__).with_name("words.json").read_text(encoding="utf-8")
    )
    return content


def _both(section: Section, code: str, values: dict[str, object]) -> str:
    return "\n".join(text.format(**values) for text in texts()[section][code])
