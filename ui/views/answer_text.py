"""The text of an answer, sentence by sentence with its marks, becomes HTML."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from rag.citation_marks import MARK, SPACED_MARK
from rag.schema import Answer
from ui.conversations.entries import Exchange
from ui.strings import Words
from ui.views.markup import Html, element, join, text, unseen

_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
_BULLET = re.compile(r"\s*[-*•+]\s+")
_NUMBER = re.compile(r"\s*\d{1,2}[.)]\s+")
_ROW = re.compile(r"\s*\|.*\|\s*$")
_RULE = re.compile(r"\s*:?-{2,}:?\s*")


def checked(item: Exchange, words: Words) -> list[Html]:
    """Cut the answer into paragraphs, lists and tables; sentences keep their marks wherever the lines break."""
    drawn: list[Html] = []
    group: list[tuple[int, int]] = []
    kind = ""
    for line in re.finditer(r"[^\n]+", item.answer.text):
        now = _kind(line.group())
        if now != kind:
            drawn += _group(item, kind, group, words)
            kind, group = now, []
        group.append(line.span())
    return drawn + _group(item, kind, group, words)


def _kind(line: str) -> str:
    """Say what a line is part of: a list of bullets or numbers, a table, or a paragraph of its own."""
    if _BULLET.match(line):
        return "ul"
    if _NUMBER.match(line):
        return "ol"
    return "table" if _ROW.match(line) else "p"


def _group(item: Exchange, kind: str, spans: Sequence[tuple[int, int]], words: Words) -> list[Html]:
    """Draw lines of one kind that follow each other."""
    text = item.answer.text
    if kind == "table":
        return _table(item, spans, words)
    if kind in {"ul", "ol"}:
        pattern = _BULLET if kind == "ul" else _NUMBER
        items = []
        for begin, end in spans:
            found = pattern.match(text[begin:end])
            items.append(element("li", _sentences(item, begin + (found.end() if found else 0), end, words)))
        first = re.match(r"\s*(\d+)", text[spans[0][0] : spans[0][1]])
        start = first[1] if kind == "ol" and first and first[1] != "1" else None
        return [element(kind, *items, start=start)]
    return [
        element("p", _sentences(item, begin, end, words)) for begin, end in spans if text[begin:end].strip()
    ]


def _table(item: Exchange, spans: Sequence[tuple[int, int]], words: Words) -> list[Html]:
    """Draw rows between strokes; the row above a ruled line names the columns."""
    rows = [_cells(item.answer.text, *span) for span in spans]
    ruled = len(rows) > 1 and all(_RULE.fullmatch(item.answer.text[begin:end]) for begin, end in rows[1])
    drawn = []
    for at, row in enumerate(rows):
        if ruled and at == 1:
            continue
        name = "th" if ruled and at == 0 else "td"
        scope = "col" if name == "th" else None
        draw = _with_marks if name == "th" else _sentences  # the name of a column claims nothing
        drawn.append(element("tr", *(element(name, draw(item, *cell, words), scope=scope) for cell in row)))
    return [element("div", element("table", *drawn), class_="answer-table", tabindex=0)]


def _cells(text: str, begin: int, end: int) -> list[tuple[int, int]]:
    """Give where the cells of a row begin and end."""
    strokes = [begin + at for at, sign in enumerate(text[begin:end]) if sign == "|"]
    return [(first + 1, last) for first, last in pairwise(strokes)]


def _sentences(item: Exchange, begin: int, end: int, words: Words) -> Html:
    """Draw one line of the answer, statement by statement."""
    answer = item.answer
    pieces: list[Html] = []
    at = begin
    for statement in sorted(answer.statements, key=lambda part: part.start):
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
            content = element(
                "span",
                content,
                unseen(words.unsupported_label),
                class_="unsupported",
                title=words.unsupported_label,
            )
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
    bold = any(
        emphasis.start() < stop and start < emphasis.end()
        for emphasis in _BOLD.finditer(answer.text, begin, end)
    )
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
    citation = next((cited for cited in item.answer.citations if cited.mark == mark), None)
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
    """Draw text that has not been checked yet: no mark is a link so far, what is bold is so once its end has come."""
    return [element("p", _unended(line.strip())) for line in written.split("\n") if line.strip()]


def _unended(line: str) -> Html:
    """Draw a line that may end anywhere: of stars that wait for their other half nothing is shown."""
    return Html(_emphasis(line.rstrip("*") if line.count("**") % 2 else line).replace("**", ""))
