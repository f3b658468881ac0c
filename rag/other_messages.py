"""What is not one question to the articles: a word in reply, what the store knows of them, a message's questions."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from index.schema import Filters
from index.text.normalise import normalise
from rag.collection.answer import answer_collection
from rag.query.message_parts import questions_of, shorten_context, split_pasted_text
from rag.query.small_talk import reply
from rag.query.time_expressions import remark
from rag.query.unclear import is_unclear
from rag.retrieval.retrieve import Retriever
from rag.schema import Answer, Kind, Seconds, Turn


def classify_message(retriever: Retriever, message: str, history: Sequence[Turn]) -> Kind:
    """What a message wants; ``unclear`` where it points at something that no earlier question names."""
    kind = retriever.kind(message)
    if kind == "question" and all(map(is_unclear, _asked(message, history))):
        return "unclear"
    return kind


def split_message(
    kind: Kind, message: str, history: Sequence[Turn]
) -> tuple[tuple[str, ...], Sequence[Turn]]:
    """The questions of a normalised message, and what they go on from: last, a text that is pasted before them."""
    context = ""
    if kind == "context":
        context, message = split_pasted_text(message)
    turns = (*history, Turn(shorten_context(context))) if context else history
    return tuple(questions_of(message, joined=kind == "several")), turns


def small_talk_answer(retriever: Retriever, kind: Kind, message: str) -> Answer:
    """A fitting word in reply, without a search."""
    began = time.monotonic()
    database = retriever.store.database
    text = reply(kind, message, database.counts().articles, database.days() or ())
    return _answer(message, message, text, kind, time.monotonic() - began)


def collection_answer(
    retriever: Retriever, kind: Kind, message: str, history: Sequence[Turn], filters: Filters
) -> Answer:
    """What the store knows of its articles, with what shows it."""
    began = time.monotonic()
    worded, today = retriever.wording(message, filters), retriever.today()
    said = answer_collection(retriever, kind, worded, history, filters, today)
    dates = [citation.hit.chunk.article.date for citation in said.citations]
    return replace(
        _answer(message, worded, said.text, kind, time.monotonic() - began),
        statements=said.statements,
        citations=said.citations,
        passages=tuple(citation.hit for citation in said.citations),
        remark=remark(said.period, worded, dates, today),
    )


def _asked(message: str, history: Sequence[Turn]) -> list[str]:
    return [normalise(text) for text in (message, *(turn.question for turn in history))]


def _answer(message: str, understood: str, text: str, kind: Kind, seconds: float) -> Answer:
    return Answer(
        question=message,
        standalone=understood,
        text=text,
        refused=False,
        statements=(),
        citations=(),
        passages=(),
        seconds=Seconds(seconds, None, seconds),
        llm="",
        encoder="",
        kind=kind,
    )
