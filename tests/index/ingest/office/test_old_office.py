"""Old office files: through LibreOffice, or as what they really are, or told with the command that installs it."""

from __future__ import annotations

import shutil
import stat
import subprocess
from pathlib import Path

import docx
import pytest
from word_maker import make_word, paragraph

from index.errors import ArticleError
from index.ingest.document import Block, Document
from index.ingest.files import read_file
from index.ingest.folder import SourceFile
from index.ingest.limits import DEFAULT_LIMITS, Limits
from index.ingest.office.old import read_old
from index.ingest.office.readers import OFFICE_READERS
from index.schema import Article

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def read_old_file(path: Path) -> Article:
    """Read a file as a sync does."""
    (read,) = read_file(SourceFile(path, path.name, path.stat().st_size))
    assert isinstance(read, Article), read
    return read


def test_without_libreoffice_the_command_that_installs_it_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.doc").write_bytes(OLE)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ArticleError, match=r"LibreOffice; run: sudo apt-get install .*save it as \.docx"):
        read_old(tmp_path / "a.doc", DEFAULT_LIMITS, OFFICE_READERS)


def test_the_converted_file_is_read(tmp_path: Path) -> None:
    made = make_word(tmp_path / "made.docx", paragraph("Quyết định 412"))
    program = tmp_path / "soffice"
    # The last argument is the file, the one before it the folder to write to.
    program.write_text(f'#!/bin/sh\nshift 6\ncp {made} "$1/a.docx"\n', encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    (tmp_path / "cũ.doc").write_bytes(OLE)
    document = read_old(tmp_path / "cũ.doc", DEFAULT_LIMITS, OFFICE_READERS, str(program))
    assert [block.text for block in document.blocks] == ["Quyết định 412"]


def test_a_conversion_that_fails_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "a.xls").write_bytes(OLE)
    with pytest.raises(ArticleError, match=r"save it as \.xlsx"):
        read_old(tmp_path / "a.xls", DEFAULT_LIMITS, OFFICE_READERS, shutil.which("true"))


def test_rich_text_new_files_and_pages_under_an_old_ending_are_read_as_what_they_are(tmp_path: Path) -> None:
    make_word(tmp_path / "a.doc", paragraph("Thật ra là docx"))
    (tmp_path / "b.doc").write_text(r"{\rtf1 That ra la rtf\par}", encoding="latin-1")
    (tmp_path / "c.xls").write_text("<html><table><tr><td>45</td></tr></table></html>", encoding="utf-8")

    def page(path: Path, limits: Limits) -> Document:
        return Document((Block("paragraph", f"page {path.name}"),))

    readers = {**OFFICE_READERS, ".html": page}
    read = [
        read_old(tmp_path / name, DEFAULT_LIMITS, readers).blocks[0].text
        for name in ("a.doc", "b.doc", "c.xls")
    ]
    assert read == ["Thật ra là docx", "That ra la rtf", "page c.xls"]


def test_a_page_that_a_program_wrote_for_excel_or_word_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "hộ nghèo.xls").write_text(
        '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><body><table>'
        "<tr><th>Xã</th><th>Hộ nghèo</th></tr><tr><td>Khe Mây</td><td>45</td></tr></table></body></html>",
        encoding="utf-8",
    )
    (tmp_path / "giấy mời.doc").write_text(
        '<?xml version="1.0"?>\n<html><body><p>UBND XÃ KHE MÂY</p><p>GIẤY MỜI</p></body></html>',
        encoding="utf-8",
    )
    table = read_old_file(tmp_path / "hộ nghèo.xls")
    assert (table.text, len(table.tables)) == ("Xã | Hộ nghèo\nKhe Mây | 45", 1)
    assert read_old_file(tmp_path / "giấy mời.doc").text == "UBND XÃ KHE MÂY\n\nGIẤY MỜI"


@pytest.mark.parametrize(
    ("name", "root", "newer"),
    [("a.xls", "Workbook", ".xlsx"), ("b.doc", "w:wordDocument", ".docx"), ("c.doc", "pkg:package", ".docx")],
)
def test_the_xml_of_office_2003_is_told_with_its_remedy(
    tmp_path: Path, name: str, root: str, newer: str
) -> None:
    head = '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n'
    for number, before in enumerate((head, '<?xml version="1.0"?>', "")):
        path = tmp_path / f"{number}{name}"
        path.write_text(f"{before}<{root} xmlns='x'><Data>45</Data></{root}>", encoding="utf-8")
        with pytest.raises(AssertionError, match=f"save it as {newer}"):
            read_old_file(path)


@pytest.mark.slow
@pytest.mark.model
def test_a_real_old_file_is_converted(tmp_path: Path) -> None:
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is missing; install libreoffice-writer-nogui")
    made = docx.Document()
    made.add_paragraph("Xã Khe Mây có 45 hộ nghèo")
    made.save(str(tmp_path / "a.docx"))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    convert = ["--headless", "--convert-to", "doc", "--outdir", str(tmp_path), str(tmp_path / "a.docx")]
    subprocess.run([program, profile, *convert], check=True, capture_output=True, timeout=120)
    document = read_old(tmp_path / "a.doc", DEFAULT_LIMITS, OFFICE_READERS)
    assert [block.text for block in document.blocks] == ["Xã Khe Mây có 45 hộ nghèo"]
