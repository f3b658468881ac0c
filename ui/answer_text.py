"""The text of an answer, sentence by sentence with its marks, becomes HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rag.marks import MARK, SPACED_MARK
from rag.schema import Answer
from ui.history import Exchange
from ui.markup import Html, element, join, text
from ui.strings import Words

_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
_BULLET = re.compile(r"\s*[-*•+]\s+")


def checked(item: Exchange, words: Words) -> list[Html]:
    """Cut the answer into paragraphs and lists; sentences keep their marks wherever the lines break."""
    drawn: list[Html] = []
    bullets: list[Html] = []
    for line in re.finditer(r"[^\n]+", item.answer.text):
        bullet = _BULLET.match(line.group())
        begin = line.start() + (bullet.end() if bullet else 0)
        content = _sentences(item, begin, line.end(), words)
        if bullet:
            bullets.append(element("li", content))
            continue
        drawn += _list(bullets)
        bullets = []
        if line.group().strip():
            drawn.append(element("p", content))
    return drawn + _list(bullets)


def _list(bullets: Iterable[Html]) -> list[Html]:
    items = list(bullets)
    return [element("ul", *items)] if items else []


def _sentences(item: Exchange, begin: int, end: int, words: Words) -> Html:
    """Draw one line of the answer, statement by statement."""
    answer = item.answer
    pieces: list[Html] = []
    at = begin
    for statement in sorted(answer.statements, key=lambda one: one.start):
        first, last = max(statement.start, at), min(statement.end, end)
        if first >= last:
            continue
        pieces.append(_with_marks(item, at, first, words))
        content = _with_marks(item, first, last, words)
        written = {int(mark) for mark in MARK.findall(answer.text[statement.start : statement.end])}
        if last == statement.end:
            missing = [mark for mark in statement.marks if mark not in written]
            content = join(content, *(_cite(item, mark, words) for mark in missing))
        if not statement.marks and any(char.isalnum() for char in answer.text[first:last]):
            hint = element("span", f" ({words.unsupported_label})", class_="unseen")
            content = element("span", content, hint, class_="unsupported", title=words.unsupported_label)
        pieces.append(content)
        at = last
    pieces.append(_with_marks(item, at, end, words))
    return join(*pieces)


def _with_marks(item: Exchange, begin: int, end: int, words: Words) -> Html:
    """Draw a part of the answer with its marks as links; a mark that names no citation stays text."""
    known = {citation.mark for citation in item.answer.citations}
    pieces: list[Html] = []
    at = begin
    for found in SPACED_MARK.finditer(item.answer.text, begin, end):
        if int(found[1]) in known:
            pieces += [_with_short(item.answer, at, found.start()), _cite(item, int(found[1]), words)]
            at = found.end()
    return join(*pieces, _with_short(item.answer, at, end))


def _with_short(answer: Answer, begin: int, end: int) -> Html:
    """Draw a part of the answer, in it the short answer bold."""
    start, stop = answer.short_span or (end, end)
    bold = any(one.start() < stop and start < one.end() for one in _BOLD.finditer(answer.text, begin, end))
    if bold or not begin <= start < stop <= end:
        return _emphasis(answer.text[begin:end])
    return join(
        _emphasis(answer.text[begin:start]),
        element("strong", answer.text[start:stop]),
        _emphasis(answer.text[stop:end]),
    )


def _emphasis(fragment: str) -> Html:
    return Html(_BOLD.sub(r"<strong>\1</strong>", text(fragment)))


def _cite(item: Exchange, mark: int, words: Words) -> Html:
    citation = next((one for one in item.answer.citations if one.mark == mark), None)
    if citation is None:
        return Html()
    label = words.cite_label.format(mark=mark, title=citation.hit.chunk.article.title)
    return element(
        "a",
        str(mark),
        href="#nguon",
        class_="cite",
        data_act="cite",
        data_exchange=item.id,
        data_mark=mark,
        aria_label=label,
        title=label,
    )


def streamed(written: str) -> list[Html]:
    """Draw text that has not been checked yet: no mark is a link so far."""
    return [element("p", line.strip()) for line in written.split("\n") if line.strip()]
