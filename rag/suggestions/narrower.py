"""An answer of several articles offers the same question for fewer of them: of one place, one year or one source."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, TypeAlias

from index.schema import Article, Filters
from index.text.normalise import fold
from rag.multi_article.question_type import classify_question
from rag.schema import Answer

By: TypeAlias = Literal["place", "year", "source"]


@dataclass(frozen=True, slots=True)
class Narrowing:
    """The question and the bounds of its search that leave of the cited articles those of one ``value``."""

    by: By
    value: str
    question: str
    filters: Filters


def narrowings(answer: Answer, filters: Filters = Filters()) -> tuple[Narrowing, ...]:
    """How an answer can be narrowed; ``filters`` is what its search was bounded to.

    Nothing is offered where one article is cited or where the answer joins several of them, nor a place,
    year or source that all or the question have.
    """
    articles = tuple({one.hit.chunk.article.id: one.hit.chunk.article for one in answer.citations}.values())
    if answer.kind != "question" or len(articles) < 2 or _joins(answer):
        return ()
    question = answer.standalone
    folded_question = fold(question)
    found = [
        Narrowing("place", place, _at(question, place), filters)
        for place in _differing(articles, lambda one: one.place or "")
        if fold(place.partition(",")[0]) not in folded_question
    ]
    found += [
        Narrowing("year", year, question, _within(filters, int(year)))
        for year in _differing(articles, lambda one: str(one.date.year) if one.date else "")
        if year not in folded_question
    ]
    found += [
        Narrowing("source", source, question, replace(filters, sources=(source,)))
        for source in _differing(articles, _source)
    ]
    return tuple(found)


def _joins(answer: Answer) -> bool:
    """Whether an answer needs all of its articles, as a comparison does."""
    asks_for_several = classify_question(answer.standalone) not in ("open", "latest")
    return asks_for_several and any(len(statement.marks) > 1 for statement in answer.statements)


def _differing(articles: tuple[Article, ...], value_of: Callable[[Article], str]) -> Iterator[str]:
    """What the articles differ in, each value once; nothing where fewer than two are known."""
    known = dict.fromkeys(value for one in articles if (value := value_of(one)))
    if len(known) > 1:
        yield from known


def _at(question: str, place: str) -> str:
    return f"{question.rstrip(' ?.!')} ở {place}?"


def _within(filters: Filters, year: int) -> Filters:
    """The bounds and the year in one."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    return replace(
        filters,
        from_date=max(first, filters.from_date or first),
        to_date=min(last, filters.to_date or last),
    )


def _source(article: Article) -> str:
    """The file of a row, or the folder of a file; empty for a file beside the others."""
    file, row, _ = article.source.partition("#")
    return file if row else article.source.rpartition("/")[0]
