"""Answers over several articles in a real browser: lines with their places, and buttons that narrow them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api", reason="needs 'pip install playwright'")
from playwright.sync_api import Page, expect

from tests.support.window_app import opened
from tests.support.window_browser import Visit, ask
from tests.ui.window.test_looks import pale_texts, sideways

ASKED = "Cuối năm xã còn bao nhiêu hộ nghèo?"
REPORTS = {
    "xa/na-loc.txt": "Xã Nà Lốc giảm nghèo\n05/12/2020\n\nCuối năm, xã còn 115 hộ nghèo.",
    "xa/khe-may.txt": "Xã Khe Mây giảm nghèo\n06/12/2021\n\nCuối năm, xã còn 87 hộ nghèo.",
}


@pytest.fixture
def reports(home: Path) -> Path:
    for name, text in REPORTS.items():
        (home / "articles" / name).parent.mkdir(exist_ok=True)
        (home / "articles" / name).write_text(text, encoding="utf-8")
    return home


def chips(page: Page) -> list[str]:
    return page.locator("#live .narrow").all_text_contents()


def test_a_press_asks_the_same_of_one_year_alone(reports: Path, visit: Visit) -> None:
    with opened(reports) as window:
        page = visit(window.address)
        ask(page, ASKED)
        expect(page.locator("#live .cite")).to_have_count(2)
        assert set(chips(page)) >= {"2020", "2021"}
        page.locator("#live").get_by_role("button", name="2021", exact=True).click()
        expect(page.locator("#live .understood.bounds")).to_contain_text("01/01/2021")
        expect(page.locator("#live .answer")).to_contain_text("87 hộ nghèo")
        expect(page.locator("#live .narrow")).to_have_count(0)
        question, _, filters = window.assistant.asked[-1]
        assert question == ASKED
        assert (filters.from_date, filters.to_date) == (date(2021, 1, 1), date(2021, 12, 31))


@pytest.mark.parametrize("chip", ["xã Khe Mây", "huyen"], ids=["place", "source"])
def test_a_press_asks_of_one_place_or_source_alone(reports: Path, visit: Visit, chip: str) -> None:
    moved = reports / "articles" / "huyen" / "khe-may.txt"
    moved.parent.mkdir()
    (reports / "articles" / "xa" / "khe-may.txt").rename(moved)
    with opened(reports) as window:
        page = visit(window.address)
        ask(page, ASKED)
        expect(page.locator("#live .cite")).to_have_count(2)
        page.locator("#live").get_by_role("button", name=chip, exact=True).click()
        expect(page.locator("#live .answer")).to_contain_text("87 hộ nghèo")
        expect(page.locator("#live .answer")).not_to_contain_text("115 hộ nghèo")
        question, _, filters = window.assistant.asked[-1]
        named = (f"{ASKED.rstrip('?')} ở xã Khe Mây?", ()) if chip != "huyen" else (ASKED, ("huyen",))
        assert (question, filters.sources) == named


@pytest.mark.parametrize("width", [1280, 360])
def test_what_narrows_an_answer_is_legible_everywhere(reports: Path, visit: Visit, width: int) -> None:
    with opened(reports) as window:
        page = visit(window.address, width, 800)
        ask(page, ASKED)
        expect(page.locator("#live .narrow").first).to_be_visible()
        assert sideways(page) == 0
        assert pale_texts(page) == []
