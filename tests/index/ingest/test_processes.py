"""A file that breaks, hangs or swells costs one file; the others are read in their order, no process is left."""

from __future__ import annotations

import zipfile
from pathlib import Path

import psutil
import pytest
from pdf_maker import make_pdf
from word_maker import make_word, paragraph

from index.ingest.limits import Limits
from index.ingest.list_folder import Unreadable
from index.ingest.processes import Readers
from index.ingest.read_files import find_files
from index.schema import Article

pytestmark = pytest.mark.slow


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Word files 0 to 5, the last but one a zip bomb, and a text."""
    for number in range(6):
        make_word(tmp_path / f"{number}.docx", paragraph(f"Thôn số {number} có 45 hộ nghèo."))
    (tmp_path / "a.txt").write_text("Thôn Lũng Cao có 30 hộ nghèo.", encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "4.docx", "a", zipfile.ZIP_DEFLATED) as file:
        file.writestr("word/numbering.xml", b" " * 200_000_000)
    return tmp_path


def read(folder: Path, limits: Limits, count: int = 2) -> list[tuple[str, str]]:
    """Read a folder: of each file its source with its text, or with the reason why there is none."""
    outcomes = []
    files = find_files(folder)
    with Readers(files, limits, count) as readers:
        for file in files:
            for item in readers.read(file):
                outcomes.append((file.source, item.text if isinstance(item, Article) else item.reason))
    return outcomes


def test_files_are_read_in_their_order_whoever_reads_them(folder: Path) -> None:
    (folder / "4.docx").unlink()
    assert read(folder, Limits()) == [
        *((f"{number}.docx", f"Thôn số {number} có 45 hộ nghèo.") for number in (0, 1, 2, 3, 5)),
        ("a.txt", "Thôn Lũng Cao có 30 hộ nghèo."),
    ]


def test_what_takes_too_much_memory_is_ended_and_told(folder: Path) -> None:
    outcomes = dict(read(folder, Limits(memory_bytes=1_000_000)))
    assert outcomes["0.docx"] == outcomes["5.docx"] == "reading it takes more than 0.0 GB of memory; split it"
    assert outcomes["a.txt"] == "Thôn Lũng Cao có 30 hộ nghèo."


def test_what_says_nothing_for_too_long_is_ended_and_told(folder: Path) -> None:
    outcomes = dict(read(folder, Limits(silent_seconds=0.0)))
    assert "could not be read within" in outcomes["0.docx"]
    assert outcomes["a.txt"] == "Thôn Lũng Cao có 30 hộ nghèo."


def reading_processes() -> list[psutil.Process]:
    return [
        child
        for child in psutil.Process().children()
        if any("spawn_main" in word for word in child.cmdline())
    ]


def test_a_reader_that_is_killed_costs_one_file(folder: Path) -> None:
    files = find_files(folder)
    with Readers(files, Limits(), 1) as readers:
        reading = readers.read(files[0])
        assert isinstance(next(reading), Article)
        (worker,) = readers._workers
        assert worker.connection.poll(60)  # it has told that the file is read, and waits for the next one
        (process,) = reading_processes()
        process.kill()
        assert list(reading) == []
        (lost,) = readers.read(files[1])
        assert lost == Unreadable("1.docx", "its reader broke down; it is damaged: open it and save it again")
        (after,) = readers.read(files[2])
        assert isinstance(after, Article) and after.text == "Thôn số 2 có 45 hộ nghèo."


def test_who_stops_in_the_middle_leaves_no_process_behind(folder: Path) -> None:
    files = find_files(folder)
    with pytest.raises(KeyboardInterrupt), Readers(files, Limits(), 2) as readers:
        next(readers.read(files[0]))
        assert len(reading_processes()) == 2
        raise KeyboardInterrupt
    assert reading_processes() == []


def test_pages_are_told(tmp_path: Path) -> None:
    make_pdf(tmp_path / "a.pdf", [[f"Trang số {number} có 45 hộ nghèo."] for number in (1, 2, 3)])
    progress = []
    files = find_files(tmp_path)
    with Readers(files, Limits(), 1) as readers:
        list(readers.read(files[0], lambda done, total: progress.append((done, total))))
    assert list(dict.fromkeys(pair for pair in progress if pair[1])) == [(1, 3), (2, 3), (3, 3)]
