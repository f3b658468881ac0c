"""Plain text and Markdown files become documents."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from index.ingest.document import Block, Document, Metadata, Removed, Table
from index.ingest.encodings import decode
from index.ingest.limits import Limits
from index.ingest.line_breaks import leads_on
from index.ingest.rows.grid import as_table, is_number
from index.ingest.rows.packed import read_bytes
from index.text.normalise import CAPITAL, SMALL

_HARD_WRAP_CHARS = 45
"""A line at least this long that goes on in small letters on the next line was broken by its width."""
_NARROW_CHARS = 30
"""A line this long is longer than nearly every one of a verse."""
_FULL = 0.9
"""The part of a width that a line fills at least, with the first word of the next one: people break less evenly."""
_ENDS = ".!?…:;|"
_LETTERHEAD_LINES = 8
_TAB_COLUMNS, _TAB_CELL_CHARS = 3, 60
"""A line of two cells is a name with what is said of it; a longer cell is text."""
_BESIDE = re.compile(
    r"\S[ \t]{3,}(?:CỘNG H[ÒO][ÀA] XÃ HỘI|Độc lập *[-–] *Tự do|[^\W\d_][^\d,]{1,30}, ngày .{1,9}tháng)",
    re.IGNORECASE,
)
"""What stands to the right of the office in the head of a letter that was typed with spaces."""
_WIDEST = 100
"""Characters of the lines of a text that was broken at a fixed width."""
_SENTENCE_INSIDE = re.compile(rf"[{SMALL}\d)][.!?] [{CAPITAL}]")
_ENTRY = re.compile(r"[-+*•|>#]|\d{1,3}[.)] |[a-zđ]\) |[^.!?]{1,40}: ?[\d.,%]+$|.*\|")
_QUANTITY = re.compile(rf"\d[\d.,]*(?:%| (?!giờ|phút)[{SMALL}])")
_KEYS = {
    "title": "title", "tieu_de": "title", "tiêu đề": "title", "date": "date", "ngày": "date", "published": "date",
    "author": "author", "tác giả": "author", "url": "url", "link": "url", "place": "place", "location": "place",
    "description": "lead", "summary": "lead", "sapo": "lead", "number": "number", "số": "number",
}  # fmt: skip
_FRONT_MATTER = re.compile(
    r"\s*(?P<mark>---|\+\+\+)[ \t]*\n(?P<head>.*?)\n(?P=mark)[ \t]*(?:\n|$)", re.DOTALL
)
_FIELD = re.compile(r"(?P<key>[\w -]{1,40}?)\s*[:=]\s*(?P<value>.*)")
_RULE = re.compile(
    r"\|?\s*:?-{2,}:?\s*(?:\|\s*:?-+:?\s*)*\|?|\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)+\|?|\|\s*:?-+:?\s*\|"
)
"""The line below the names of the columns; a single dash without a bar is a list."""
_LINK = re.compile(r"!?\[([^\]]*)\]\((?:[^()\s]|\([^()\s]*\))*(?:\s+\"[^\"]*\")?\)")
_EMPHASIS = re.compile(r"(\*\*|__|`)(?=\S)(.+?)(?<=\S)\1")
_STRUCK = re.compile(r"(?<![~\\`/\w])~~(?=[^\s~])([^~\n]*[^\s~])~~(?![~`])")
"""Within a word or right after ``/`` the marks are a part of an address."""
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})[^`~]*$")
_DATA_PICTURE = re.compile(r"!\[(?P<name>[^\]]*)\]\(data:[^)\s]*\)?")


def read_text(path: Path, limits: Limits) -> Document:
    """Read a text file; paragraphs stand apart by empty lines."""
    return Document(tuple(text_blocks(decode(read_bytes(path, limits)))))


def read_markdown(path: Path, limits: Limits) -> Document:
    """Read a Markdown file: its front matter tells of the article, its tables are tables."""
    text = _even_line_ends(decode(read_bytes(path, limits))).removeprefix("\ufeff")
    fields, text = _front_matter(text)
    removed = [Removed(match.group()[:200], "picture-data") for match in _DATA_PICTURE.finditer(text)]
    text = _DATA_PICTURE.sub(lambda match: match["name"], text)
    lines, struck = _without_struck(text.split("\n"))
    return Document(tuple(_markdown(lines)), Metadata(**fields), (*removed, *struck))


def text_blocks(text: str) -> list[Block]:
    """Give the paragraphs of a text, whatever system ended its lines."""
    return _paragraphs(_even_line_ends(text).split("\n"))


def _even_line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def unwrap(lines: list[str]) -> list[str]:
    """Join the lines of paragraphs that were broken at a fixed width; empty lines stand between paragraphs."""
    paragraphs: list[list[str]] = [[]]
    for line in map(str.strip, lines):
        if line:
            paragraphs[-1].append(line)
        else:
            paragraphs.append([])
    width = _common_width(paragraphs)
    joined: list[str] = []
    for number, paragraph in enumerate(paragraphs):
        wrapped = _is_running_text(paragraph) and _is_wrapped(paragraph, width, is_first=not any(joined))
        joined += [""] if number else []
        for before, part in pairwise(["", *paragraph]):
            if before and before[-1] not in _ENDS and (wrapped or _goes_on(before, part)):
                joined[-1] = f"{joined[-1]} {part}"
            else:
                joined.append(part)
    return joined


def _goes_on(before: str, line: str) -> bool:
    return len(before) >= _HARD_WRAP_CHARS and line[0].islower()


def _is_running_text(lines: list[str]) -> bool:
    """Tell whether lines may be one text: the last ends a sentence, none is an entry or a heading."""
    return (
        len(lines) > 1
        and max(map(len, lines)) <= _WIDEST
        and lines[-1][-1] in ".!?…"
        and not any(_ENTRY.match(line) or line.isupper() for line in lines)
    )


def _is_wrapped(lines: list[str], width: int, is_first: bool) -> bool:
    """Tell whether running text was broken at a fixed width, so that a line may go on with a capital or figure.

    A sentence ends within a line; or each line is as full as the other paragraphs of the file (``width``), or those
    beside it that go on in small letters, show it; or every break stands within a name or a quantity.  The first
    line of a file may be its title, which no full line tells from text.
    """
    widest = max(map(len, lines))
    if len(lines[0]) >= 0.75 * widest and any(map(_SENTENCE_INSIDE.search, lines[:-1])):
        return True
    if any(before[-1] in _ENDS for before in lines[:-1]):
        return False
    goes_on = any(_goes_on(before, line) for before, line in pairwise(lines))
    if width or goes_on:
        return _is_full(lines, max(width, widest))
    if len(lines[0]) < _NARROW_CHARS or not _is_full(lines, widest):
        return False
    if all(leads_on(before, line) for before, line in pairwise(lines)):
        return True
    return len(lines) == 2 and not is_first and _QUANTITY.match(lines[1]) is not None


def _is_full(lines: list[str], width: int) -> bool:
    """Tell whether no line had room for the first word of the next one."""
    return all(
        len(before) + 1 + len(line.split(maxsplit=1)[0]) > _FULL * width for before, line in pairwise(lines)
    )


def _common_width(paragraphs: list[list[str]]) -> int:
    """Give the width at which the paragraphs of a file were broken, 0 where fewer than two breaks show one."""
    broken = [
        before
        for lines in filter(_is_running_text, paragraphs)
        for before, line in pairwise(lines)
        if _goes_on(before, line)
    ]
    return max(map(len, broken)) if len(broken) > 1 else 0


def _paragraphs(lines: list[str]) -> list[Block]:
    """Give the paragraphs, and the tables that were pasted with tabs between their cells."""
    blocks: list[Block] = []
    start = place = 0
    stretches: dict[int, tuple[int, list[int]]] = {}
    while place < len(lines):
        end = _end_of_tab_table(lines, place, stretches)
        if end > place:
            rows = [[cell.strip() for cell in line.split("\t")] for line in lines[place:end]]
            width = len(rows[0])
            grid = tuple(tuple(row + [""] * (width - len(row))) for row in rows)
            blocks += _running_text(lines[start:place])
            blocks.append(Block("table", table=as_table(grid)))
            start = place = end
        else:
            place += 1
    return blocks + _running_text(lines[start:])


def _end_of_tab_table(lines: list[str], first: int, stretches: dict[int, tuple[int, list[int]]]) -> int:
    """Tell where the table ends that begins with a line, ``first`` where none does.

    Its first line has a word in every cell: tabs that only put words under each other come in rows of several.  An
    editor may have cut the empty cells off the end of a line.

    ``stretches`` keeps for each number of columns where the last stretch of such lines ends, and which of them are
    whole: where it is no table, it is not searched again from each of its lines.
    """
    head = lines[first].split("\t")
    if len(head) < _TAB_COLUMNS or not all(cell.strip() and len(cell) <= _TAB_CELL_CHARS for cell in head):
        return first
    end, whole = stretches.get(len(head), (first, []))
    if end <= first:
        end = first + 1
        while end < len(lines) and _is_row(lines[end], len(head)):
            end += 1
        whole = [at for at in range(first, end) if lines[at].count("\t") == len(head) - 1]
        stretches[len(head)] = end, whole
    rows = end - first
    if 2 * (len(whole) - bisect_left(whole, first)) <= rows:
        return first
    # Two lines of words alone may be anything.
    is_table = rows > 2 or (rows == 2 and any(map(is_number, lines[first + 1].split("\t"))))
    return end if is_table else first


def _is_row(line: str, columns: int) -> bool:
    """Tell whether a line may be a row: one that begins with a tab and is not whole is an indented paragraph."""
    tabs = line.count("\t")
    return bool(line.strip()) and 1 <= tabs < columns and (tabs == columns - 1 or line[0] != "\t")


def _running_text(lines: list[str]) -> list[Block]:
    blocks: list[Block] = []
    paragraph: list[str] = []
    for line in [*unwrap([re.sub(r"[ \t]{2,}", " ", line) for line in _columns_apart(lines)]), ""]:
        if line:
            paragraph.append(line)
        elif paragraph:
            blocks.append(Block("paragraph", "\n".join(paragraph)))
            paragraph = []
    return blocks


def _columns_apart(lines: list[str]) -> Iterator[str]:
    """Yield the lines; those of the two columns over an official letter one below the other."""
    for number, line in enumerate(lines):
        beside = number < _LETTERHEAD_LINES and _BESIDE.search(line)
        yield from re.split(r"[ \t]{3,}", line.strip()) if beside else (line,)


def _without_struck(lines: list[str]) -> tuple[list[str], list[Removed]]:
    """Take what is struck out of lines; code between fences is shown as it is written."""
    kept: list[str] = []
    struck: list[Removed] = []
    fence = ""
    for line in lines:
        mark = _FENCE.match(line)
        if mark and not fence:
            fence = mark[1]
        elif mark and mark[1].startswith(fence) and mark[1] == line.strip():
            fence = ""
        elif not fence:
            struck += [Removed(match[1], "struck-out") for match in _STRUCK.finditer(line)]
            line = _STRUCK.sub("", line)
        kept.append(line)
    return kept, struck


def _markdown(lines: list[str]) -> list[Block]:
    blocks: list[Block] = []
    start = place = 0
    while place < len(lines):
        if (
            place + 1 < len(lines)
            and "|" in lines[place]
            and _RULE.fullmatch(lines[place + 1].strip() or ".")
        ):
            end = place + 2
            while end < len(lines) and "|" in lines[end]:
                end += 1
            blocks += _paragraphs(lines[start:place])
            blocks.append(Block("table", table=_pipe_table([lines[place], *lines[place + 2 : end]])))
            start = place = end
        else:
            place += 1
    return blocks + _paragraphs(lines[start:])


def _pipe_table(lines: list[str]) -> Table:
    rows = [
        [_cell(cell) for cell in re.split(r"(?<!\\)\|", line)]
        for line in (line.strip().removeprefix("|").removesuffix("|") for line in lines)
    ]
    width = max(map(len, rows))
    return Table(tuple(tuple(row + [""] * (width - len(row))) for row in rows), 1)


def _cell(written: str) -> str:
    """Give what a reader of a cell sees: the words of a link without its address, no marks of emphasis."""
    text = re.sub(r"<br ?/?>", "\n", written.replace("\\|", "|"))
    return _EMPHASIS.sub(r"\2", _LINK.sub(r"\1", text)).strip()


def _front_matter(text: str) -> tuple[dict[str, str], str]:
    """Take the fields between two lines ``---`` (YAML) or ``+++`` (TOML) off the beginning.

    Text between two rules is text where it is not made of fields, or none of them is known ("KHẨN: hồ xả lũ").
    """
    match = _FRONT_MATTER.match(text)
    if match is None:
        return {}, text
    fields: dict[str, str] = {}
    key = ""
    for line in match["head"].split("\n"):
        field = None if line[:1].isspace() else _FIELD.fullmatch(line.strip())
        if field:
            key = field["key"].strip().lower()
            value = field["value"].strip()
            fields[key] = "" if value in (">", "|", ">-", "|-", ">+", "|+") else value.strip("\"'")
        elif line.strip() and key and (line[:1].isspace() or line.startswith("- ")):
            fields[key] = f"{fields[key]} {line.strip().removeprefix('- ')}".strip()
        elif line.strip() and not line.startswith("#"):
            return {}, text
    if not fields.keys() & _KEYS.keys():
        return {}, text
    given_fields: dict[str, str] = {}
    for key, value in fields.items():
        if key in _KEYS:
            given_fields.setdefault(_KEYS[key], value)
    return given_fields, text[match.end() :]
