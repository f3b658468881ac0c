"""What the actions of ``hoidap eval`` write to the terminal."""

from __future__ import annotations

import json
import sys


def print_text(text: str) -> None:
    """Write a text as it is."""
    sys.stdout.write(text)


def print_json(value: object) -> None:
    """Write a value as indented JSON."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1) + "\n")
