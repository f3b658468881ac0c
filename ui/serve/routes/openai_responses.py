"""OpenAI's newer interface, responses, over the same answers as the chat completions."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

from rag.schema import Event
from ui.serve.answer_thread import cancel_if_disconnected, finished, write_stream
from ui.serve.errors import RequestError
from ui.serve.openai.chat_completion import Object, Reply
from ui.serve.openai.messages import Message, left_out, question_and_turns
from ui.serve.openai.response import response, response_events
from ui.serve.routes.openai_chat import Settings, check_form, check_model
from ui.serve.service import Scope, Service, Text


class ResponseRequest(Settings):
    """A question, or a conversation whose last message is one; nothing of it is kept here."""

    model: str
    input: Text | list[Message]
    stream: bool = False
    previous_response_id: str | None = None
    hoidap: Scope = Scope()


def responses_routes(service: Service) -> APIRouter:
    """Give the path ``/v1/responses``."""
    router = APIRouter(prefix="/v1", tags=["OpenAI"])

    @router.post("/responses", response_model=None)
    async def respond(request: Request, body: ResponseRequest) -> Response:
        """Answer from the articles, whole or as a stream of events."""
        check_model(body.model)
        check_form(body.settings)
        if body.previous_response_id:
            raise RequestError(
                400, "unsupported", "Nothing is kept here; send the conversation as input.",
                param="previous_response_id",
            )  # fmt: skip
        messages = [Message(role="user", content=body.input)] if isinstance(body.input, str) else body.input
        question, turns = question_and_turns(messages)
        number = secrets.token_hex(12)
        ignored = tuple(left_out(messages, body.settings))
        reply = Reply(f"resp_{number}", int(time.time()), body.hoidap, ignored, service.links)
        async with AsyncExitStack() as stack:
            events = await stack.enter_async_context(service.ask(question, turns, body.hoidap))
            if not body.stream:
                return JSONResponse(response(await cancel_if_disconnected(request, finished(events)), reply))
            first = await anext(events)  # what cannot be answered at all is told with its status
            lines = _stream(first, events, reply, stack.pop_all())
            return StreamingResponse(lines, media_type="text/event-stream")

    return router


async def _stream(
    first: Event, events: AsyncIterator[Event], reply: Reply, open_until: AsyncExitStack
) -> AsyncIterator[str]:
    number = 0

    def line(event: Object) -> str:
        nonlocal number
        numbered: dict[str, Any] = {**event, "sequence_number": number}
        number += 1
        return f"event: {event['type']}\ndata: {json.dumps(numbered, ensure_ascii=False)}\n\n"

    def failed(error: RequestError) -> Object:
        return {"type": "error", "code": error.code, "message": str(error), "param": None}

    async with open_until:
        for kind in ("response.created", "response.in_progress"):
            yield line({"type": kind, "response": response(None, reply)})
        async for numbered in write_stream(
            first,
            events,
            lambda event: map(line, response_events(event, reply)),
            lambda error: line(failed(error)),
        ):
            yield numbered
