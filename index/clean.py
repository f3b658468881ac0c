"""The text of a page becomes the text of its article, and what it tells about itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from index.about import (
    byline_office,
    derive_title,
    find_author,
    find_date,
    find_title,
    is_date_line,
    is_stamp,
)
from index.furniture import remove_furniture
from index.place import find_place
from index.text import normalise

_HARD_WRAP_CHARS = 45
"""A line at least this long that goes on in small letters on the next line was broken by its width."""


@dataclass(frozen=True, slots=True)
class CleanText:
    """A normalised text without page furniture; paragraphs stand apart by an empty line.

    ``title`` is never empty unless ``text`` is.  It is the text's own title line, which stays in the text,
    or where it has none the beginning of its first long sentence, ending in ``…``.
    """

    text: str
    title: str
    date: date | None
    author: str | None
    place: str | None


def clean(raw: str, title: str = "", published: date | None = None) -> CleanText:
    """Clean the text of a file or row; what the file itself says of title and date goes first."""
    raw_lines = _unwrap([re.sub(" {2,}", " ", line).strip() for line in normalise(raw).split("\n")])
    lines = remove_furniture(raw_lines)
    title = re.sub(r"\s+", " ", normalise(title)).strip()
    if not title:
        title, lines = _take_title(lines, after_furniture=_first(lines) > _first(raw_lines))
    content = [line for line in lines if line and not is_stamp(line)]
    title = title or derive_title(content)
    return CleanText(
        text=_paragraphs([line if not is_stamp(line) else "" for line in lines]),
        title=title,
        date=published or find_date(lines, title),
        author=find_author(content),
        place=find_place(title, content, byline_office(content)),
    )


def _take_title(lines: list[str], after_furniture: bool) -> tuple[str, list[str]]:
    """Return the title, or ``""``, and the lines without the rubric's name before it."""
    place = find_title(lines, after_furniture)
    if place is None:
        return "", lines
    if after_furniture:
        lines = [line if at >= place or is_date_line(line) else "" for at, line in enumerate(lines)]
    return lines[place].removeprefix("#").strip("#*_ "), lines


def _first(lines: list[str]) -> int:
    return next((place for place, line in enumerate(lines) if line), len(lines))


def _unwrap(lines: list[str]) -> list[str]:
    """Join the lines of a paragraph that was broken at a fixed width."""
    joined: list[str] = []
    for line in lines:
        before = joined[-1] if joined else ""
        broken = len(before) >= _HARD_WRAP_CHARS and before[-1] not in ".!?…:;|" and line[:1].islower()
        if broken:
            joined[-1] = f"{before} {line}"
        else:
            joined.append(line)
    return joined


def _paragraphs(lines: list[str]) -> str:
    return re.sub("\n{3,}", "\n\n", "\n".join(lines)).strip()
