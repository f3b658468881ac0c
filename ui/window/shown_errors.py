"""Known errors of the handlers of the conversation page, shown as a sentence; the handlers have a ``drawing``."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from functools import wraps
from typing import Any, TypeVar, cast

from index.errors import IndexingError
from ui.conversations.entries import GoneError
from ui.errors import WindowError
from ui.strings import Words
from ui.views.errors import error_text
from ui.window.drawing import Drawing
from ui.window.panes import Updates

_Handler = TypeVar("_Handler", bound=Callable[..., Updates])
_Steps = TypeVar("_Steps", bound=Callable[..., AsyncIterator[Updates]])


def shows_errors(handler: _Handler) -> _Handler:
    """Let a handler show a known error as a sentence above the question box."""

    @wraps(handler)
    def guarded(self: Any, *inputs: Any) -> Updates:  # noqa: ANN401 (whatever the handler takes)
        drawing: Drawing = self.drawing
        try:
            return handler(self, *inputs)
        except (IndexingError, WindowError) as error:
            return drawing.notice(_sentence(error, drawing.words))

    return cast(_Handler, guarded)


def shows_errors_last(handler: _Steps) -> _Steps:
    """Let a handler that shows one step after another show a known error in the same place, as its last step."""

    @wraps(handler)
    async def guarded(self: Any, *inputs: Any) -> AsyncIterator[Updates]:  # noqa: ANN401 (as above)
        drawing: Drawing = self.drawing
        try:
            async with aclosing(cast(AsyncGenerator[Updates, None], handler(self, *inputs))) as steps:
                async for updates in steps:
                    yield updates
        except (IndexingError, WindowError) as error:
            yield drawing.notice(_sentence(error, drawing.words))
        # Gradio sends the last step once more when the window may show something else already.
        yield drawing.nothing()

    return cast(_Steps, guarded)


def _sentence(error: IndexingError | WindowError, words: Words) -> str:
    return words.error_gone if isinstance(error, GoneError) else error_text(error, words).sentence
