"""The words of tables and reports, in Vietnamese and English: ``strings.toml`` holds both of each."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import resources
from typing import Literal, TypeAlias

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

Language: TypeAlias = Literal["vi", "en"]
Strings: TypeAlias = Mapping[str, str]


def strings(language: Language) -> Strings:
    """All words of one language; ``language`` is among them."""
    text = resources.files("eval.report").joinpath("strings.toml").read_text(encoding="utf-8")
    column = 0 if language == "vi" else 1
    return {key: words[column] for key, words in tomllib.loads(text).items()}


def label(words: Strings, group: str, name: str) -> str:
    """The word for a kind, stage or system; a name that a user made up stands for itself."""
    return words.get(f"{group}.{name}", name)
