"""Lines of the log: one for each question, in either form, and what was asked only where that is wished."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import httpx
import pytest
from serve_app import QUESTION, REPLY, served

from index.store.store import Store
from rag.config import LogConfig
from ui.operation.logs import question_line, set_up_log
from ui.operation.observing import Asked, Observation
from ui.operation.request_context import ASKER, Requester

SECRET = "Ai đã vay 12 triệu?"
OBSERVED = Observation(Asked(SECRET, "r1", 0.5), "sure", 2.6181, {"waiting": 0.5, "write": 1.70049})


@contextmanager
def log(config: LogConfig, *, access: bool = False) -> Iterator[io.StringIO]:
    """What is written to the log within the block; afterwards nothing is logged any more than before."""
    root = logging.getLogger()
    names = ("ui", "rag", "index", "uvicorn.error", "uvicorn.access")
    handlers, levels = root.handlers[:], [logging.getLogger(name).level for name in names]
    stream = io.StringIO()
    set_up_log(config, access=access, stream=stream)
    try:
        yield stream
    finally:
        root.handlers[:] = handlers
        for name, level in zip(names, levels, strict=True):
            logging.getLogger(name).setLevel(level)


def objects(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_question_is_one_object_with_its_seconds_and_without_its_text() -> None:
    with log(LogConfig(format="json", level="info")) as stream:
        question_line(questions=False)(OBSERVED)
    (logged,) = objects(stream)
    assert logged.pop("time").endswith("Z")
    assert logged == {
        "level": "info", "logger": "ui.operation.logs", "message": "question",
        "request": "r1", "result": "sure", "waiting": 0.5, "write": 1.7, "whole": 2.618,
    }  # fmt: skip


@pytest.mark.parametrize("form", ["text", "json"])
def test_what_was_asked_is_told_only_where_that_is_wished(form: Literal["text", "json"]) -> None:
    for wished in (False, True):
        with log(LogConfig(format=form, level="info")) as stream:
            question_line(questions=wished)(OBSERVED)
        assert (SECRET in stream.getvalue()) is wished


def test_a_line_of_text_is_one_line_whatever_stands_in_it() -> None:
    asked = Asked('Câu "một"\nERROR giả', "r1")
    with log(LogConfig(level="info")) as stream:
        question_line(questions=True)(Observation(asked, "error", 1.0, error="llm"))
    (line,) = stream.getvalue().splitlines()
    assert "INFO" in line and " request=r1 result=error error=llm whole=1.0 question=" in line


def test_below_the_level_nothing_is_written_and_an_error_brings_its_trace() -> None:
    with log(LogConfig(format="json", level="warning")) as stream:
        question_line(questions=False)(OBSERVED)
        ASKER.set(Requester("r2"))
        try:
            raise RuntimeError("hỏng")
        except RuntimeError:
            logging.getLogger("ui.somewhere").exception("It failed.")
        finally:
            ASKER.set(Requester())
    (logged,) = objects(stream)
    assert (logged["message"], logged["request"], logged["level"]) == ("It failed.", "r2", "error")
    assert "RuntimeError: hỏng" in logged["trace"]


def test_the_web_server_s_own_lines_have_the_same_fields_and_no_query() -> None:
    with log(LogConfig(format="json", level="info"), access=True) as stream:
        logging.getLogger("uvicorn.access").info(
            '%s - "%s %s HTTP/%s" %d', "10.0.0.7:51", "GET", f"/search?q={SECRET}", "1.1", 200
        )
    (logged,) = objects(stream)
    assert (logged["message"], logged["method"], logged["path"], logged["status"]) == (
        "request",
        "GET",
        "/search",
        200,
    )
    assert logged["client"] == "10.0.0.7:51"
    with log(LogConfig(format="json", level="info")) as stream:
        logging.getLogger("uvicorn.access").info('%s - "%s %s HTTP/%s" %d', "c", "GET", "/", "1.1", 200)
    assert stream.getvalue() == ""


def test_a_server_tells_each_question_and_request_under_one_id(store: Store) -> None:
    with log(LogConfig(format="json", level="info")) as stream, served(store, REPLY) as server:
        given = {"x-request-id": "abc-1"}
        httpx.post(f"{server.address}/ask", json={"question": QUESTION}, headers=given)
        httpx.get(f"{server.address}/search", params={"q": SECRET})
    ours = [one for one in objects(stream) if one["message"] in ("question", "request")]
    question, request, search = ours
    assert (question["request"], request["request"]) == ("abc-1", "abc-1")
    assert question["result"] == "sure" and question["whole"] >= question["write"] >= 0
    assert (request["path"], request["status"], search["path"]) == ("/ask", 200, "/search")
    assert SECRET not in stream.getvalue() and QUESTION not in stream.getvalue()
