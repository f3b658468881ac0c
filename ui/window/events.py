"""What the browser sends is read with distrust."""

from __future__ import annotations

from typing import Any

import gradio as gr


class Press:
    """The values sent with a button or form; values of a wrong type read as absent."""

    def __init__(self, event: gr.EventData) -> None:
        data: Any = event._data
        self._values: dict[str, object] = data if isinstance(data, dict) else {}

    def text(self, name: str) -> str:
        """Give a value as trimmed text, empty when absent."""
        value = self._values.get(name)
        return value.strip() if isinstance(value, str) else ""

    def number(self, name: str) -> int | None:
        """Give a value as a count, ``None`` when absent."""
        value = self.text(name)
        return int(value) if value.isascii() and value.isdigit() and len(value) < 16 else None


def visitor_of(request: gr.Request) -> str:
    """Tell one browser from another."""
    return request.username or ""


def window_of(request: gr.Request) -> str:
    """Tell one browser window from another."""
    return request.session_hash or ""
