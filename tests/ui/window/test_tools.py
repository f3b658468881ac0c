"""The page of tools in a real browser: a table is made, sorted and taken along, a text is checked."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api", reason="needs 'pip install playwright'")
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.support.window_app import opened
from tests.support.window_browser import Visit, findings_by_scheme
from tests.ui.window.test_looks import pale_texts, sideways

ASKED = "hộ nghèo"
REPORTS = {
    "na-loc.txt": "Xã Nà Lốc giảm nghèo\n05/12/2021\n\nCuối năm, xã Nà Lốc còn 115 hộ nghèo.",
    "khe-may.txt": "Xã Khe Mây giảm nghèo\n06/12/2021\n\nCuối năm, xã Khe Mây còn 87 hộ nghèo.",
}


@pytest.fixture
def reports(home: Path) -> Path:
    for name, text in REPORTS.items():
        (home / "articles" / name).write_text(text, encoding="utf-8")
    return home


def tabulate(page: Page, *questions: str) -> None:
    page.get_by_role("link", name="Công cụ").click()
    page.get_by_label("Điều cần lập bảng").fill("\n".join(questions))
    page.get_by_role("button", name="Lập bảng").click()


def test_a_table_is_made_sorted_and_taken_along(reports: Path, visit: Visit) -> None:
    with opened(reports) as window:
        page = visit(window.address)
        tabulate(page, ASKED)
        rows = page.locator("#table-result tbody tr")
        expect(rows).to_have_count(3)
        expect(page.locator("#table-result")).to_contain_text("3 bài có nêu, trong 5 bài đã đọc")
        expect(rows.filter(has_text="Khe Mây")).to_contain_text("Cuối năm, xã Khe Mây còn 87 hộ nghèo.")
        page.get_by_role("button", name=ASKED).click()
        expect(page.locator("td.value strong")).to_have_text(["9", "87", "115"])
        page.get_by_role("button", name=ASKED).click()
        expect(page.locator("td.value strong")).to_have_text(["115", "87", "9"])
        expect(page.locator("th[aria-sort]")).to_have_attribute("aria-sort", "descending")
        with page.expect_download() as coming:
            page.get_by_role("button", name="Tải CSV (.csv)").click()
        csv_rows = list(csv.reader(StringIO(Path(coming.value.path()).read_text(encoding="utf-8-sig"))))
        assert csv_rows[0][:4] == ["Bài viết", "Nơi", "Ngày", ASKED]
        assert [row[3] for row in csv_rows[1:4]] == ["115", "87", "9"]
        with page.expect_download() as coming:
            page.get_by_role("button", name="Tải Excel (.xlsx)").click()
        sheet = load_workbook(BytesIO(Path(coming.value.path()).read_bytes())).active
        assert sheet is not None
        assert [cell.value for cell in sheet["D"]][:4] == [ASKED, "115", "87", "9"]
        page.get_by_text("2 bài không nêu").click()
        page.get_by_role("link", name="Kim Liên họp sơ kết").click()
        expect(page.locator("#preview .reading")).to_contain_text("Trần Văn An")


def test_a_table_goes_on_in_the_background_and_can_be_ended(reports: Path, visit: Visit) -> None:
    with opened(reports, delay=2.0) as window:
        page = visit(window.address)
        tabulate(page, ASKED)
        expect(page.locator("#table-message")).to_contain_text("Đang đọc: ")
        page.get_by_role("link", name="Trò chuyện").click()
        page.reload()
        page.get_by_role("link", name="Công cụ").click()
        expect(page.locator("#table-result tbody tr")).to_have_count(3)
        expect(page.locator("#table-message p")).to_have_count(0)
        page.get_by_label("Điều cần lập bảng").fill(ASKED)
        page.get_by_role("button", name="Lập bảng").click()
        page.locator("#table-message").get_by_role("button", name="Dừng").click()
        expect(page.locator("#table-result")).to_contain_text("Đã dừng giữa chừng, kết quả chưa đầy đủ.")


def test_each_line_is_a_column(reports: Path, visit: Visit) -> None:
    with opened(reports) as window:
        page = visit(window.address)
        tabulate(page, ASKED, "kết nạp đảng viên mới")
        row = page.locator("tbody tr", has_text="Kim Liên")
        expect(row.locator("td.value").nth(1)).to_contain_text("82")
        expect(row.locator("td.value").nth(0)).to_have_text("")
        row.get_by_text("Câu trong bài · 93%").click()
        expect(row).to_contain_text("Toàn huyện kết nạp 82 đảng viên mới.")


def test_fewer_articles_are_read_where_that_is_wanted(reports: Path, visit: Visit) -> None:
    with opened(reports) as window:
        page = visit(f"{window.address}#cong-cu/bang")
        page.get_by_label("Điều cần lập bảng").fill(ASKED)
        page.get_by_text("Giới hạn đọc").click()
        page.get_by_label("Số bài đọc cho mỗi cột (1–200)").fill("2")
        page.get_by_role("button", name="Lập bảng").click()
        expect(page.locator("#table-result")).to_contain_text("trong 2 bài đã đọc")


def test_a_text_is_checked_sentence_by_sentence(reports: Path, visit: Visit) -> None:
    text = (
        "Cuối năm, xã Khe Mây còn 87 hộ nghèo. Cuối năm, xã Nà Lốc còn 151 hộ nghèo. "
        "Xã Bản Vược mở lớp dạy nghề <img src=x onerror=window.hacked=1> mới."
    )
    with opened(reports) as window:
        page = visit(f"{window.address}#cong-cu/kiem-tra")
        page.get_by_label("Đoạn văn cần kiểm tra").fill(text)
        page.get_by_role("button", name="Kiểm tra").click()
        expect(page.locator("#check-result")).to_contain_text(
            "1 câu khớp, 1 câu trái, 1 câu không thấy trong kho"
        )
        wrong = page.locator("li.contradicted")
        expect(wrong.locator("mark")).to_have_text("151")
        expect(wrong).to_contain_text("Trong bài là “115”, không phải “151”.")
        expect(wrong.locator("blockquote")).to_have_text("Cuối năm, xã Nà Lốc còn 115 hộ nghèo.")
        expect(page.locator("li.supported .verdict")).to_have_text("Khớp với bài")
        expect(page.locator("li.not_found")).to_contain_text("<img src=x")
        assert page.evaluate("window.hacked") is None
        wrong.get_by_role("link", name="Xã Nà Lốc giảm nghèo").click()
        expect(page.locator("#preview .reading")).to_contain_text("115 hộ nghèo")


@pytest.mark.parametrize("tool", ["bang", "kiem-tra"])
@pytest.mark.parametrize("width", [1280, 360])
def test_the_tools_are_legible_everywhere(reports: Path, visit: Visit, tool: str, width: int) -> None:
    with opened(reports) as window:
        page = visit(f"{window.address}#cong-cu/{tool}", width, 800)
        assert sideways(page) == 0
        if tool == "bang":
            page.get_by_label("Điều cần lập bảng").fill(ASKED)
            page.get_by_role("button", name="Lập bảng").click()
            expect(page.locator("#table-result tbody tr")).to_have_count(3)
        else:
            page.get_by_label("Đoạn văn cần kiểm tra").fill("Xã Nà Lốc còn 151 hộ nghèo. Chợ mới đã mở.")
            page.get_by_role("button", name="Kiểm tra").click()
            expect(page.locator("#check-result li")).to_have_count(2)
        assert sideways(page) == 0
        assert pale_texts(page) == []
        assert findings_by_scheme(page) == []
