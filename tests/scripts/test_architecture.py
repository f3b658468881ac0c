"""The drawing is that of the code."""

from __future__ import annotations

from scripts.architecture import DRAWING, drawing, imports, packages


def test_the_drawing_is_current() -> None:
    assert DRAWING.read_text(encoding="utf-8") == drawing(), "draw it anew: python -m scripts.architecture"


def test_rooms_and_arrows_are_those_of_the_imports() -> None:
    assert {"index", "index.store", "rag.reader", "ui.window", "eval.metrics"} <= set(packages())
    found = imports()
    assert ("rag.retrieval", "index") in found  # the retriever searches
    assert not any(
        user.startswith("index") and used.startswith(("rag", "ui", "eval")) for user, used in found
    )
