"""Prefixes an answer with its place and month where the question names neither."""

from __future__ import annotations

from dataclasses import replace

from index.schema import Article
from index.text.normalise import fold
from index.text.values import find_values
from rag.multi_article.values.names_and_days import is_day, names_and_days
from rag.proof.names import YEAR, has_name
from rag.proof.verify import Verified
from rag.query.language import answer_language


def with_place_and_time(verified: Verified, question: str) -> Verified:
    """Put the place and month of the one cited article before the answer, where the question names neither.

    What the answer or the question has already is not repeated; answers from several articles stay as they are.
    """
    articles = {one.hit.chunk.article.id: one.hit.chunk.article for one in verified.citations}
    named = has_name(question) or any(not is_day(name) for name in names_and_days(question))
    if len(articles) != 1 or named:
        return verified
    lead = _lead(
        next(iter(articles.values())), f"{question} {verified.text}", answer_language(question) == "en"
    )
    return with_prefix(lead, verified)


def with_prefix(lead: str, verified: Verified) -> Verified:
    """The same answer after a prefix; its statements and short span are moved on."""
    return replace(
        verified,
        text=lead + verified.text,
        statements=tuple(
            replace(one, start=one.start + len(lead), end=one.end + len(lead)) for one in verified.statements
        ),
        short_span=verified.short_span
        and (verified.short_span[0] + len(lead), verified.short_span[1] + len(lead)),
    )


def _lead(article: Article, known_text: str, english: bool) -> str:
    place = (article.place or "").partition(",")[0].strip()
    if place and fold(place.partition(" ")[2] or place) in fold(known_text):
        place = ""
    dated = YEAR.search(known_text) or any(value.kind == "date" for value in find_values(known_text))
    month = f"{article.date.month}/{article.date.year}" if article.date and not dated else ""
    if place:
        return f"{'In' if english else 'Tại'} {place}{f' ({month})' if month else ''}: "
    if month:
        return f"As of {month}: " if english else f"Theo bài tháng {month}: "
    return ""
