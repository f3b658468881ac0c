"""Text recognition: pages are made ready, paragraphs keep their confidence, and our own pages are read."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from PIL import Image

from eval.benchmarks.formats.ocr import FONTS, OcrScore, edit_distance, render, spoil, summary
from index.errors import ArticleError
from index.ingest.document import Place
from index.ingest.pdf.ocr import Recogniser, find_recogniser
from index.ingest.pdf.page_image import prepare, slant

PRINTED = "Xã Khe Mây còn 45 hộ nghèo.\n" * 12


@pytest.fixture
def page() -> Image.Image:
    try:
        return render(PRINTED, FONTS[0])[0]
    except OSError:
        pytest.skip("the font of the test pages is missing; install fonts-noto-core")


def fake_tesseract(folder: Path, script: str) -> Recogniser:
    program = folder / "tesseract"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return Recogniser(str(program), seconds=5)


def row(block: int, paragraph: int, line: int, confidence: float, text: str) -> str:
    return f"5\t1\t{block}\t{paragraph}\t{line}\t1\t0\t0\t9\t9\t{confidence}\t{text}"


def test_paragraphs_keep_the_mean_confidence_of_their_words_and_stains_are_left_out(tmp_path: Path) -> None:
    head = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"
    rows = [row(1, 1, 1, 90, "Tổng"), row(1, 1, 1, 80, "số:"), row(1, 1, 2, 70, '"45"'), row(1, 2, 1, 96, "Hết"),
            row(2, 1, 1, 12, "~;.")]  # fmt: skip
    (tmp_path / "out.tsv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    recogniser = fake_tesseract(tmp_path, f"cat > /dev/null; cat {tmp_path}/out.tsv")
    blocks = recogniser.read(Image.new("L", (300, 400), 255), Place(page=3))
    assert [block.text for block in blocks] == ['Tổng số: "45"', "Hết"]
    assert [block.confidence for block in blocks] == pytest.approx([0.8, 0.96])  # (90 + 80 + 70) / 3, 96
    assert {block.place for block in blocks} == {Place(page=3)}


def test_a_failure_is_an_error_with_the_command_that_installs(tmp_path: Path) -> None:
    with pytest.raises(ArticleError, match="apt-get install tesseract-ocr"):
        fake_tesseract(tmp_path, "exit 1").read(Image.new("L", (30, 40), 255))


def test_vietnamese_data_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_tesseract(tmp_path, "echo eng")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    find_recogniser.cache_clear()
    assert find_recogniser() is None
    find_recogniser.cache_clear()


@pytest.mark.parametrize("angle", [-3.0, 1.5])
def test_a_turned_page_is_turned_back(page: Image.Image, angle: float) -> None:
    turned = page.rotate(angle, Image.Resampling.BICUBIC, fillcolor=255)
    assert slant(turned) == pytest.approx(angle, abs=0.3)
    assert slant(page) == pytest.approx(0, abs=0.2)


def test_pages_are_brought_to_300_dots_an_inch() -> None:
    assert prepare(Image.new("RGB", (620, 877), "white"), dpi=75).size == (2480, 3508)
    assert max(prepare(Image.new("RGBA", (1000, 1414), (0, 0, 0, 0))).size) == 3510  # A4: 11.7 inches


def test_edit_distance_and_rates() -> None:
    assert edit_distance("hộ nghèo", "họ nghe") == 3  # ộ → ọ, è → e, less o
    assert edit_distance("", "ab") == 2
    scores = [OcrScore("a", "f", "clean", 100, 1, 2.0), OcrScore("b", "f", "clean", 300, 1, 4.0)]
    assert summary(scores)["clean"] == {
        "pages": 2,
        "error_rate": 2 / 400,
        "worst_page": 1 / 100,
        "seconds_a_page": 3.0,
    }


@pytest.mark.model
def test_our_own_pages_are_read(page: Image.Image) -> None:
    recogniser = find_recogniser()
    if recogniser is None:
        pytest.skip("Tesseract with Vietnamese is missing; install tesseract-ocr tesseract-ocr-vie")
    whole, printed = render(PRINTED, FONTS[0])
    clean = whole.crop((0, 0, 1240, 700))  # the part that is printed on
    for image, most in ((clean, 0.01), (spoil(clean, 1), 0.10)):
        read = " ".join(" ".join(block.text.split()) for block in recogniser.read(image, dpi=150))
        assert edit_distance(printed, read) <= most * len(printed)
