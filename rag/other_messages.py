"""Classifies messages and answers those that are no question to the articles: small talk and the collection."""

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
from rag.schema import Answer, MessageKind, Seconds, Turn


def classify_message(retriever: Retriever, message: str, history: Sequence[Turn]) -> MessageKind:
    """The kind of a message; ``unclear`` where it refers to something that no earlier question names."""
    kind = retriever.kind(message)
    if kind == "question" and all(map(is_unclear, _normalised_questions(message, history))):
        return "unclear"
    return kind


def split_message(
    kind: MessageKind, message: str, history: Sequence[Turn]
) -> tuple[tuple[str, ...], Sequence[Turn]]:
    """The questions of a normalised message, and the turns before them: the last is the text pasted before them."""
    context = ""
    if kind == "context":
        context, message = split_pasted_text(message)
    turns = (*history, Turn(shorten_context(context))) if context else history
    return tuple(questions_of(message, joined=kind == "several")), turns


def small_talk_answer(retriever: Retriever, kind: MessageKind, message: str) -> Answer:
    """Answer small talk, without a search."""
    began = time.monotonic()
    database = retriever.store.database
    text = reply(kind, message, database.counts().articles, database.days() or ())
    return _answer(message, message, text, kind, time.monotonic() - began)


def collection_answer(
    retriever: Retriever, kind: MessageKind, message: str, history: Sequence[Turn], filters: Filters
) -> Answer:
    """Answer a question about the collection, with citations of the articles."""
    began = time.monotonic()
    query_text, today = retriever.normalise_question(message, filters), retriever.today()
    answer = answer_collection(retriever, kind, query_text, history, filters, today)
    dates = [citation.hit.chunk.article.date for citation in answer.citations]
    return replace(
        _answer(message, query_text, answer.text, kind, time.monotonic() - began),
        statements=answer.statements,
        citations=answer.citations,
        passages=tuple(citation.hit for citation in answer.citations),
        remark=remark(answer.period, query_text, dates, today),
    )


def _normalised_questions(message: str, history: Sequence[Turn]) -> list[str]:
    return [normalise(text) for text in (message, *(turn.question for turn in history))]


def _answer(message: str, understood: str, text: str, kind: MessageKind, seconds: float) -> Answer:
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
