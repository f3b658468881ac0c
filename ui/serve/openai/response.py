"""An answer in the form of OpenAI's responses, whole or as a stream of events."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rag.schema import Answer, Event, Finished
from ui.serve.openai.chat_completion import MODEL, Object, Reply, full_object, pieces, url_citations


def response(answer: Answer | None, reply: Reply) -> Object:
    """Give the whole response, or with ``None`` the one that has only begun."""
    cut = answer is not None and answer.cut
    status = "in_progress" if answer is None else "incomplete" if cut else "completed"
    return {
        "id": reply.id,
        "object": "response",
        "created_at": reply.created,
        "status": status,
        "model": MODEL,
        "output": [_item(answer, reply)] if answer else [],
        "usage": _usage(answer) if answer else None,
        "error": None,
        "incomplete_details": {"reason": "max_output_tokens"} if cut else None,
        "instructions": None,
        "metadata": {},
        "parallel_tool_calls": False,
        "previous_response_id": None,
        "temperature": None,
        "tool_choice": "none",
        "tools": [],
        "top_p": None,
        **({"hoidap": full_object(answer, reply)} if answer else {}),
    }


def response_events(event: Event, reply: Reply) -> Iterator[Object]:
    """Give the events that tell a finished answer; nothing is sent before it has been checked."""
    if not isinstance(event, Finished):
        return
    answer = event.answer
    place: dict[str, Any] = {"item_id": _item_id(reply), "output_index": 0, "content_index": 0}
    part = _part(answer, reply)
    empty = {**part, "text": "", "annotations": []}
    item = _item(answer, reply)
    begun = {**item, "status": "in_progress", "content": []}
    yield {"type": "response.output_item.added", "output_index": 0, "item": begun}
    yield {"type": "response.content_part.added", **place, "part": empty}
    for piece in pieces(answer):
        yield {"type": "response.output_text.delta", **place, "delta": piece, "logprobs": []}
    for number, note in enumerate(part["annotations"]):
        yield {
            "type": "response.output_text.annotation.added", **place,
            "annotation_index": number, "annotation": note,
        }  # fmt: skip
    yield {"type": "response.output_text.done", **place, "text": answer.text, "logprobs": []}
    yield {"type": "response.content_part.done", **place, "part": part}
    yield {"type": "response.output_item.done", "output_index": 0, "item": item}
    kind = "response.incomplete" if answer.cut else "response.completed"
    yield {"type": kind, "response": response(answer, reply)}


def _item(answer: Answer, reply: Reply) -> Object:
    return {
        "id": _item_id(reply),
        "type": "message",
        "role": "assistant",
        "status": "incomplete" if answer.cut else "completed",
        "content": [_part(answer, reply)],
    }


def _part(answer: Answer, reply: Reply) -> Object:
    notes = [{"type": note["type"], **note["url_citation"]} for note in url_citations(answer, reply.links)]
    return {"type": "output_text", "text": answer.text, "annotations": notes, "logprobs": []}


def _item_id(reply: Reply) -> str:
    return reply.id.replace("resp_", "msg_")


def _usage(answer: Answer) -> Object:
    return {
        "input_tokens": answer.prompt_tokens,
        "input_tokens_details": {"cached_tokens": 0},
        "output_tokens": answer.output_tokens,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": answer.prompt_tokens + answer.output_tokens,
    }
