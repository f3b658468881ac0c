"""Plain text and Markdown files become documents."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from index.ingest.document import Block, Document, Metadata, Removed, Table
from index.ingest.encodings import decode
from index.ingest.limits import Limits
from index.ingest.rows.packed import read_bytes
from index.text.normalise import CAPITAL, SMALL

_HARD_WRAP_CHARS = 45
"""A line at least this long that goes on in small letters on the next line was broken by its width."""
_LETTERHEAD_LINES = 8
_BESIDE = re.compile(
    r"\S[ \t]{3,}(?:CỘNG H[ÒO][ÀA] XÃ HỘI|Độc lập *[-–] *Tự do|[^\W\d_][^\d,]{1,30}, ngày .{1,9}tháng)",
    re.IGNORECASE,
)
"""What stands to the right of the office in the head of a letter that was typed with spaces."""
_WIDEST = 100
"""Characters of the lines of a text that was broken at a fixed width."""
_SENTENCE_INSIDE = re.compile(rf"[{SMALL}\d)][.!?] [{CAPITAL}]")
_ENTRY = re.compile(r"[-+*•|>#]|\d{1,3}[.)] |[a-zđ]\) |[^.!?]{1,40}: ?[\d.,%]+$|.*\|")
_KEYS = {
    "title": "title", "tieu_de": "title", "tiêu đề": "title", "date": "date", "ngày": "date", "published": "date",
    "author": "author", "tác giả": "author", "url": "url", "link": "url", "place": "place", "location": "place",
    "description": "lead", "summary": "lead", "sapo": "lead", "number": "number", "số": "number",
}  # fmt: skip
_FRONT_MATTER = re.compile(
    r"\s*(?P<mark>---|\+\+\+)[ \t]*\n(?P<head>.*?)\n(?P=mark)[ \t]*(?:\n|$)", re.DOTALL
)
_FIELD = re.compile(r"(?P<key>[\w -]{1,40}?)\s*[:=]\s*(?P<value>.*)")
_RULE = re.compile(r"\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?")
_DATA_PICTURE = re.compile(r"!\[(?P<name>[^\]]*)\]\(data:[^)\s]*\)?")


def read_text(path: Path, limits: Limits) -> Document:
    """Read a text file; paragraphs stand apart by empty lines."""
    return Document(tuple(text_blocks(decode(read_bytes(path, limits)))))


def read_markdown(path: Path, limits: Limits) -> Document:
    """Read a Markdown file: its front matter tells of the article, its tables are tables."""
    text = _even_line_ends(decode(read_bytes(path, limits))).removeprefix("\ufeff")
    fields, text = _front_matter(text)
    removed = tuple(Removed(match.group()[:200], "picture-data") for match in _DATA_PICTURE.finditer(text))
    text = _DATA_PICTURE.sub(lambda match: match["name"], text)
    return Document(tuple(_markdown(text.split("\n"))), Metadata(**fields), removed)


def text_blocks(text: str) -> list[Block]:
    """Give the paragraphs of a text, whatever system ended its lines."""
    return _paragraphs(_even_line_ends(text).split("\n"))


def _even_line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def unwrap(lines: list[str]) -> list[str]:
    """Join the lines of paragraphs that were broken at a fixed width; empty lines stand between paragraphs."""
    joined: list[str] = []
    paragraph: list[str] = []
    for line in [*map(str.strip, lines), ""]:
        if line:
            paragraph.append(line)
            continue
        wrapped = _is_wrapped(paragraph)
        for number, part in enumerate(paragraph):
            before = paragraph[number - 1] if number else ""
            if before and before[-1] not in ".!?…:;|" and (wrapped or _goes_on(before, part)):
                joined[-1] = f"{joined[-1]} {part}"
            else:
                joined.append(part)
        joined.append("")
        paragraph = []
    return joined[:-1]


def _goes_on(before: str, line: str) -> bool:
    return len(before) >= _HARD_WRAP_CHARS and line[0].islower()


def _is_wrapped(lines: list[str]) -> bool:
    """Tell whether lines are running text broken at a fixed width, so that one may go on with a capital or figure.

    A sentence ends within a line, the last line ends one, and no line is an entry of a list or table.
    """
    widest = max(map(len, lines), default=0)
    if len(lines) < 2 or widest > _WIDEST or len(lines[0]) < 0.75 * widest or lines[-1][-1] not in ".!?…":
        return False
    return any(_SENTENCE_INSIDE.search(line) for line in lines[:-1]) and not any(map(_ENTRY.match, lines))


def _paragraphs(lines: list[str]) -> list[Block]:
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
        [re.sub(r"<br ?/?>", "\n", cell.replace("\\|", "|")).strip() for cell in re.split(r"(?<!\\)\|", line)]
        for line in (line.strip().removeprefix("|").removesuffix("|") for line in lines)
    ]
    width = max(map(len, rows))
    return Table(tuple(tuple(row + [""] * (width - len(row))) for row in rows), 1)


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
    told: dict[str, str] = {}
    for key, value in fields.items():
        if key in _KEYS:
            told.setdefault(_KEYS[key], value)
    return told, text[match.end() :]
