"""An answer in the form of OpenAI's chat completions, whole or in pieces."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rag.schema import Answer, Checking, Delta, Event, Finished, Found, Queued
from ui.answer_json import answer_object
from ui.serve.links import Links
from ui.serve.service import Scope

MODEL = "hoidap"
Object = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """What stays the same in every part of a reply; ``ignored`` names what the request asked for in vain."""

    id: str
    created: int
    scope: Scope
    ignored: tuple[str, ...]
    links: Links


def completion(answer: Answer, reply: Reply) -> Object:
    """Give a whole answer."""
    message = {
        "role": "assistant",
        "content": answer.text,
        "refusal": None,
        "annotations": url_citations(answer, reply.links),
    }
    choice = {"index": 0, "message": message, "finish_reason": finish_reason(answer), "logprobs": None}
    return {
        **_beginning(reply, "chat.completion"),
        "choices": [choice],
        "usage": usage(answer),
        "hoidap": full_object(answer, reply),
    }


def opening(reply: Reply) -> Object:
    """Give the chunk that begins a stream."""
    return _chunk(reply, {"role": "assistant", "content": ""})


def chunks(event: Event, reply: Reply) -> Iterator[Object]:
    """Give the chunks that tell one event.

    Content is only what has been checked, sentence by sentence, since a stream cannot take anything back; the
    draft goes beside it as ``reasoning_content``, which programs show as the thinking before an answer.
    """
    match event:
        case Found(passages=passages):
            yield _chunk(reply, {}, hoidap={"state": "reading", "passages": len(passages)})
        case Queued(ahead):
            yield _chunk(reply, {}, hoidap={"state": "queued", "ahead": ahead})
        case Delta(text):
            yield _chunk(reply, {"reasoning_content": text})
        case Checking():
            yield _chunk(reply, {}, hoidap={"state": "checking"})
        case Finished(answer):
            yield from (_chunk(reply, {"content": piece}) for piece in pieces(answer))
            yield _chunk(reply, {"content": "", "annotations": url_citations(answer, reply.links)})
            yield _chunk(reply, {}, finish_reason(answer), full_object(answer, reply))


def closing(answer: Answer, reply: Reply) -> Object:
    """Give the chunk that counts the tokens, for who has asked for it."""
    return {**_beginning(reply, "chat.completion.chunk"), "choices": [], "usage": usage(answer)}


def pieces(answer: Answer) -> Iterator[str]:
    """Cut the text at its statements; joined again it is the same."""
    begin = 0
    for statement in answer.statements:
        yield answer.text[begin : statement.end]
        begin = statement.end
    if begin < len(answer.text):
        yield answer.text[begin:]


def url_citations(answer: Answer, links: Links) -> list[Object]:
    """Give for every source of every sentence where in the text that sentence stands."""
    cited = {citation.mark: citation for citation in answer.citations}
    return [
        {
            "type": "url_citation",
            "url_citation": {
                "start_index": statement.start,
                "end_index": statement.end,
                "title": cited[mark].hit.chunk.article.title,
                "url": links.article(cited[mark].hit.chunk.article, (cited[mark].start, cited[mark].end)),
            },
        }
        for statement in answer.statements
        for mark in statement.marks
    ]


def finish_reason(answer: Answer) -> str:
    """Say whether the answer came to its end."""
    return "length" if answer.cut else "stop"


def usage(answer: Answer) -> Object:
    """Count tokens as the language model does; what was only searched costs none."""
    return {
        "prompt_tokens": answer.prompt_tokens,
        "completion_tokens": answer.output_tokens,
        "total_tokens": answer.prompt_tokens + answer.output_tokens,
    }


def full_object(answer: Answer, reply: Reply) -> Object:
    """Give all that is known of an answer, in our own form, with the scope and what was ignored."""
    scope = reply.scope.model_dump(mode="json", by_alias=True)
    return {**answer_object(answer), "scope": scope, "ignored": list(reply.ignored)}


def _beginning(reply: Reply, kind: str) -> Object:
    return {"id": reply.id, "object": kind, "created": reply.created, "model": MODEL}


def _chunk(reply: Reply, delta: Object, finish: str | None = None, hoidap: Object | None = None) -> Object:
    choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
    extension = {"hoidap": hoidap} if hoidap is not None else {}
    return {**_beginning(reply, "chat.completion.chunk"), "choices": [choice], **extension}
