"""Rich text (.rtf) through striprtf; what that library leaves out or lets in is taken out of the file before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from index.errors import ArticleError
from index.ingest.document import Block, Document, Removed
from index.ingest.limits import DEFAULT_LIMITS, Limits
from index.ingest.office.package import DAMAGED
from index.ingest.office.properties import metadata
from index.ingest.office.rtf_cells import CELL, LINE, Shape, mark_cells, place_cells
from index.ingest.rows.grid import as_table, make_grid, split_title, without_empty

_BEHIND = re.compile(r"\{\s*(?:\\\*)?\s*\\(footnote|endnote|header[lrf]?|footer[lrf]?|shptxt)\b")
_LEFT_OUT = re.compile(
    r"\{\s*(?:\\\*)?\s*(?:\\[a-z]+-?\d* ?){0,8}?\\(deleted|v|annotation|striked?1?)(?![a-z\d])"
)
_REASONS = {"deleted": "tracked-deletion", "v": "hidden", "annotation": "comment"}
_STRUCK_OUT = "struck-out"
_LIST_NUMBER = re.compile(r"(\{\s*)(?:\\\*\s*)?\\(?:pntext|listtext)(?![a-z])")
"""Before the number of an entry of a list, which striprtf would leave out."""
_RAISED = re.compile(
    r"(?<=\d)(?=\}?\s*\{?(?:\\[a-z]+-?\d* ?){0,8}?\\super(?![a-z\d]) ?(?:\\[a-z]+-?\d* ?){0,8}\d)"
)
_INFO = re.compile(r"\{\s*\\(title|author)\b")
_FIELD_CODE = re.compile(r"\{\s*\\\*\s*\\fldinst\b")
_NAMES = re.compile(
    r"\\(?:\*\s*\\)?(?:footnote|endnote|header[lrf]?|footer[lrf]?|shptxt|title|author|deleted|v|annotation|striked?1?)(?![a-z\d])"
)
_BULLET = re.compile(r"[-–•·]\s|\d{1,3}[.)]\s|[a-zđ]\)\s")


def read_rtf(path: Path, limits: Limits = DEFAULT_LIMITS) -> Document:
    """Read a file; footnotes, headers and text boxes come at its end.

    Raises ArticleError where it is none or damaged.
    """
    text = path.read_bytes().decode("latin-1")
    if not text.lstrip().startswith("{\\rtf"):
        raise ArticleError("it is no RTF file; save it as .docx")
    try:
        properties = {name: _plain(text, group) for name, group, _ in _groups(text, _INFO)}
        body, removed = _cut(text, _LEFT_OUT)
        body, _ = _cut(body, _FIELD_CODE)
        body, behind = _cut(_RAISED.sub("^", _LIST_NUMBER.sub(r"\1", body)), _BEHIND)
        blocks = list(_blocks(body))
        for group in dict.fromkeys(group for _, group in behind):
            blocks += [
                Block("note", line) for line in _plain(text, group).split("\n") if re.search(r"[^\W\d]", line)
            ]
        removed_texts = [
            Removed(_plain(text, group), _REASONS.get(name, _STRUCK_OUT)) for name, group in removed
        ]
    except DAMAGED as error:
        raise ArticleError(f"it cannot be read as RTF ({error}); save it as .docx") from error
    document_metadata = metadata(properties.get("title", ""), properties.get("author", ""))
    return Document(
        tuple(blocks), document_metadata, tuple(item for item in removed_texts if item.text.strip())
    )


def _blocks(text: str) -> Iterator[Block]:
    """Yield the lines and tables; a line of cells is a row; the rows come in the order of their shapes."""
    marked, shapes = mark_cells(text)
    rows: list[list[str]] = []
    shapes_left = iter(shapes)
    for line in [*_strip(marked, text).split("\n"), ""]:
        if CELL in line:
            rows.append([re.sub(rf"\s*{LINE}\s*", "\n", cell).strip() for cell in line.split(CELL)[:-1]])
            continue
        if rows:
            yield from _table(rows, [next(shapes_left, ()) for _ in rows])
            rows = []
        if line.strip():
            text = re.sub(r"\s+", " ", line).strip()
            yield Block("item" if _BULLET.match(text) else "paragraph", text)


def _table(rows: list[list[str]], shapes: list[tuple[Shape, ...]]) -> Iterator[Block]:
    titles, kept = split_title(without_empty(make_grid(place_cells(rows, shapes))))
    yield from (Block("paragraph", title) for title in titles if title)
    if kept and len(kept[0]) == 1:
        yield from (Block("paragraph", row[0]) for row in kept if row[0])
    elif kept:
        yield Block("table", "", as_table(kept))


def _strip(marked: str, whole: str) -> str:
    from striprtf.striprtf import rtf_to_text

    plain = rtf_to_text(marked, encoding=_encoding(whole), errors="replace")  # type: ignore[no-untyped-call]
    return str(plain).replace(f"{CELL}|", CELL)


def _encoding(text: str) -> str:
    named = re.search(r"\\ansicpg(\d+)", text[:2000])
    return f"cp{named[1]}" if named and named[1] not in ("0", "65001") else "cp1252"


def _plain(whole: str, group: str) -> str:
    """The text of a group by itself, with the fonts and code page of its file."""
    fonts = re.search(r"\{\s*\\fonttbl", whole)
    table = whole[fonts.start() : _end(whole, fonts.start())] if fonts else ""
    inner = _NAMES.sub("", group, count=1)
    head = re.match(r"\s*\{\\rtf1?(?:\\[a-z]+-?\d* ?)*", whole)
    return _strip(f"{head[0] if head else '{'}{table}{inner}}}", whole).strip()


def _cut(text: str, begin: re.Pattern[str]) -> tuple[str, list[tuple[str, str]]]:
    """Take out the groups that begin so; returns the rest, and their names with their content."""
    rest, found, at = "", [], 0
    for name, group, start in _groups(text, begin):
        rest += text[at:start]
        at = start + len(group)
        found.append((name, group))
    return rest + text[at:], found


def _groups(text: str, begin: re.Pattern[str]) -> Iterator[tuple[str, str, int]]:
    at = 0
    while (match := begin.search(text, at)) is not None:
        at = _end(text, match.start())
        yield match[1] if match.re.groups else "", text[match.start() : at], match.start()


def _end(text: str, start: int) -> int:
    """Where the group that begins at ``start`` ends."""
    depth = 0
    for match in re.compile(r"\\[\\{}]|[{}]").finditer(text, start):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if not depth:
            return match.end()
    return len(text)
