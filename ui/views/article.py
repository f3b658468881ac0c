"""An article, or a passage of one, becomes HTML with stretches of it marked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from index.ingest.problems import unread_parts
from index.schema import Article, StoredTable
from ui.search_scope import shown_source
from ui.strings import Words
from ui.views.controls import icon
from ui.views.errors import unread_file
from ui.views.formatting import day, format_place, format_removal, grouped
from ui.views.markup import Html, element, web_address

PAGES = "/trang"
"""Where a page of an article's PDF is shown: ``bai`` is the article's id, ``so`` the page counted from 1."""
ORIGINALS = "/tep"
"""Where the window gives an article's file; ``bai`` is the article's id."""
_PARAGRAPH = re.compile(r"[^\n]+")


@dataclass(frozen=True, slots=True)
class Highlight:
    """A stretch of a text to be marked.

    ``mark`` is its citation number, ``None`` for the passage around it and for the reader's ``extract``.
    """

    start: int
    end: int
    mark: int | None
    active: bool = False
    extract: bool = False


def article_page(
    article: Article, words: Words, highlights: Sequence[Highlight] = (), notes: Sequence[str] = ()
) -> Html:
    """Show an article's text with its title and origin."""
    by = element("p", words.author.format(author=article.author), class_="meta") if article.author else Html()
    return element(
        "article",
        element("h2", article.title),
        origin(article, words),
        by,
        *notes,
        passage_text(article.text, highlights, title=article.title, tables=article.tables),
        unread(article, words),
        left_out(article, words),
        class_="reading",
        tabindex=-1,
    )


def origin(article: Article, words: Words) -> Html:
    """Tell when, about where and in which file."""
    about = [day(article.date, words), article.place, shown_source(article.source)]
    return element("p", " · ".join(filter(None, about)), class_="meta")


def standing(article: Article, offset: int, words: Words) -> Html:
    """Tell on which page, sheet and row a passage stands, and whether it was recognised from a picture."""
    place = format_place(article.mark_at(offset), words)
    return element("p", place, class_="meta stands") if place else Html()


def unread(article: Article, words: Words) -> Html:
    """Tell which places of the file could not be read, and what to do about it."""
    if not article.problems:
        return Html()
    message = unread_file(unread_parts(shown_source(article.source), article.problems), words)
    return element("p", message, class_="note")


def left_out(article: Article, words: Words) -> Html:
    """Tell how many lines of the file are not in the article, and show them when they are asked for."""
    if not article.removed:
        return Html()
    lines = [
        element("li", item.text, element("small", f" ({format_removal(item, words)})"))
        for item in article.removed
    ]
    summary = element("summary", words.lines_left_out.format(count=grouped(len(lines), words)))
    return element("details", summary, element("ul", *lines), class_="left-out")


def original(article: Article, words: Words) -> Html:
    """Link to where the article was published, when that is a web address, or else to its file."""
    address = web_address(article.url)
    if address is None:
        return element(
            "a",
            icon("file"),
            element("span", words.original_file),
            href=f"{words.up}{ORIGINALS.removeprefix('/')}?bai={quote(article.id, safe='')}",
            download=True,
            class_="quiet",
        )
    return element(
        "a",
        icon("link"),
        element("span", words.original_page),
        href=address,
        target="_blank",
        rel="noopener noreferrer nofollow",
        class_="quiet",
    )


def paper(article: Article, page: int, words: Words, label: str) -> Html:
    """Link to the picture of a page; the browser shows it in front of the window."""
    address = f"{words.up}{PAGES.removeprefix('/')}?bai={quote(article.id, safe='')}&so={page}"
    return element(
        "a",
        icon("page"),
        element("span", label.format(page=page)),
        href=address,
        target="_blank",
        class_="quiet",
        data_picture=article.id,
        data_number=page,
        data_title=article.title,
    )


def page_at(article: Article, offset: int) -> int | None:
    """Say on which page of a PDF a place of the text stands, ``None`` for anything else."""
    return article.mark_at(offset).place.page if article.source.lower().endswith(".pdf") else None


def passage_text(
    passage: str,
    highlights: Sequence[Highlight],
    *,
    title: str,
    tables: Sequence[StoredTable] = (),
    clamp: bool = False,
) -> Html:
    """Draw a text in its paragraphs and tables with stretches of it marked; overlapping stretches are cut, not nested.

    Only an extract is marked inside of the others too, in one piece for each side of their ends.  A first
    line that only repeats the ``title``, which stands above already, is left out.
    """
    at = _after_title(passage, title, highlights)
    parts: list[Html] = []
    for table in tables:
        parts += [*_paragraphs(passage, at, table.start, highlights), _drawn(passage, table, highlights)]
        at = table.end
    parts += _paragraphs(passage, at, len(passage), highlights)
    return element("div", *parts, class_="passage clamp" if clamp else "passage")


def _paragraphs(passage: str, begin: int, end: int, highlights: Sequence[Highlight]) -> list[Html]:
    return [
        element("p", *_marked(passage, line.start(), line.end(), highlights))
        for line in _PARAGRAPH.finditer(passage, begin, end)
        if line.group().strip()
    ]


def _drawn(passage: str, table: StoredTable, highlights: Sequence[Highlight]) -> Html:
    rows = [
        element(
            "tr",
            *(
                element(
                    "th" if number < table.header_rows or number in table.groups else "td",
                    *_marked(passage, start, end, highlights),
                    colspan=columns if columns > 1 else None,
                )
                for (start, end), columns in _spread(table, number)
            ),
        )
        for number in range(len(table.rows))
    ]
    head = element("thead", *rows[: table.header_rows]) if table.header_rows else Html()
    body = element("tbody", *rows[table.header_rows :])
    return element("div", element("table", head, body), class_="answer-table")


def _spread(table: StoredTable, number: int) -> list[tuple[tuple[int, int], int]]:
    """The cells of a row with how many columns each takes: the name of a group stands once over all of them."""
    row = table.rows[number]
    if number in table.groups and len(set(row)) == 1:
        return [(row[0], len(row))]
    return [(cell, 1) for cell in row]


def _marked(passage: str, begin: int, end: int, highlights: Sequence[Highlight]) -> list[str]:
    extract = next((spot for spot in highlights if spot.extract), None)
    pieces: list[str] = []
    at = begin
    for spot in (spot for spot in highlights if not spot.extract):
        first, last = max(spot.start, at), min(spot.end, end)
        if first >= last:
            continue
        number = (
            [element("sup", str(spot.mark), aria_hidden="true")] if spot.mark and last == spot.end else []
        )
        style = " ".join(
            filter(None, ["around" if spot.mark is None else "", "active" if spot.active else ""])
        )
        inside = _with_extract(passage, first, last, extract)
        pieces += [
            *_with_extract(passage, at, first, extract),
            element("mark", *inside, *number, class_=style or None, data_mark=spot.mark),
        ]
        at = last
    return [*pieces, *_with_extract(passage, at, end, extract)]


def _with_extract(passage: str, begin: int, end: int, extract: Highlight | None) -> list[str]:
    if extract is None or extract.start >= end or extract.end <= begin:
        return [passage[begin:end]]
    first, last = max(extract.start, begin), min(extract.end, end)
    style = "extracted active" if extract.active else "extracted"
    return [passage[begin:first], element("mark", passage[first:last], class_=style), passage[last:end]]


def _after_title(passage: str, title: str, highlights: Sequence[Highlight]) -> int:
    first, _, rest = passage.partition("\n")
    quoted = any(spot.start < len(first) for spot in highlights)
    return len(first) if rest and first.strip() == title.strip() and not quoted else 0
