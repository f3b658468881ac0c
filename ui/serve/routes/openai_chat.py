"""OpenAI's chat completions and list of models, for the programs that speak with them already."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field, PositiveInt

from rag.schema import Event, Finished
from ui.serve.answer_thread import cancel_if_disconnected, finished, write_stream
from ui.serve.errors import RequestError, error_object
from ui.serve.openai.chat_completion import MODEL, Reply, chunks, closing, completion, opening
from ui.serve.openai.messages import Message, left_out, question_and_turns
from ui.serve.service import Scope, Service

_TEXT = {"type": "text"}
_ONLY: dict[str, tuple[object, ...]] = {
    "n": (1,), "logprobs": (False,), "top_logprobs": (0,), "modalities": (["text"],), "audio": (),
    "response_format": (_TEXT,), "tool_choice": ("auto", "none"), "function_call": ("auto", "none"),
    "web_search_options": (), "background": (False,),
}  # fmt: skip
"""Settings that change the form of an answer, with the values that leave it as it is.

``tools`` are not among them: a model may call them and need not, unless ``tool_choice`` says so; Open WebUI always
sends its own.
"""


class StreamOptions(BaseModel):
    """What a stream carries besides the answer."""

    model_config = ConfigDict(extra="allow")

    include_usage: bool = False


class Settings(BaseModel):
    """Settings that change nothing, but must be what they can be; those that are not listed change nothing either."""

    model_config = ConfigDict(extra="allow")

    max_tokens: PositiveInt | None = None
    max_completion_tokens: PositiveInt | None = None
    max_output_tokens: PositiveInt | None = None
    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    top_p: Annotated[float, Field(ge=0, le=1)] | None = None
    stop: str | list[str] | None = None

    @property
    def settings(self) -> dict[str, Any]:
        """The settings of a request beside its messages."""
        listed = {name: getattr(self, name) for name in Settings.model_fields}
        return {**listed, **(self.model_extra or {})}


class ChatRequest(Settings):
    """A conversation whose last message is to be answered."""

    model: str
    messages: list[Message]
    stream: bool = False
    stream_options: StreamOptions | None = None
    hoidap: Scope = Scope()


def openai_routes(service: Service) -> APIRouter:
    """Give the paths under ``/v1``."""
    router = APIRouter(prefix="/v1", tags=["OpenAI"])
    entry = {"id": MODEL, "object": "model", "created": 1_767_225_600, "owned_by": "hoidap"}

    @router.get("/models")
    def models() -> dict[str, Any]:
        """List the one model there is: the articles with all that answers from them."""
        return {"object": "list", "data": [entry]}

    @router.get("/models/{model}")
    def model(model: str) -> dict[str, Any]:
        """Describe the model."""
        check_model(model)
        return entry

    @router.post("/chat/completions")
    async def chat(request: Request, body: Annotated[ChatRequest, Body()]) -> Response:
        """Answer the last message from the articles, whole or as a stream of server-sent events."""
        check_model(body.model)
        check_form(body.settings)
        question, turns = question_and_turns(body.messages)
        reply = Reply(
            id=f"chatcmpl-{secrets.token_hex(12)}",
            created=int(time.time()),
            scope=body.hoidap,
            ignored=tuple(left_out(body.messages, body.settings)),
            links=service.links,
        )
        async with AsyncExitStack() as stack:
            events = await stack.enter_async_context(service.ask(question, turns, body.hoidap))
            if not body.stream:
                answer = await cancel_if_disconnected(request, finished(events))
                return JSONResponse(completion(answer, reply))
            first = await anext(events)  # what cannot be answered at all is told with its status
            usage = body.stream_options is not None and body.stream_options.include_usage
            lines = _stream(first, events, reply, stack.pop_all(), usage=usage)
            return StreamingResponse(lines, media_type="text/event-stream")

    return router


async def _stream(
    first: Event, events: AsyncIterator[Event], reply: Reply, open_until: AsyncExitStack, *, usage: bool
) -> AsyncIterator[str]:
    """Write the events of one answer; ``open_until`` is closed when the stream ends or its reader leaves."""

    def write(event: Event) -> Iterator[str]:
        yield from map(_line, chunks(event, reply))
        if usage and isinstance(event, Finished):
            yield _line(closing(event.answer, reply))

    async with open_until:
        yield _line(opening(reply))
        async for line in write_stream(first, events, write, lambda error: _line(error_object(error))):
            yield line
        yield "data: [DONE]\n\n"


def _line(value: dict[str, Any]) -> str:
    return f"data: {json.dumps(value, ensure_ascii=False)}\n\n"


def check_model(model: str) -> None:
    """Raise RequestError for another model than the one there is."""
    if model != MODEL:
        raise RequestError(
            404, "model_not_found", f"There is no model {model!r} here; ask for {MODEL!r}.", param="model"
        )


def check_form(settings: dict[str, Any]) -> None:
    """Refuse what would change the form of the answer, which a program could not do without in silence."""
    text = settings.get("text")  # of the newer interface, where it holds the form
    requested = {**settings, "response_format": text.get("format")} if isinstance(text, dict) else settings
    asked = [
        name
        for name, plain in _ONLY.items()
        if (value := requested.get(name)) is not None
        and not any(value == accepted and type(value) is type(accepted) for accepted in plain)
    ]
    if asked:
        raise RequestError(
            400, "unsupported", f"{', '.join(asked)}: not offered; leave it out.", param=asked[0]
        )
