"""A question becomes a cited answer.

From Python::

    from rag import open_assistant

    assistant = open_assistant(store_folder)
    answer = assistant.answer("Ai chủ trì hội nghị?")
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.assistant import Assistant
    from rag.config import Config

__all__ = [
    "assemble",
    "assistant",
    "caution",
    "citation_marks",
    "config",
    "errors",
    "open_assistant",
    "other_messages",
    "schema",
    "timing",
]


def open_assistant(store: Path | None = None, config: Config | None = None) -> Assistant:
    """Open a store that ``hoidap sync`` made, with the models of the configuration.

    Without a ``store`` or a ``config`` the user's own are taken.  Raises StoreError where there is no store, and
    ModelError where a model is not here.
    """
    from rag.assemble import open_assistant as assemble
    from rag.config import default_store_path, read_config

    return assemble(read_config() if config is None else config, store or default_store_path())
