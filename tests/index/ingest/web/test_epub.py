"""Books: the chapters in their order, locked books told."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from index.errors import ArticleError
from index.ingest.limits import Limits
from index.ingest.web.epub import read_epub

OPF = """<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">
<metadata><dc:title>Chuyện Khe Mây</dc:title><dc:creator>Giàng A Páo</dc:creator></metadata>
<manifest><item id="n" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>
<item id="b" href="hai%20.xhtml" media-type="application/xhtml+xml"/>
<item id="a" href="mot.xhtml" media-type="application/xhtml+xml"/></manifest>
<spine><itemref idref="n"/><itemref idref="a"/><itemref idref="b"/></spine></package>"""
CONTAINER = '<container><rootfiles><rootfile full-path="OPS/book.opf"/></rootfiles></container>'


def book(path: Path, **more: str) -> Path:
    page = '<html xmlns="http://www.w3.org/1999/xhtml"><body>{}</body></html>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("META-INF/container.xml", CONTAINER)
        file.writestr("OPS/book.opf", OPF)
        file.writestr("OPS/nav.xhtml", page.format("<p>Mục lục</p>"))
        file.writestr("OPS/mot.xhtml", page.format("<h1>Chương 1</h1><p>Có 45 hộ.</p>"))
        table = "<table><tr><th>Xã</th><th>Hộ</th></tr><tr><td>Khe Mây</td><td>45</td></tr></table>"
        file.writestr("OPS/hai .xhtml", page.format(f"<p>Hết chuyện.</p>{table}"))
        for name, content in more.items():
            file.writestr(f"META-INF/{name}.xml", content)
    return path


def test_chapters_come_in_the_order_of_reading(tmp_path: Path) -> None:
    document = read_epub(book(tmp_path / "a.epub"))
    assert [(block.kind, block.text) for block in document.blocks] == [
        ("heading", "Chương 1"), ("paragraph", "Có 45 hộ."), ("paragraph", "Hết chuyện."), ("table", ""),
    ]  # fmt: skip
    assert (document.metadata.title, document.metadata.author) == ("Chuyện Khe Mây", "Giàng A Páo")


def test_a_locked_book_is_told_and_one_with_hidden_fonts_is_read(tmp_path: Path) -> None:
    lock = '<encryption><EncryptionMethod Algorithm="{}"/></encryption>'
    fonts = book(tmp_path / "a.epub", encryption=lock.format("http://www.idpf.org/2008/embedding"))
    assert read_epub(fonts).blocks
    locked = book(tmp_path / "b.epub", encryption=lock.format("http://www.w3.org/2001/04/xmlenc#aes128-cbc"))
    with pytest.raises(ArticleError, match="locked"):
        read_epub(locked)


def test_a_book_that_explodes_or_is_damaged_is_refused(tmp_path: Path) -> None:
    path = book(tmp_path / "a.epub", big="x" * 3_000_000)
    assert read_epub(path, Limits(unpacked_bytes=10_000)).blocks  # what is not read costs nothing
    with pytest.raises(ArticleError, match="split it"):
        read_epub(path, Limits(unpacked_bytes=100))
    (tmp_path / "b.epub").write_bytes(path.read_bytes()[:100])
    with pytest.raises(ArticleError, match="convert it"):
        read_epub(tmp_path / "b.epub")
