"""Which articles a search is bounded to: read from what was typed, described in words, remembered by the browser."""

from __future__ import annotations

import json
import re
from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from index.folders import UPLOADED
from index.schema import Filters, Hit
from index.text.normalise import fold
from ui.strings import Words
from ui.views.formatting import day

_FIRST_YEAR = 1000


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a browser showed last."""

    conversation: str | None
    filters: Filters


def read(begin: str, end: str, source: str, known: Sequence[str], words: Words) -> Filters | str:
    """Read bounds as they are typed; a sentence says what is wrong with them.

    A source is one of the ``known`` ones, its name, or what begins a name, however its accents are typed.
    """
    days: list[date | None] = []
    for typed, last in ((begin, False), (end, True)):
        days.append(read_day(typed, last=last))
        if typed and days[-1] is None:
            return words.day_unclear.format(day=typed)
    if days[0] and days[1] and days[0] > days[1]:
        return words.days_reversed.format(begin=day(days[0], words), end=day(days[1], words))
    if not source:
        return Filters(days[0], days[1])
    found = source if source in known else _named(source, names(known, words))
    if found is None:
        return words.source_unknown.format(source=source)
    return Filters(days[0], days[1], (found,))


def names(sources: Sequence[str], words: Words) -> dict[str, str]:
    """Give each source by the name that a person calls it, or by its own where that is another's."""
    taken, named = set(sources), {}
    for source in sources:
        name = words.added_here if source == UPLOADED else shown_source(source)
        named[source if name in taken else name] = source
    return named


def _named(typed: str, named: Mapping[str, str]) -> str | None:
    wanted = fold(typed)
    folded = {fold(name): source for name, source in named.items()}
    if wanted in folded:
        return folded[wanted]
    return next((source for name, source in named.items() if fold(name).startswith(wanted)), None)


def read_day(text: str, *, last: bool = False) -> date | None:
    """Read a day as people type it (15/10/2020, 15-10-2020, 2020-10-15); a month or a year gives its first day.

    ``last`` gives the last day of the month or year instead.  ``None`` when it is no date.
    """
    parts = [int(part) for part in re.findall(r"\d+", text)]
    if not re.fullmatch(r"\d{1,4}(?:\s*[/.-]\s*\d{1,4}){0,2}", text.strip()):
        return None
    year, month, day = (parts if parts[0] > 31 else parts[::-1]) + [0, 0, 0][len(parts) :]
    if year < _FIRST_YEAR:
        return None
    try:
        if day:
            return date(year, month, day)
        if month:
            return date(year, month, monthrange(year, month)[1] if last else 1)
        return date(year, 12, 31) if last else date(year, 1, 1)
    except ValueError:
        return None


def read_remembered(content: str) -> Remembered:
    """Read what a browser kept; whatever does not fit reads as nothing."""
    try:
        fields = json.loads(content or "{}")
    except ValueError:
        fields = {}
    texts = {
        key: value
        for key, value in (fields.items() if isinstance(fields, dict) else ())
        if isinstance(value, str)
    }
    source = texts.get("source", "")
    filters = Filters(
        read_day(texts.get("from", "")), read_day(texts.get("to", ""), last=True), (source,) if source else ()
    )
    return Remembered(texts.get("conversation") or None, filters)


def read_shown(content: str) -> str | None:
    """Read which conversation a page shows, ``""`` for none; ``None`` where it does not tell."""
    kind, told_kind, conversation = content.partition(":")
    return conversation if told_kind and kind == "on-show" else None


def in_words(filters: Filters, words: Words, hits: Sequence[Hit] = ()) -> str:
    """Describe the bounds in words, empty where there are none; an article that was found there by its title."""
    parts = []
    if filters.from_date:
        parts.append(words.bound_from.format(day=day(filters.from_date, words)))
    if filters.to_date:
        parts.append(words.bound_to.format(day=day(filters.to_date, words)))
    titles = {hit.chunk.article.source: f"“{hit.chunk.article.title}”" for hit in hits}
    for source in filters.sources:
        name = titles.get(source) or next(iter(names([source], words)))
        parts.append(words.bound_source.format(source=name))
    return ", ".join(parts)


def shown_source(source: str) -> str:
    """Give a source as a person calls it: no mark of how it came into the collection, no number of a row."""
    return source.removeprefix(UPLOADED).removeprefix("@").rstrip("/")
