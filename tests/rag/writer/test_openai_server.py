"""The engine talks to a real server: this file, started as a program, replays what the model's name asks for."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

WORDS = ["Huyện ", "kết nạp ", "82 ", "đảng viên."]


class Replay(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        scenario = request["model"]
        if scenario == "echo":
            key = self.headers["Authorization"] or "none"
            self._stream([self.path, " ", key, " ", json.dumps(request, ensure_ascii=False, sort_keys=True)])
        elif scenario.isdigit():
            self._fail(int(scenario))
        elif scenario == "silent":
            time.sleep(30)
        elif scenario == "slow":
            self._stream(["từ "] * 200, pause=0.05)
        elif scenario == "too long":
            self._stream(WORDS, reason="length")
        elif scenario == "breaks off":
            self._stream(WORDS[:2], finish=False)
        elif scenario == "drops the line":
            self._begin()
            self._chunk(b'data: {"choices": [{"delta": {"content": "Huy')
        elif scenario == "fails midway":
            self._begin()
            self._event({"choices": [{"delta": {"content": "Huyện "}}]})
            self._event({"error": {"message": "out of memory"}})
        elif scenario == "talks nonsense":
            self._begin()
            self._chunk(b"data: <html>\n\n")
        else:
            self._stream(WORDS)

    def _begin(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.close_connection = True

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()

    def _event(self, event: dict[str, Any]) -> None:
        self._chunk(b"data: " + json.dumps(event, ensure_ascii=False).encode() + b"\n\n")

    def _stream(self, words: list[str], pause: float = 0, finish: bool = True, reason: str = "stop") -> None:
        self._begin()
        self._chunk(b": a comment\n\n")
        self._event({"choices": [{"delta": {"role": "assistant", "content": None}}]})
        for word in words:
            self._event({"choices": [{"delta": {"content": word}}]})
            time.sleep(pause)
        if finish:
            self._event({"choices": [{"delta": {}, "finish_reason": reason}]})
            self._event({"choices": [], "usage": {"prompt_tokens": 9}})
            self._chunk(b"data: [DONE]\n\n")
        self._chunk(b"")

    def _fail(self, status: int) -> None:
        body = json.dumps({"error": {"message": f"that is\na {status}"}}).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    with ThreadingHTTPServer(("127.0.0.1", 0), Replay) as server:
        server.daemon_threads = True
        print(server.server_port, flush=True)  # noqa: T201 - the test reads it
        server.serve_forever()


from rag.errors import GenerationError  # noqa: E402 - the program above needs the standard library only
from rag.writer.generator import Cut, GenerationEvent, Message, Piece, Prompt, Started  # noqa: E402
from rag.writer.openai_server import OpenAIServer  # noqa: E402

PROMPT = Prompt((Message("system", "Trả lời ngắn."), Message("user", "Bao nhiêu?")))


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    process = subprocess.Popen([sys.executable, __file__], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    yield f"http://127.0.0.1:{process.stdout.readline().strip()}/v1"
    process.kill()
    process.communicate()


def ask(
    base_url: str, model: str, *, key: str | None = None, prompt: Prompt = PROMPT, seconds: float = 20
) -> list[GenerationEvent]:
    server = OpenAIServer(base_url, model, key, 4096)
    return list(server.generate(prompt, max_tokens=50, stop=threading.Event(), seconds=seconds))


def text_of(events: list[GenerationEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, Piece))


def test_the_reply_comes_in_pieces(base_url: str) -> None:
    started, *pieces = ask(base_url, "any")
    assert started == Started(10)  # by estimate: 19 bytes are 6 tokens, 11 bytes are 4
    assert pieces == [Piece(word, 1, None) for word in WORDS]


def test_the_request_is_a_greedy_chat_without_a_key(base_url: str) -> None:
    path, key, request = text_of(ask(base_url, "echo")).split(" ", 2)
    assert (path, key) == ("/v1/chat/completions", "none")
    assert json.loads(request) == {
        "model": "echo",
        "messages": [
            {"role": "system", "content": "Trả lời ngắn."},
            {"role": "user", "content": "Bao nhiêu?"},
        ],
        "max_tokens": 50,
        "temperature": 0,
        "stream": True,
    }


def test_the_key_and_the_beginning_of_the_reply_are_sent(base_url: str) -> None:
    echoed = text_of(ask(base_url, "echo", key="secret", prompt=Prompt(PROMPT.messages, "Theo [1],")))
    assert " Bearer secret {" in echoed
    assert '{"content": "Theo [1],", "role": "assistant"}' in echoed


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("401", r"refuses the key \(that is a 401\); put the right one"),
        ("404", r"has no model '404' \(that is a 404\); correct llm.model"),
        ("429", r"is asked too often \(that is a 429\); wait"),
        ("400", r"does not accept the request, 400 \(that is a 400\); look at llm.model"),
        ("503", r"failed, 503 \(that is a 503\); look into its log"),
        ("fails midway", r"failed, 500 \(out of memory\); look into its log"),
        ("breaks off", "broke off its answer; look into its log"),
        ("drops the line", "broke off its answer; look into its log"),
        ("talks nonsense", "broke off its answer; look into its log"),
    ],
)
def test_a_failure_is_one_sentence_with_its_remedy(base_url: str, model: str, said: str) -> None:
    with pytest.raises(GenerationError, match=f"^the server at {base_url} {said}"):
        ask(base_url, model)


def test_nobody_listens() -> None:
    with socket.socket() as reserved:  # bound but not listening: the port is closed and stays ours
        reserved.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{reserved.getsockname()[1]}/v1"
        with pytest.raises(
            GenerationError, match=r"no language model server answers at .*; start it, or correct"
        ):
            ask(url, "any")


def test_an_address_that_is_none() -> None:
    with pytest.raises(GenerationError, match=r"correct llm\.base_url"):
        ask("localhost:8080", "any")


def test_a_silent_server_is_an_error_at_the_time_limit(base_url: str) -> None:
    before = time.monotonic()
    with pytest.raises(GenerationError, match=r"wrote nothing in 0 s; choose a faster model"):
        ask(base_url, "silent", seconds=0.4)
    assert time.monotonic() - before < 1


def test_the_time_limit_ends_a_long_reply(base_url: str) -> None:
    before = time.monotonic()
    text = text_of(ask(base_url, "slow", seconds=0.5))
    assert 0.4 < time.monotonic() - before < 1
    assert text.startswith("từ từ ")


@pytest.mark.parametrize("model", ["silent", "slow"])
def test_stop_hangs_up_within_a_fifth_of_a_second(base_url: str, model: str) -> None:
    stop = threading.Event()
    stopped_at: list[float] = []

    def press() -> None:
        stopped_at.append(time.monotonic())
        stop.set()

    threading.Timer(0.4, press).start()
    server = OpenAIServer(base_url, model, None, 4096)
    list(server.generate(PROMPT, max_tokens=50, stop=stop, seconds=20))
    assert time.monotonic() - stopped_at[0] < 0.2


def test_a_limit_that_cut_the_reply_is_told(base_url: str) -> None:
    def last(model: str, seconds: float) -> object:
        server = OpenAIServer(base_url, model, None, 4096)
        return list(server.generate(PROMPT, max_tokens=50, stop=threading.Event(), seconds=seconds))[-1]

    assert last("too long", 20) == Cut("length")
    assert last("slow", 0.5) == Cut("time")
    assert isinstance(last("good", 20), Piece)


def test_closing_the_iterator_ends_the_reading_thread(base_url: str) -> None:
    before = set(threading.enumerate())
    events = OpenAIServer(base_url, "silent", None, 4096).generate(
        PROMPT, max_tokens=50, stop=threading.Event(), seconds=20
    )
    assert isinstance(next(events), Started)
    reading = set(threading.enumerate()) - before
    assert reading
    events.close()  # type: ignore[attr-defined]
    for thread in reading:
        thread.join(2)
    assert not any(thread.is_alive() for thread in reading)


def test_tokens_are_estimated_from_bytes() -> None:
    server = OpenAIServer("http://127.0.0.1:1/v1", "any", None, 4096)
    assert server.count_tokens("") == 0
    assert server.count_tokens("1234567") == 2
    assert server.count_tokens("đảng") == 2  # 2 + 3 + 1 + 1 bytes
    assert (server.name, server.context_tokens) == ("any", 4096)
