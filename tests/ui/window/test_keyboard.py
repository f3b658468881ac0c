"""Keyboard and screen reader in a real browser."""

from __future__ import annotations

import re

import pytest

pytest.importorskip("playwright.sync_api", reason="needs 'pip install playwright'")
from playwright.sync_api import Page, expect

from tests.support.window_app import Window
from tests.support.window_browser import QUESTION, Visit, ask, settle


def test_everything_can_be_done_with_the_keyboard(window: Window, visit: Visit) -> None:
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


@pytest.mark.parametrize("order", [("keydown", "compositionend"), ("compositionend", "keydown")])
def test_the_enter_that_ends_a_composed_word_sends_nothing(
    window: Window, visit: Visit, order: tuple[str, str]
) -> None:
    """Browsers differ in whether they tell first that a word is composed or which key ended it."""
    page = visit(window.address)
    page.evaluate(
        "() => { window.told = []; for (const kind of ['keydown', 'compositionend'])"
        " addEventListener(kind, () => told.push(kind), true); }"
    )
    box = page.locator("#question textarea")
    box.press_sequentially("Huyện Ba Sen giảm bao nhiêu hộ ")
    method = page.context.new_cdp_session(page)
    method.send("Input.imeSetComposition", {"text": "nghèo", "selectionStart": 5, "selectionEnd": 5})
    enter = {"type": "rawKeyDown", "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229}
    steps = {
        "keydown": lambda: method.send("Input.dispatchKeyEvent", enter),
        "compositionend": lambda: method.send("Input.insertText", {"text": "nghèo"}),
    }
    page.evaluate("told.length = 0")
    for step in order:
        steps[step]()
        assert page.locator("#pending, .running").count() == 0
    assert page.evaluate("told") == list(order)
    method.send("Input.dispatchKeyEvent", {**enter, "type": "keyUp"})
    expect(box).to_have_value("Huyện Ba Sen giảm bao nhiêu hộ nghèo")
    box.press("Enter")
    settle(page)
    expect(page.locator("#live h2")).to_contain_text("Huyện Ba Sen giảm bao nhiêu hộ nghèo")
    assert [question for question, _, _ in window.assistant.asked] == ["Huyện Ba Sen giảm bao nhiêu hộ nghèo"]


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
    window: Window, visit: Visit
) -> None:
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


def test_the_list_of_conversations_takes_and_gives_back_the_focus(window: Window, visit: Visit) -> None:
    page = visit(window.address, 360, 740)
    toggle = page.get_by_role("button", name="Mở hoặc đóng danh sách")
    expect(toggle).to_have_attribute("aria-expanded", "false")
    toggle.press("Enter")
    expect(toggle).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("button", name="Cuộc trò chuyện mới")).to_be_focused()
    page.keyboard.press("Escape")
    expect(toggle).to_be_focused()
    expect(toggle).to_have_attribute("aria-expanded", "false")


def test_a_screen_reader_hears_the_state_of_work_and_the_answer_once(window: Window, visit: Visit) -> None:
    page = visit(window.address)
    page.evaluate(
        "() => { window.heard = []; new MutationObserver(() => heard.push(said.textContent))"
        ".observe(said, { childList: true }); }"
    )
    expect(page.locator("#said")).to_have_attribute("role", "status")
    window.assistant.hold("searching")
    ask(page, QUESTION, wait=False)
    steps = (
        ("searching", "Đang tìm"),
        ("reading", "Đang đọc"),
        ("writing", "Đang viết"),
        ("checking", "Đang đối chiếu"),
    )
    for step, announced in steps:
        window.assistant.hold(step)
        expect(page.locator("#said")).to_contain_text(announced)
    window.assistant.go_on()
    settle(page)
    announcements = page.evaluate("heard")
    assert announcements[0] == "Đang tìm trong kho"
    assert announcements[1:3] == ["Đang đọc 4 đoạn", "Đang viết"]
    assert "45 hộ nghèo" in announcements[-1]
    assert len(announcements) == len(set(announcements)) == 5
    assert page.locator("#live [aria-live], #live [role=status]").count() == 0


@pytest.mark.parametrize("place", ["", "en/"])
def test_every_control_has_a_name_and_gradio_says_nothing_in_english(
    window: Window, visit: Visit, place: str
) -> None:
    page = visit(window.address + place)
    ask(page, QUESTION)
    nameless = page.evaluate(
        "() => [...document.querySelectorAll('button, a[href], input, textarea, select, summary')]"
        ".filter(one => one.checkVisibility() && !(one.getAttribute('aria-label') || one.innerText.trim() || "
        "one.labels?.[0]?.textContent.trim())).map(one => one.outerHTML)"
    )
    assert nameless == []
    expect(page.locator("html")).to_have_attribute("lang", "en" if place else "vi")
    messages = page.evaluate(
        "() => document.body.innerText + [...document.querySelectorAll('[aria-label], [title], [placeholder]')]"
        ".map(one => [one.ariaLabel, one.title, one.placeholder].join(' ')).join(' ')"
    )
    found = re.findall(
        r"\b(?:Submit|Send|Stop|Clear|Upload|Copy|Loading|Search|Settings|Share|Built)\b", messages
    )
    assert bool(found) == bool(place), found


def test_the_focus_stays_where_one_pressed(window: Window, visit: Visit) -> None:
    page = visit(window.address)
    ask(page, QUESTION)
    good = page.get_by_role("button", name="Câu trả lời tốt")
    good.press("Enter")
    expect(good).to_have_attribute("aria-pressed", "true")
    expect(good).to_be_focused()
    delete = page.locator("#conversations [data-act=delete]")
    delete.press("Enter")
    delete.press("Enter")
    expect(page.locator("#live .welcome")).to_be_visible()
    expect(page.locator("#new")).to_be_focused()
    page.get_by_role("link", name="Đến ô đặt câu hỏi").press("Enter")
    expect(page.locator("#question textarea")).to_be_focused()


def test_keys_stop_an_answer_search_and_tell_of_themselves(window: Window, visit: Visit) -> None:
    page = visit(window.address)
    window.assistant.hold("writing")
    ask(page, QUESTION, wait=False)
    expect(page.locator("#live .answer")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#live .note")).to_contain_text("Đã dừng giữa chừng")
    page.keyboard.press("ControlOrMeta+K")
    expect(page.locator("#search input")).to_be_focused()
    page.get_by_role("link", name="Kho bài viết").click()
    page.keyboard.press("ControlOrMeta+K")
    expect(page.locator("#article-search input")).to_be_focused()
    page.locator("#article-search input").blur()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_contain_text("Shift+Enter")
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
    page.get_by_role("link", name="Trò chuyện").click()
    page.locator("#question textarea").fill("một")
    page.locator("#question textarea").press("Shift+Enter")
    page.keyboard.type("hai")
    expect(page.locator("#question textarea")).to_have_value("một\nhai")
