"""What nobody should send is told in the one form that OpenAI's clients understand, soon and without a trace."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from serve_app import ANSWER, QUESTION, REPLY, Served, served

from index.store.store import Store
from ui.serve.service import MOST_SOURCES

USER = {"role": "user", "content": QUESTION}
BOTH = ("/v1/chat/completions", "/v1/responses")


@pytest.fixture
def server(store: Store) -> Iterator[Served]:
    with served(store, *[REPLY] * 4) as running:
        yield running


def post(server: Served, path: str, body: bytes) -> tuple[int, Any]:
    headers = {"content-type": "application/json"}
    try:
        request = urllib.request.Request(server.address + path, body, headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def body_for(path: str, **more: object) -> bytes:
    messages = more.pop("messages", [USER])
    asked = {"messages": messages} if "chat" in path else {"input": messages}
    return json.dumps({"model": "hoidap", **asked, **more}).encode()


REFUSED: list[tuple[dict, str]] = [
    ({"n": 5}, "n"),
    ({"n": 0}, "n"),
    ({"n": True}, "n"),
    ({"logprobs": True}, "logprobs"),
    ({"top_logprobs": 5}, "top_logprobs"),
    ({"modalities": ["text", "audio"]}, "modalities"),
    ({"response_format": {"type": "json_object"}}, "response_format"),
    ({"response_format": "json"}, "response_format"),
    ({"text": {"format": {"type": "json_schema"}}}, "response_format"),
    ({"tool_choice": "required"}, "tool_choice"),
    ({"tool_choice": {"type": "function", "function": {"name": "f"}}}, "tool_choice"),
    ({"max_tokens": -1}, "max_tokens"),
    ({"max_completion_tokens": 0}, "max_completion_tokens"),
    ({"max_output_tokens": "many"}, "max_output_tokens"),
    ({"temperature": "hot"}, "temperature"),
    ({"top_p": 2}, "top_p"),
    ({"stop": 5}, "stop.str"),
    ({"stream": "maybe"}, "stream"),
    ({"hoidap": {"sources": ["x"] * (MOST_SOURCES + 1)}}, "hoidap.sources"),
    ({"hoidap": {"sources": ["\ud800"]}}, "hoidap.sources.0"),
    ({"model": None}, "model"),
]


@pytest.mark.parametrize("path", BOTH)
def test_what_is_not_offered_is_refused_by_its_name(server: Served, path: str) -> None:
    for more, param in REFUSED:
        code, body = post(server, path, body_for(path, **more))
        assert (code, body["error"]["type"]) == (400, "invalid_request_error"), more
        assert body["error"]["param"] == param


NO_MESSAGES: list[object] = [
    [{"role": "boss", "content": "x"}],
    [{"content": "x"}],
    [{"role": "user", "content": 5}],
    [{"role": "user", "content": ["x"]}],
    [{"role": "user", "content": [{"type": "text", "text": None}]}],
    [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:"}}]}],
    [{"role": "user", "content": "Huy\ud800n kết nạp bao nhiêu đảng viên?"}],
    [{"role": "user", "content": "\ud800"}, {"role": "assistant", "content": "x"}, USER],
    [{"role": "user", "content": "\u200b"}],
    [{"role": "user", "content": None}],
    None,
    5,
]


@pytest.mark.parametrize("path", BOTH)
def test_messages_that_are_none_are_refused(server: Served, path: str) -> None:
    for messages in NO_MESSAGES:
        code, body = post(server, path, body_for(path, messages=messages))
        assert code == 400 and set(body["error"]) == {"message", "type", "code", "param"}, messages


NO_REQUESTS = [
    (b"", 400), (b"{", 400), (b"null", 400), (b"[]", 400), (b"[" * 200_000, 400), (b'"\xff"', 400),
    (b'{"n":' + b"9" * 5_000 + b"}", 400), (b'{"x":"' + b"a" * 1_000_000 + b'"}', 413),
]  # fmt: skip


def test_a_body_that_is_no_request_is_refused(server: Served) -> None:
    for body, code in NO_REQUESTS:
        given, reply = post(server, "/v1/chat/completions", body)
        assert (given, reply["error"]["type"]) == (code, "invalid_request_error"), body[:20]


def test_a_body_that_is_no_json_is_told_so(server: Served) -> None:
    _, told = post(server, "/ask", b'{"question": }')
    assert told["error"]["message"] == "The body is no JSON (Expecting value, at character 13)."
    assert told["error"]["param"] is None
    plain = urllib.request.Request(f"{server.address}/ask", b'{"question": "Ai?"}')  # sent as a form
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(plain, timeout=30)
    with refused.value as answer:
        assert "sent with 'content-type: application/json'" in json.load(answer)["error"]["message"]


@pytest.mark.parametrize("path", BOTH)
def test_settings_that_change_nothing_are_taken_and_named(server: Served, path: str) -> None:
    """Open WebUI sends its own tools with every question; a model need not call them."""
    tools = [{"type": "function", "function": {"name": "get_current_timestamp", "parameters": {}}}]
    settings = {"tools": tools, "tool_choice": "auto", "n": 1, "logprobs": False, "temperature": 0.2}
    code, body = post(server, path, body_for(path, **settings, max_tokens=50, stop=["\n"], user="u"))
    assert code == 200 and ANSWER in json.dumps(body, ensure_ascii=False)
    assert {"max_tokens", "stop", "temperature", "tools", "user"} <= set(body["hoidap"]["ignored"])


@pytest.mark.parametrize("path", [*BOTH, "/ask"])
def test_a_conversation_without_end_keeps_nobody_waiting(server: Served, path: str) -> None:
    """A question of half a million letters was read to its end before the one that leans on it."""
    long, later = "còn năm 2019 thì sao " * 20_000, "Hội nghị đó do ai chủ trì?"
    messages = [{"role": "user", "content": long}, {"role": "assistant", "content": "x"}]
    body = body_for(path, messages=[*messages, {"role": "user", "content": later}])
    if path == "/ask":
        body = json.dumps({"question": later, "history": [{"question": long, "answer": "x"}]}).encode()
    began = time.perf_counter()
    code, _ = post(server, path, body)
    assert code == 200 and time.perf_counter() - began < 10


NO_TEXT = [
    ("/ask", {"question": "\ud800"}),
    ("/ask", {"question": QUESTION, "history": [{"question": "\udfff"}]}),
    ("/table", {"questions": ["\ud800"]}),
    ("/check", {"text": "Huyện \ud83d kết nạp."}),
]


def test_half_a_character_is_no_text(server: Served) -> None:
    for path, body in NO_TEXT:
        code, reply = post(server, path, json.dumps(body).encode())
        assert (code, reply["error"]["code"]) == (400, "invalid_request"), body
