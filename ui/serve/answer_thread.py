"""An answer is made in a thread beside the event loop, and stops when its client disconnects."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from typing import TypeVar

from fastapi import Request

from rag.schema import Answer, Event, Finished
from ui.serve.errors import RequestError, as_request_error

_ALIVE_SECONDS = 10.0
_LOOK_SECONDS = 0.5
T = TypeVar("T")


async def in_thread(events: Iterator[Event], on_end: Callable[[], None]) -> AsyncIterator[Event]:
    """Read events in a thread, to their end even after the client has left, so that the model becomes free.

    ``on_end`` is called there when nothing more is done for them.
    """
    loop = asyncio.get_running_loop()
    drawn: asyncio.Queue[Event | Exception | None] = asyncio.Queue()

    def put(item: Event | Exception | None) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(drawn.put_nowait, item)

    def draw() -> None:
        try:
            for event in events:
                put(event)
        except Exception as error:  # noqa: BLE001  (raised again below, where somebody can be told)
            on_end()
            put(error)
        else:
            on_end()
            put(None)

    threading.Thread(target=draw, name="answer", daemon=True).start()
    while (item := await drawn.get()) is not None:
        if isinstance(item, Exception):
            raise item
        yield item


async def write_stream(
    first: Event,
    events: AsyncIterator[Event],
    write: Callable[[Event], Iterable[str]],
    fail: Callable[[RequestError], str],
) -> AsyncIterator[str]:
    """Write events as they come, a comment whenever nothing came for a while, and an error in place of the rest.

    The status is sent by then, so clients can read an error nowhere else.
    """
    try:
        async for event in _with_keep_alives(first, events):
            for line in (": still here\n\n",) if event is None else write(event):
                yield line
    except Exception as error:  # noqa: BLE001
        yield fail(as_request_error(error))


async def _with_keep_alives(first: Event, events: AsyncIterator[Event]) -> AsyncIterator[Event | None]:
    """Give the events, and ``None`` after each silence, so that no connection is closed as idle."""
    yield first
    while True:
        following = asyncio.ensure_future(anext(events))
        try:
            while not (await asyncio.wait([following], timeout=_ALIVE_SECONDS))[0]:
                yield None
            yield following.result()
        except StopAsyncIteration:
            return
        finally:
            following.cancel()


async def finished(events: AsyncIterator[Event]) -> Answer:
    """Wait for the checked answer."""
    async for event in events:
        if isinstance(event, Finished):
            return event.answer
    raise AssertionError("an answer ends with Finished")


async def cancel_if_disconnected(request: Request, work: Awaitable[T]) -> T:
    """Wait for work; raises RequestError, with the work cancelled, when the client disconnects."""
    task = asyncio.ensure_future(work)
    try:
        while not (await asyncio.wait([task], timeout=_LOOK_SECONDS))[0]:
            if await request.is_disconnected():
                raise RequestError(499, "left", "Whoever asked did not wait for the answer.")
        return task.result()
    finally:
        task.cancel()
