from __future__ import annotations

import threading
import time

import pytest

from rag.errors import GenerationError
from rag.writer.generator import Piece, Relay, Started


def never() -> bool:
    return False


def test_events_arrive_in_order_and_end_with_the_sender() -> None:
    relay = Relay()
    relay.send(Started(7))
    relay.send(Piece("Có", 1, -0.5))
    relay.close()
    assert list(relay.receive(never)) == [Started(7), Piece("Có", 1, -0.5)]


def test_an_error_is_raised_where_it_is_read_after_what_came_before() -> None:
    relay = Relay()
    relay.send(Started(7))
    relay.close(GenerationError("no memory"))
    events = relay.receive(never)
    assert next(events) == Started(7)
    with pytest.raises(GenerationError, match="no memory"):
        next(events)


def test_a_silence_is_told_as_none() -> None:
    relay = Relay()
    threading.Timer(0.12, relay.close).start()
    silences = list(relay.receive(never))
    assert silences
    assert set(silences) == {None}


def test_it_ends_soon_after_it_is_over() -> None:
    over = threading.Event()
    threading.Timer(0.1, over.set).start()
    before = time.monotonic()
    assert set(Relay().receive(over.is_set)) == {None}
    assert 0.1 <= time.monotonic() - before < 0.3
