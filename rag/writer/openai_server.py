"""Language models behind a server that speaks OpenAI's chat protocol: llama-server, Ollama, LM Studio, vLLM and others.

The standard library's ``http.client`` is enough, and it hands out the socket: shutting that down is what
ends a request at once, from another thread, whatever the server is doing.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from rag.errors import GenerationError, RequestRefusedError
from rag.writer.generator import Cut, GenerationEvent, Piece, Prompt, Relay, Started

_CONNECT_SECONDS = 10
_LONGEST_LINE = 1 << 20
_BYTES_A_TOKEN = 3.5
_UNACCEPTED = frozenset((400, 413, 422))
"""Where the fault lies in the request: it is too long, or of a form that servers of this kind do not take."""


class OpenAIServer:
    """A Generator that asks a server.

    ``base_url`` is what the protocol's paths are put behind, usually ending in ``/v1``; ``key`` is sent
    along where the server wants one.
    """

    trained = False  # no model of a server has the adapters of this program

    def __init__(self, base_url: str, model: str, key: str | None, context_tokens: int) -> None:
        self.base_url = base_url.rstrip("/")
        self.name = model
        self._key = key
        self.context_tokens = context_tokens

    def count_tokens(self, text: str) -> int:
        """Estimate the length in tokens, since the protocol does not tell: a token for every 3.5 bytes of UTF-8.

        That is a little more than the tokenizers of Qwen need for Vietnamese or English.
        """
        return -int(-len(text.encode()) // _BYTES_A_TOKEN)

    def generate(
        self, prompt: Prompt, *, max_tokens: int, stop: threading.Event, seconds: float
    ) -> Iterator[GenerationEvent]:
        """Write greedily until the model ends, ``max_tokens``, ``stop`` or the time limit.

        ``prompt_tokens`` is an estimate, and a piece counts as one token.
        Raises GenerationError when the server cannot be reached, refuses, breaks off, or is silent until
        the time limit.
        """
        exchange = _Exchange(self.base_url, self._headers())
        relay = Relay()
        body = self._body(prompt, max_tokens)
        deadline = time.monotonic() + seconds
        threading.Thread(target=self._read, args=(exchange, body, relay), daemon=True).start()
        silent = True
        try:
            yield Started(sum(self.count_tokens(message.text) for message in prompt.messages))
            for event in relay.receive(lambda: stop.is_set() or time.monotonic() >= deadline):
                if event is not None:
                    silent = False
                    yield event
        finally:
            exchange.hang_up()
        if stop.is_set() or time.monotonic() < deadline:
            return
        if silent:
            raise GenerationError(
                f"the server at {self.base_url} wrote nothing in {seconds:.0f} s; "
                "choose a faster model there, or raise llm.seconds",
                code="too_slow",
            )
        yield Cut("time")

    def check(self, seconds: float = 2.0) -> None:
        """Ask whether it is there and takes the key, without any writing; raises GenerationError."""
        exchange = _Exchange(self.base_url, self._headers(), seconds)
        try:
            response = exchange.get("/models", seconds)
            if response.status in (401, 403) or response.status >= 500:
                raise self._refusal(response.status, _message(response.read(_LONGEST_LINE)))
        except (OSError, http.client.HTTPException) as error:
            raise self._failure(error, exchange.answered) from error
        finally:
            exchange.close()

    def _headers(self) -> dict[str, str]:
        headers = {"Content-Type": "application/json", "Accept": "text/event-stream"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        return headers

    def _body(self, prompt: Prompt, max_tokens: int) -> bytes:
        messages = [{"role": message.role, "content": message.text} for message in prompt.messages]
        if prompt.reply_prefix:  # servers that can continue a reply do so when it comes last
            messages.append({"role": "assistant", "content": prompt.reply_prefix})
        request = {
            "model": self.name,
            "messages": messages,
            "max_tokens": max_tokens,
            "temperature": 0,
            "stream": True,
        }
        return json.dumps(request).encode()

    def _read(self, exchange: _Exchange, body: bytes, relay: Relay) -> None:
        try:
            response = exchange.post("/chat/completions", body)
            if response.status != http.HTTPStatus.OK:
                raise self._refusal(response.status, _message(response.read(_LONGEST_LINE)))
            for event in self._events(response):
                relay.send(event)
            relay.close()
        except GenerationError as error:
            relay.close(error)
        except (OSError, ValueError, http.client.HTTPException) as error:
            relay.close(self._failure(error, exchange.answered))
        except BaseException as error:  # noqa: BLE001 - raised in the thread that asked
            relay.close(error)
        finally:
            exchange.close()

    def _events(self, response: http.client.HTTPResponse) -> Iterator[Piece | Cut]:
        """The reply's pieces out of a stream of server-sent events, and whether ``max_tokens`` ended it."""
        finished = False
        while line := response.readline(_LONGEST_LINE):
            field, _, value = line.decode().rstrip("\r\n").partition(":")
            if field != "data":
                continue
            if value.strip() == "[DONE]":
                return
            chunk = json.loads(value)
            if chunk.get("error"):
                raise self._refusal(500, _message(value.encode()))
            for choice in chunk.get("choices") or []:
                if text := (choice.get("delta") or {}).get("content"):
                    yield Piece(text, 1, None)
                if choice.get("finish_reason") == "length":
                    yield Cut("length")
                finished = finished or choice.get("finish_reason") is not None
        if not finished:
            raise http.client.IncompleteRead(b"")

    def _refusal(self, status: int, message: str) -> GenerationError:
        detail = f" ({message})" if message else ""
        if status in (401, 403):
            remedy = (
                f"refuses the key{detail}; put the right one into the variable that llm.key_variable names"
            )
        elif status == 404:
            remedy = f"has no model '{self.name}'{detail}; correct llm.model, or llm.base_url (it often ends in /v1)"
        elif status == 429:
            remedy = f"is asked too often{detail}; wait a little and ask again"
        elif status < 500:
            remedy = (
                f"does not accept the request, {status}{detail}; look at llm.model and llm.context_tokens"
            )
        else:
            remedy = f"failed, {status}{detail}; look into its log, and ask again"
        kind = RequestRefusedError if status in _UNACCEPTED else GenerationError
        return kind(f"the server at {self.base_url} {remedy}", code="server")

    def _failure(self, error: Exception, answered: bool) -> GenerationError:
        if answered:
            return GenerationError(
                f"the server at {self.base_url} broke off its answer; look into its log, and ask again",
                code="server",
            )
        return GenerationError(
            f"no language model server answers at {self.base_url} ({error}); start it, or correct llm.base_url",
            code="server",
        )


class _Exchange:
    """One request and its response, in one thread; ``hang_up`` may come from another at any time."""

    def __init__(self, base_url: str, headers: Mapping[str, str], seconds: float = _CONNECT_SECONDS) -> None:
        parts = urlsplit(base_url)
        kinds: dict[str, type[http.client.HTTPConnection]] = {
            "http": http.client.HTTPConnection,
            "https": http.client.HTTPSConnection,
        }
        if parts.scheme not in kinds or not parts.hostname:
            raise GenerationError(
                f"'{base_url}' is no http address; correct llm.base_url, for example http://127.0.0.1:8080/v1",
                code="server",
            )
        self._connection = kinds[parts.scheme](parts.netloc.rpartition("@")[2], timeout=seconds)
        self._path = parts.path
        self._headers = headers
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._response: http.client.HTTPResponse | None = None
        self._hung_up = False

    @property
    def answered(self) -> bool:
        """Tell whether the response has begun."""
        return self._response is not None

    def post(self, path: str, body: bytes) -> http.client.HTTPResponse:
        """Send and wait for the head of the response; raises OSError or HTTPException."""
        self._connection.connect()
        with self._lock:
            self._socket = self._connection.sock
            if self._hung_up:
                raise ConnectionAbortedError("hung up")
        self._socket.settimeout(None)  # from here on the reader's clock decides
        self._connection.request("POST", self._path + path, body, dict(self._headers))
        self._response = self._connection.getresponse()
        return self._response

    def get(self, path: str, seconds: float) -> http.client.HTTPResponse:
        """Ask for a page that comes within some seconds; raises OSError or HTTPException."""
        self._connection.connect()
        self._connection.sock.settimeout(seconds)
        self._connection.request("GET", self._path + path, headers=dict(self._headers))
        self._response = self._connection.getresponse()
        return self._response

    def close(self) -> None:
        """Give the connection back."""
        if self._response is not None:
            self._response.close()
        self._connection.close()

    def hang_up(self) -> None:
        """End the exchange; a read in progress returns at once."""
        with self._lock:
            self._hung_up = True
            if self._socket is not None:
                with contextlib.suppress(OSError):  # the connection may be closed already
                    self._socket.shutdown(socket.SHUT_RDWR)


def _message(body: bytes) -> str:
    """What an error response says, in one line of at most 200 characters."""
    text = body.decode(errors="replace")
    try:
        detail: Any = json.loads(text)
    except ValueError:
        detail = "" if "<" in text else text
    while isinstance(detail, dict):
        detail = detail.get("error") or detail.get("message") or detail.get("detail") or ""
    return " ".join(str(detail).split())[:200]
