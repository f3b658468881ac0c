"""Every form of an answer in a real browser: legible, in place and free of faults on each kind of screen."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

pytest.importorskip("playwright.sync_api", reason="needs 'pip install playwright'")
pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python")
from forms_maker import OPEN, articles, forms
from playwright.sync_api import Page, expect

from rag.schema import Answer
from tests.support.window_app import Window
from tests.support.window_browser import Visit, ask, findings
from tests.ui.window.test_looks import pale_texts, sideways

SCREENS = {
    "desktop": (1280, 800),
    "phone": (390, 844),
    "phone, lying": (844, 390),
    "four times as large": (320, 256),
}


@pytest.fixture
def prepared(window: Window) -> Mapping[str, Answer]:
    answers_by_form = forms()
    window.assistant.prepared = answers_by_form
    window.library.held.update({one.id: one for one in articles()})
    return answers_by_form


def ask_in_new(page: Page, question: str) -> None:
    page.evaluate("document.querySelector('#new').click()")
    page.wait_for_selector("#live .welcome")
    ask(page, question)


@pytest.mark.parametrize("screen", SCREENS)
def test_every_form_of_an_answer_is_legible_everywhere(
    window: Window, visit: Visit, prepared: Mapping[str, Answer], screen: str
) -> None:
    page = visit(window.address, *SCREENS[screen])
    faults: dict[str, object] = {}
    for question in prepared:
        ask_in_new(page, question)
        if prepared[question].citations:
            page.locator("#live .cite").first.click()
            expect(page.locator("#sources .card.active")).to_be_visible()
        page.evaluate("document.querySelector('#live h2').scrollIntoView()")
        found = [*findings(page), *pale_texts(page)]
        if found or sideways(page):
            faults[question] = (sideways(page), found)
    assert faults == {}


def test_what_the_program_words_keeps_its_form(
    window: Window, visit: Visit, prepared: Mapping[str, Answer]
) -> None:
    page = visit(window.address)
    ask_in_new(page, OPEN)
    lines = page.locator("#live .answer li")
    expect(lines).to_have_count(3)
    expect(lines.nth(0)).to_contain_text("Cuối năm, tỷ lệ hộ nghèo giảm còn 8,79%.")
    expect(lines.nth(0).locator(".cite")).to_have_text("1")
    expect(page.locator("#sources .card .badge")).to_have_text(["1", "2", "3"])
    ask_in_new(page, "Tỷ lệ hộ nghèo các bản giảm còn bao nhiêu?")
    expect(page.locator("#live .answer li")).to_have_count(8)
    expect(page.locator("#live .answer p").last).to_have_text("… và 2 bài khác.")
    ask_in_new(page, "Tỷ lệ hộ nghèo ở Nà Lốc cao hơn ở Khe Mây bao nhiêu?")
    expect(page.locator("#live .answer p").first).to_contain_text("15,38% − 8,79% = 6,59 điểm phần trăm.")
    ask_in_new(page, "Lập bảng tỷ lệ hộ nghèo các xã")
    expect(page.locator("#live .answer th")).to_have_text(["Xã", "Tỷ lệ hộ nghèo", "Ngày đăng", "Ghi chú"])
    expect(page.locator("#live .answer td strong")).to_have_text("8,79%")
    page.locator("#live .answer td .cite").nth(1).click()
    expect(page.locator("#sources .card.active")).to_contain_text("Nà Lốc")
    ask_in_new(page, "Lễ hội có những gì?")
    expect(page.locator("#live .answer ol li")).to_have_count(3)
    expect(page.locator("#live .unsupported").last).to_contain_text("Chưa rõ kinh phí")
    ask_in_new(page, "Trong bảng, Khe Mây còn bao nhiêu hộ nghèo?")
    page.locator("#live .cite").first.click()
    expect(page.locator("#sources table mark.active").first).to_contain_text("Khe Mây")
    expect(page.locator("#sources .card.active")).to_contain_text("trang 3")
    ask_in_new(page, "Cảm ơn bạn nhé")
    expect(page.locator("#sources")).to_contain_text("Mỗi câu trả lời có số trích dẫn.")
    ask_in_new(page, next(reversed(prepared)))
    expect(page.locator("#live .answer ol").nth(1)).to_have_attribute("start", "2")
    expect(page.locator("#live .answer")).to_contain_text("Không tìm thấy câu trả lời trong các bài viết.")
