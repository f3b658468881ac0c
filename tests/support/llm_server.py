"""A language model server of the time that real ones take: started as a program, it counts what it is asked.

What it does can be changed while it runs: the words that it writes (``reply``), after how many seconds (``wait``) and
with how many between two of them (``piece``), with which ``status``, and before which word it breaks off (``breaks``).
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

DEFAULT = {
    "reply": "Huyện kết nạp 82 đảng viên mới [1].",
    "wait": 0.0,
    "piece": 0.01,
    "status": 200,
    "breaks": -1,
}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    behaviour: ClassVar[dict[str, Any]] = dict(DEFAULT)
    lock: ClassVar[threading.Lock] = threading.Lock()
    counts: ClassVar[dict[str, int]] = {"asked": 0, "running": 0, "most": 0}

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        payload = self.counts if self.path == "/counts" else {"object": "list", "data": []}
        self._whole(200 if self.path == "/counts" else self.behaviour["status"], payload)

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/behave":
            self.behaviour.update(body)
            self._whole(200, {})
            return
        with self.lock:
            self.counts["asked"] += 1
            self.counts["running"] += 1
            self.counts["most"] = max(self.counts["most"], self.counts["running"])
        self.is_counted = True
        try:
            self._complete(dict(self.behaviour))
        except OSError:
            self.close_connection = True
        finally:
            self._count_out()

    def _count_out(self) -> None:
        with self.lock:
            self.counts["running"] -= self.is_counted
            self.is_counted = False

    def _complete(self, now: dict[str, Any]) -> None:
        time.sleep(now["wait"])
        if now["status"] != 200:
            self._whole(now["status"], {"error": {"message": "as it was told"}})
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        self.close_connection = True
        for number, word in enumerate(now["reply"].split(" ")):
            if number == now["breaks"]:
                return
            self._event({"choices": [{"delta": {"content": word if number == 0 else f" {word}"}}]})
            time.sleep(now["piece"])
        self._count_out()  # whoever reads the end may ask again before this thread goes on
        self._event({"choices": [{"delta": {}, "finish_reason": "stop"}]})
        self.wfile.write(b"data: [DONE]\n\n")

    def _event(self, event: dict[str, Any]) -> None:
        self.wfile.write(b"data: " + json.dumps(event, ensure_ascii=False).encode() + b"\n\n")
        self.wfile.flush()

    def _whole(self, status: int, payload: object) -> None:
        body = json.dumps(payload).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@dataclass
class LlmServer:
    """A server that runs; ``base_url`` ends in ``/v1``."""

    base_url: str
    process: subprocess.Popen[str]

    def behave(self, **how: object) -> None:
        """Change what it does from now on."""
        self._ask("/behave", json.dumps(how).encode())

    def counts(self) -> dict[str, int]:
        """How many questions it was asked, has running, and had running at most."""
        by_path: dict[str, int] = json.loads(self._ask("/counts"))
        return by_path

    def kill(self) -> None:
        """End it in the middle of whatever it does."""
        self.process.kill()
        self.process.wait()

    def _ask(self, path: str, body: bytes | None = None) -> bytes:
        with urllib.request.urlopen(self.base_url.removesuffix("/v1") + path, body, timeout=10) as response:
            content: bytes = response.read()
            return content


@contextmanager
def llm_server(**how: object) -> Iterator[LlmServer]:
    """Run a server until the block ends."""
    process = subprocess.Popen([sys.executable, __file__], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        server = LlmServer(f"http://127.0.0.1:{process.stdout.readline().strip()}/v1", process)
        server.behave(**how)
        yield server
    finally:
        process.kill()
        process.communicate()


class Server(ThreadingHTTPServer):
    request_queue_size = 128
    daemon_threads = True


if __name__ == "__main__":
    with Server(("127.0.0.1", 0), Handler) as running:
        print(running.server_port, flush=True)  # noqa: T201 - the test reads it
        running.serve_forever()
