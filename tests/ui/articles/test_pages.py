"""Pages of PDF articles as pictures."""

from __future__ import annotations

import asyncio
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from page_maker import canvas, draw_lines
from PIL import Image

from index.ingest.document import Place
from index.schema import Article, Mark
from ui.articles.page_picture import MOST_ACROSS, MOST_DOWN, draw
from ui.articles.pages import COUNT, Pages, giver
from ui.views.article import PAGES, page_at


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a PDF of two pages, the first nearly empty, one that is damaged, and a secret beside it."""
    home = tmp_path / "articles"
    home.mkdir()
    made = canvas(home / "ngân sách.pdf")
    draw_lines(made, ["Trang đầu"])
    made.showPage()
    made.setFont("Noto", 11)
    draw_lines(made, ["Huyện Yên Hạ thu ngân sách 12 tỷ đồng trong năm 2019."] * 30)
    made.save()
    (home / "hong.pdf").write_bytes(b"%PDF-1.4\nhong")
    (home / "bai.txt").write_text("Bài", encoding="utf-8")
    return home


def originals(folder: Path) -> Pages:
    return Pages(
        lambda article: path if (path := folder / article).parent == folder and path.is_file() else None
    )


def dark(picture: bytes) -> float:
    """The share of a picture that is not paper."""
    grey = Image.open(BytesIO(picture)).convert("L")
    histogram = grey.histogram()
    return sum(histogram[:128]) / (grey.width * grey.height)


def test_each_page_is_drawn_as_it_is_and_no_larger_than_a_screen(folder: Path) -> None:
    pages = originals(folder)
    first, second = pages.picture("ngân sách.pdf", 1), pages.picture("ngân sách.pdf", 2)
    assert first and second and first.pages == second.pages == 2
    assert dark(second.data) > 10 * dark(first.data) > 0
    width, height = Image.open(BytesIO(second.data)).size
    assert width <= MOST_ACROSS and height <= MOST_DOWN and height > 1500


def test_a_page_is_drawn_once_until_its_file_changes(folder: Path) -> None:
    pages = originals(folder)
    first = pages.picture("ngân sách.pdf", 1)
    assert pages.picture("ngân sách.pdf", 1) is first
    made = canvas(folder / "ngân sách.pdf")
    draw_lines(made, ["Trang mới"] * 20)
    made.save()
    changed = pages.picture("ngân sách.pdf", 1)
    assert changed is not None and changed.pages == 1


@pytest.mark.parametrize(
    ("article", "number"),
    [("ngân sách.pdf", 3), ("hong.pdf", 1), ("bai.txt", 1), ("khong-co.pdf", 1), ("../secret.pdf", 1)],
)
def test_what_is_no_page_gives_none(folder: Path, article: str, number: int) -> None:
    assert originals(folder).picture(article, number) is None


def test_a_page_of_a_huge_sheet_stays_small(tmp_path: Path) -> None:
    made = canvas(tmp_path / "a.pdf")
    made.setPageSize((14_000, 14_000))
    made.drawString(10, 10, "x")
    made.save()
    pages, data = draw(str(tmp_path / "a.pdf"), 1)
    assert pages == 1 and max(Image.open(BytesIO(data)).size) <= MOST_ACROSS + 1


def test_the_address_takes_the_id_of_an_article_and_a_number_and_nothing_else(folder: Path) -> None:
    (folder.parent / "secret.pdf").write_bytes((folder / "ngân sách.pdf").read_bytes())
    web = FastAPI()
    web.add_route(PAGES, giver(originals(folder)), methods=["GET"])

    async def ask(**values: str) -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(web), base_url="http://x") as client:
            return await client.get(PAGES, params=values)

    good = asyncio.run(ask(bai="ngân sách.pdf", so="2"))
    assert (good.status_code, good.headers["content-type"], good.headers[COUNT]) == (200, "image/jpeg", "2")
    assert good.headers["cross-origin-resource-policy"] == "same-origin"
    secret = folder.parent / "secret.pdf"
    for values in (
        {}, {"bai": "ngân sách.pdf"}, {"bai": "ngân sách.pdf", "so": "0"}, {"bai": "ngân sách.pdf", "so": "-1"},
        {"bai": "ngân sách.pdf", "so": "1;2"}, {"bai": "ngân sách.pdf", "so": "٣"},
        {"bai": "ngân sách.pdf", "so": "9" * 9},
        {"bai": str(secret), "so": "1"}, {"bai": "../secret.pdf", "so": "1"}, {"bai": f"file://{secret}", "so": "1"},
    ):  # fmt: skip
        refused = asyncio.run(ask(**values))
        assert refused.status_code == 404 and "Không hiện được trang này" in refused.text, values


def test_a_place_of_a_pdf_tells_its_page_and_one_of_another_file_none() -> None:
    marks = (Mark(0, Place(page=1)), Mark(10, Place(page=2)))
    article = Article("a.pdf", "a.pdf", "A", "0123456789 trang hai", marks=marks)
    assert [page_at(article, offset) for offset in (0, 9, 10, 15)] == [1, 1, 2, 2]
    assert page_at(Article("a.docx", "a.docx", "A", "0123456789 trang hai", marks=marks), 12) is None
