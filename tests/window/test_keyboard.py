"""Keyboard and screen reader in a real browser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api", reason="needs 'pip install playwright'")
from playwright.sync_api import Page, expect

from tests.window_app import opened
from tests.window_browser import QUESTION, Visit, ask


def test_everything_can_be_done_with_the_keyboard(home: Path, visit: Visit) -> None:
    with opened(home) as window:
        page = visit(window.address)
        page.keyboard.type(QUESTION)
        page.keyboard.press("Enter")
        expect(page.locator("#live .cite").first).to_be_visible()
        tab_to(page, ".cite")
        page.keyboard.press("Enter")
        expect(page.locator("#sources .card.active")).to_be_focused()
        tab_to(page, "[data-act=article]")
        page.keyboard.press("Enter")
        expect(page.locator("#sources .reading mark.active")).to_be_visible()
        tab_to(page, ".back-to-answer")
        page.keyboard.press("Enter")
        expect(page.locator("#live .cite").first).to_be_focused()
        tab_to(page, "[data-toggle=theme]")
        page.keyboard.press("Enter")
        expect(page.locator("body.dark")).to_be_attached()


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the wanted control has the focus, which must show on the way."""
    for _ in range(60):
        page.keyboard.press("Tab")
        where, outline = page.evaluate(
            "selector => [document.activeElement.matches(selector), "
            "getComputedStyle(document.activeElement).outlineStyle]",
            selector,
        )
        if where:
            assert outline != "none", f"no visible focus on {selector}"
            return
    raise AssertionError(f"Tab never reached {selector}")


def test_conversations_filters_and_articles_can_be_reached_with_the_keyboard(
    home: Path, visit: Visit
) -> None:
    with opened(home) as window:
        page = visit(window.address)
        ask(page, QUESTION)
        tab_to(page, "#filters summary")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.type("2019")
        page.keyboard.press("Enter")
        expect(page.locator("#filters .chip")).to_contain_text("từ 01/01/2019")
        tab_to(page, "#conversations summary")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.press("ControlOrMeta+A")
        page.keyboard.type("Hộ nghèo")
        page.keyboard.press("Enter")
        expect(page.locator(".opener .name")).to_have_text("Hộ nghèo")
        tab_to(page, ".pages a[href^='#kho']")
        page.keyboard.press("Enter")
        tab_to(page, "#article-search input")
        page.keyboard.type("kim lien")
        expect(page.locator("tbody tr")).to_have_count(1)
        tab_to(page, "tbody .title")
        page.keyboard.press("Enter")
        expect(page.locator("#preview .reading")).to_be_visible()
        tab_to(page, "[data-act=remove]")
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")
        expect(page.locator("#message")).to_contain_text("Đã bỏ “Kim Liên họp sơ kết” khỏi kho.")


def test_the_list_of_conversations_takes_and_gives_back_the_focus(home: Path, visit: Visit) -> None:
    with opened(home) as window:
        page = visit(window.address, 360, 740)
        toggle = page.get_by_role("button", name="Mở hoặc đóng danh sách")
        expect(toggle).to_have_attribute("aria-expanded", "false")
        toggle.press("Enter")
        expect(toggle).to_have_attribute("aria-expanded", "true")
        expect(page.get_by_role("button", name="Cuộc trò chuyện mới")).to_be_focused()
        page.keyboard.press("Escape")
        expect(toggle).to_be_focused()
        expect(toggle).to_have_attribute("aria-expanded", "false")


def test_a_screen_reader_hears_the_state_of_work_and_the_answer_once(home: Path, visit: Visit) -> None:
    with opened(home, delay=0.3) as window:
        page = visit(window.address)
        page.evaluate(
            "() => { window.heard = []; new MutationObserver(() => heard.push(said.textContent))"
            ".observe(said, { childList: true }); }"
        )
        expect(page.locator("#said")).to_have_attribute("role", "status")
        ask(page, QUESTION)
        heard = page.evaluate("heard")
        assert heard[0] == "Đang tìm trong kho"
        assert heard[1:3] == ["Đang đọc 4 đoạn", "Đang viết"]
        assert "45 hộ nghèo" in heard[-1]
        assert len(heard) == len(set(heard)) == 5
        assert page.locator("#live [aria-live], #live [role=status]").count() == 0


@pytest.mark.parametrize("place", ["", "en/"])
def test_every_control_has_a_name_and_gradio_says_nothing_in_english(
    home: Path, visit: Visit, place: str
) -> None:
    with opened(home) as window:
        page = visit(window.address + place)
        ask(page, QUESTION)
        nameless = page.evaluate(
            "() => [...document.querySelectorAll('button, a[href], input, textarea, select, summary')]"
            ".filter(one => one.checkVisibility() && !(one.getAttribute('aria-label') || one.innerText.trim() || "
            "one.labels?.[0]?.textContent.trim())).map(one => one.outerHTML)"
        )
        assert nameless == []
        expect(page.locator("html")).to_have_attribute("lang", "en" if place else "vi")
        said = page.evaluate(
            "() => document.body.innerText + [...document.querySelectorAll('[aria-label], [title], [placeholder]')]"
            ".map(one => [one.ariaLabel, one.title, one.placeholder].join(' ')).join(' ')"
        )
        found = re.findall(
            r"\b(?:Submit|Send|Stop|Clear|Upload|Copy|Loading|Search|Settings|Share|Built)\b", said
        )
        assert bool(found) == bool(place), found
