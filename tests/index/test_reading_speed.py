"""No rule is quadratic: 30,000 like lines take 2 s of the processor, and four times the lines four times as long."""

from __future__ import annotations

import gzip
import json
import time
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import pytest
from pdf_maker import make_pdf
from pptx import Presentation
from pptx.util import Inches
from word_maker import make_word, paragraph, row, table

from index.chunking import split
from index.ingest.list_folder import SourceFile, Unreadable
from index.ingest.read_files import read_file

pytestmark = pytest.mark.slow

LINES = 30_000
SECONDS = 2.0
FEW, MANY = 1_500, 6_000
MOST_GROWTH = 9.0
"""Of four times the lines: 4 is linear, 16 quadratic."""
KINDS = ["Tin liên quan", "Thôn {0}: {0}", "Ngày 5/7/2021, tổ {0}", "bể"]


def like_lines(line: str, count: int) -> list[str]:
    return [line.format(number) for number in range(count)]


def text(path: Path, lines: list[str]) -> None:
    path.write_text("\n".join(lines), encoding="utf-8")


def packed(path: Path, lines: list[str]) -> None:
    path.write_bytes(gzip.compress("\n".join(lines).encode()))


def markdown_table(path: Path, lines: list[str]) -> None:
    text(path, ["| Thôn | Hộ |", "|---|---|", *(f"| {line} | 7 |" for line in lines)])


def page(path: Path, lines: list[str]) -> None:
    body = "".join(f"<p>{line}</p>" for line in lines)
    text(path, [f"<html><body><article><h1>Danh sách</h1>{body}</article></body></html>"])


def letter(path: Path, lines: list[str]) -> None:
    head = "From: a@b.vn\nSubject: Danh sách\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
    text(path, [head, *lines])


def rtf(path: Path, lines: list[str]) -> None:
    body = "".join(
        "".join(char if char.isascii() else f"\\u{ord(char)}?" for char in line) + "\\par\n" for line in lines
    )
    path.write_text("{\\rtf1\\ansi " + body + "}", encoding="ascii")


def word(path: Path, lines: list[str]) -> None:
    make_word(path, "".join(map(paragraph, lines)))


def word_table(path: Path, lines: list[str]) -> None:
    make_word(path, table(*(row(line, "7") for line in lines)))


def sheet(path: Path, lines: list[str]) -> None:
    book = openpyxl.Workbook(write_only=True)
    made = book.create_sheet("2020")
    for line in ["Thôn", *lines]:
        made.append([line, 7])
    book.save(path)


def parted_sheet(path: Path, lines: list[str]) -> None:
    """Every other row is empty."""
    book = openpyxl.Workbook(write_only=True)
    made = book.create_sheet("2020")
    for line in ["Thôn", *lines]:
        made.append([line, 7])
        made.append([])
    book.save(path)


def open_text(path: Path, lines: list[str]) -> None:
    names = " ".join(f'xmlns:{name}="urn:{name}"' for name in ("office", "text"))
    body = "".join(f"<text:p>{line}</text:p>" for line in lines)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(
            "content.xml",
            f"<office:document-content {names}><office:body><office:text>{body}</office:text></office:body>"
            "</office:document-content>",
        )


def book(path: Path, lines: list[str]) -> None:
    body = "".join(f"<p>{line}</p>" for line in lines)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(
            "META-INF/container.xml",
            '<container><rootfiles><rootfile full-path="a.opf"/></rootfiles></container>',
        )
        file.writestr(
            "a.opf",
            '<package xmlns="http://www.idpf.org/2007/opf"><manifest><item id="a" href="a.xhtml" '
            'media-type="application/xhtml+xml"/></manifest><spine><itemref idref="a"/></spine></package>',
        )
        file.writestr("a.xhtml", f'<html xmlns="http://www.w3.org/1999/xhtml"><body>{body}</body></html>')


def slides(path: Path, lines: list[str]) -> None:
    made = Presentation()
    box = made.slides.add_slide(made.slide_layouts[6]).shapes.add_textbox(0, 0, Inches(9), Inches(6))
    box.text_frame.text = "\n".join(lines)
    made.save(str(path))


def rows(path: Path, lines: list[str]) -> None:
    text(path, ["title,text", *(f"Thôn,{line.replace(',', ' ')}" for line in lines)])


def objects(path: Path, lines: list[str]) -> None:
    text(path, [json.dumps({"text": line}, ensure_ascii=False) for line in lines])


def array(path: Path, lines: list[str]) -> None:
    text(path, [json.dumps([{"text": line} for line in lines], ensure_ascii=False)])


def pdf(path: Path, lines: list[str]) -> None:
    make_pdf(path, [lines[start : start + 50] for start in range(0, len(lines), 50)])


MAKERS: dict[str, Callable[[Path, list[str]], None]] = {
    "a.txt": text,
    "a.txt.gz": packed,
    "a.md": text,
    "table.md": markdown_table,
    "a.html": page,
    "a.eml": letter,
    "a.rtf": rtf,
    "a.docx": word,
    "table.docx": word_table,
    "a.xlsx": sheet,
    "parted.xlsx": parted_sheet,
    "a.odt": open_text,
    "a.epub": book,
    "a.pptx": slides,
    "a.csv": rows,
    "a.tsv": rows,
    "a.jsonl": objects,
    "a.json": array,
    "a.pdf": pdf,
}


def count_tokens(texts: Sequence[str]) -> list[int]:
    return [len(piece.split()) + 1 for piece in texts]


def seconds(path: Path) -> float:
    """What it takes to read a file and to cut its articles; all of it must be readable."""
    began = time.process_time()
    for item in read_file(SourceFile(path, path.name, path.stat().st_size)):
        assert not isinstance(item, Unreadable), item
        split(item, count_tokens, 240)
    return time.process_time() - began


@pytest.mark.parametrize("line", KINDS)
def test_like_lines_of_a_text_take_two_seconds(tmp_path: Path, line: str) -> None:
    text(tmp_path / "a.txt", like_lines(line, LINES))
    assert min(seconds(tmp_path / "a.txt") for _ in range(3)) <= SECONDS


@pytest.mark.parametrize("name", MAKERS)
def test_four_times_the_lines_take_about_four_times_as_long(tmp_path: Path, name: str) -> None:
    taken = []
    for count in (FEW, MANY):
        (tmp_path / str(count)).mkdir()
        MAKERS[name](tmp_path / str(count) / name, like_lines(KINDS[1], count))
        taken.append(min(seconds(tmp_path / str(count) / name) for _ in range(2)))
    assert taken[1] <= MOST_GROWTH * taken[0]
