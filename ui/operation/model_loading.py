"""The models are loaded while the first question is being typed."""

from __future__ import annotations

import logging
import threading

from index.errors import IndexingError
from rag.assistant import Assistant
from rag.errors import AnsweringError

LOG = logging.getLogger(__name__)


class Loading:
    """Whether the models are loaded; ``failure`` says why not, where they could not be."""

    def __init__(self) -> None:
        self._ended = threading.Event()
        self.failure = ""

    @property
    def ended(self) -> bool:
        """Whether nothing is being loaded any more."""
        return self._ended.is_set()

    def load(self, assistant: Assistant) -> None:
        """Load encoder, reader and language model; one that fails is reported with every question."""
        try:
            assistant.read("khởi động")
            assistant.generator.count_tokens("khởi động")
        except (IndexingError, AnsweringError) as error:
            LOG.warning("A model could not be loaded: %s", error)
            self.failure = str(error)
        finally:
            self._ended.set()

    def end(self, failure: str = "") -> None:
        """Tell that nothing is loaded."""
        self.failure = failure
        self._ended.set()

    def works(self) -> None:
        """Take back what failed: a question was answered after all."""
        self.failure = ""
