"""Conversations in a real browser: kept, found again, branched, apart from each other."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api", reason="needs 'pip install playwright'")
from playwright.sync_api import Browser, Page, expect

from tests.support.window_app import Window, opened
from tests.support.window_browser import QUESTION, Visit, ask, download
from ui.views.conversation import MOST_SHOWN


def test_an_edited_question_opens_a_branch_and_nothing_is_lost(window: Window, visit: Visit) -> None:
    """Two more questions are asked in one tab while the first is edited in another, stale one."""
    page = visit(window.address)
    ask(page, QUESTION)
    ask(page, "Ai chủ trì hội nghị ở Kim Liên?")
    [talk] = window.history.conversations()
    newer = window.history.ask(talk.id, "Câu hỏi từ cửa sổ khác?")
    page.locator("#past").get_by_role("button", name="Sửa và hỏi lại").click()
    expect(page.locator("#question textarea")).to_have_value(QUESTION)
    expect(page.locator("#question textarea")).to_be_focused()
    expect(page.locator("#editing")).to_contain_text("mở thành cuộc trò chuyện mới")
    ask(page, "Diện tích rừng trồng mới ở Ba Sen là bao nhiêu?")
    expect(page.locator("#live .answer")).to_contain_text("3.772 ha")
    expect(page.locator(".exchange")).to_have_count(1)
    expect(page.locator(".opener")).to_have_count(2)
    assert [item.question for item in window.history.entries(talk.id)] == [
        QUESTION, "Ai chủ trì hội nghị ở Kim Liên?", newer.question,
    ]  # fmt: skip


def test_a_question_goes_on_while_another_conversation_is_read(window: Window, visit: Visit) -> None:
    page = visit(window.address)
    ask(page, "Ai chủ trì hội nghị ở Kim Liên?")
    page.get_by_role("button", name="Cuộc trò chuyện mới").click()
    expect(page.locator("#live .welcome")).to_be_visible()
    window.assistant.hold("writing")
    ask(page, QUESTION, wait=False)
    expect(page.locator(".running")).to_be_visible()
    page.locator(".opener", has_text="Ai chủ trì").click()
    expect(page.locator("#live .answer")).to_contain_text("Trần Văn An")
    expect(page.locator(".opener[aria-current]")).to_contain_text("Ai chủ trì")
    expect(page.locator(".running")).to_have_count(0)
    window.assistant.go_on()
    while window.history.waiting():
        page.wait_for_timeout(20)
    page.locator("#search input").fill(
        "kim lien"
    )  # what is drawn for this comes after whatever the answer still sent
    expect(page.locator(".opener")).to_have_count(1)
    expect(page.locator("#live h2")).to_contain_text("Ai chủ trì")
    page.go_back()
    expect(page.locator("#live h2")).to_contain_text(QUESTION)
    expect(page.locator("#live .answer:not(.draft)")).to_contain_text("45 hộ nghèo")
    expect(page.locator("#send")).to_be_visible()


def test_a_reload_in_the_middle_of_a_question_shows_it_and_its_answer(window: Window, visit: Visit) -> None:
    page = visit(window.address)
    window.assistant.hold("writing")
    ask(page, QUESTION, wait=False)
    expect(page.locator(".running")).to_be_visible()
    page.locator("#question textarea").fill("một câu đang gõ dở")
    page.reload()
    expect(page.locator("#live h2")).to_contain_text(QUESTION)
    window.assistant.go_on()
    expect(page.locator("#live .answer:not(.draft)")).to_contain_text("45 hộ nghèo")
    expect(page.locator("#question textarea")).to_have_value("một câu đang gõ dở")


def test_a_reload_and_a_restart_find_the_conversation(home: Path, visit: Visit) -> None:
    with opened(home) as window:
        page = visit(window.address)
        ask(page, QUESTION)
        port = int(window.address.rsplit(":", 1)[1].strip("/"))
        page.reload()
        expect(page.locator("#live .answer")).to_contain_text("45 hộ nghèo")
        page.goto("about:blank")
    with opened(home, port=port) as window:
        page.goto(window.address)
        expect(page.locator("#live .answer")).to_contain_text("45 hộ nghèo")
        page.locator("#live .cite").first.click()
        expect(page.locator("#sources mark.active")).to_contain_text("45 hộ nghèo")
        stranger = visit(window.address)
        stranger.locator(".opener", has_text=QUESTION).click()
        expect(stranger.locator("#live .answer")).to_contain_text("45 hộ nghèo")
        [talk] = window.history.conversations()
        by_address = visit(f"{window.address}#hoi/{talk.id}")
        expect(by_address.locator("#live .answer")).to_contain_text("45 hộ nghèo")
        expect(by_address.locator(".opener[aria-current]")).to_contain_text(QUESTION)


def test_conversations_are_found_renamed_and_deleted(window: Window, visit: Visit) -> None:
    page = visit(window.address)
    ask(page, QUESTION)
    page.get_by_role("button", name="Cuộc trò chuyện mới").click()
    expect(page.locator("#live .welcome")).to_be_visible()
    ask(page, "Ai chủ trì hội nghị ở Kim Liên?")
    expect(page.locator(".opener")).to_have_count(2)
    page.locator("#search input").press_sequentially("ho ngheo")
    expect(page.locator(".opener")).to_have_count(1)
    page.locator(".opener").click()
    expect(page.locator("#live .answer")).to_contain_text("45 hộ nghèo")
    page.locator("#conversations summary").click()
    page.get_by_label("Tên cuộc trò chuyện").fill("Hộ nghèo Ba Sen")
    page.get_by_role("button", name="Lưu").click()
    expect(page.locator(".opener .name")).to_have_text("Hộ nghèo Ba Sen")
    page.get_by_role("button", name="Xóa").click()
    page.get_by_role("button", name="Xóa hẳn cuộc trò chuyện này?").click()
    expect(page.locator(".opener")).to_have_count(0)
    expect(page.locator("#live .welcome")).to_be_visible()
    assert len(window.history.conversations()) == 1


def test_conversation_and_ratings_can_be_taken_along(window: Window, visit: Visit) -> None:
    page = visit(window.address)
    ask(page, QUESTION)
    page.get_by_role("button", name="Câu trả lời chưa tốt").click()
    expect(page.get_by_role("button", name="Câu trả lời chưa tốt")).to_have_attribute("aria-pressed", "true")
    page.get_by_text("Thêm nhận xét").click()
    page.get_by_label("Câu trả lời đúng, nếu bạn biết").fill("45 hộ")
    page.get_by_label("Nhận xét (không bắt buộc)").fill("Thiếu năm")
    page.get_by_role("button", name="Lưu nhận xét").click()
    expect(page.get_by_text("Đã lưu, cảm ơn bạn.")).to_be_visible()
    page.locator("#exports summary").click()
    assert "**Nguồn**" in download(page, "Tải văn bản (.md)")
    content = json.loads(download(page, "Tải dữ liệu (.json)"))
    assert content["exchanges"][0]["rating"] == {
        "good": False,
        "comment": "Thiếu năm",
        "correction": "45 hộ",
    }
    line = json.loads(download(page, "Tải các đánh giá (.jsonl)"))
    assert (line["question"], line["answers"]) == (QUESTION, [["45 hộ"]])


def test_windows_are_apart(window: Window, visit: Visit) -> None:
    window.assistant.hold("reading")
    one, other = visit(window.address), visit(window.address)
    ask(one, QUESTION, wait=False)
    ask(other, "Ai chủ trì hội nghị ở Kim Liên?", wait=False)
    expect(other.locator(".doing")).to_have_text("Đang chờ, còn 1 câu hỏi phía trước")
    window.assistant.go_on()
    expect(one.locator(".running")).to_have_count(0)
    expect(other.locator(".running")).to_have_count(0)
    expect(one.locator("#live .answer")).to_contain_text("45 hộ nghèo")
    expect(other.locator("#live .answer")).to_contain_text("Trần Văn An")
    expect(one.locator(".exchange")).to_have_count(1)


def test_a_password_keeps_strangers_out_and_whoever_knows_it_shares_one_list(
    home: Path, visit: Visit, browser: Browser
) -> None:
    with opened(home, password="bí mật") as window:
        context = browser.new_context()
        page = context.new_page()
        page.goto(window.address)
        assert page.request.get(f"{window.address}gradio_api/app_id").status == 401
        page.get_by_label("Mật khẩu").fill("sai")
        page.get_by_role("button", name="Đăng nhập").click()
        expect(page.get_by_role("alert")).to_contain_text("Mật khẩu không đúng")
        enter(page)
        ask(page, QUESTION)
        second = browser.new_context().new_page()
        second.goto(window.address)
        enter(second)
        expect(second.locator(".opener .name")).to_have_text(QUESTION)
        page.get_by_role("button", name="Đăng xuất").click()
        expect(page.get_by_label("Mật khẩu")).to_be_visible()
        second.context.close()
        context.close()


def test_what_was_deleted_in_another_window_is_told_and_what_is_typed_is_asked(
    window: Window, visit: Visit
) -> None:
    page = visit(window.address)
    ask(page, QUESTION)
    [talk] = window.history.conversations()
    window.history.delete(talk.id)
    page.get_by_role("button", name="Câu trả lời tốt").click()
    expect(page.locator("#notice")).to_contain_text("Cuộc trò chuyện này đã bị xóa ở một cửa sổ khác.")
    ask(page, "Ai chủ trì hội nghị ở Kim Liên?")
    expect(page.locator("#live .answer")).to_contain_text("Trần Văn An")
    assert [talk.title for talk in window.history.conversations()] == ["Ai chủ trì hội nghị ở Kim Liên?"]


def test_a_session_that_ended_elsewhere_asks_for_the_password_and_keeps_what_is_typed(
    home: Path, browser: Browser
) -> None:
    with opened(home, password="bí mật") as window:
        context = browser.new_context()
        page, other = context.new_page(), context.new_page()
        page.goto(window.address)
        enter(page)
        other.goto(window.address)
        page.locator("#question textarea").press_sequentially("một câu đang gõ dở")
        other.get_by_role("button", name="Đăng xuất").click()
        expect(other.get_by_label("Mật khẩu")).to_be_visible()
        page.locator("#send").click()
        enter(page)
        expect(page.locator("#question textarea")).to_have_value("một câu đang gõ dở")
        context.close()


def enter(page: Page) -> None:
    """Give the password."""
    page.get_by_label("Mật khẩu").fill("bí mật")
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_selector("#live .welcome")


def test_earlier_questions_of_a_long_conversation_come_at_a_press(window: Window, visit: Visit) -> None:
    page = visit(window.address)
    ask(page, QUESTION)
    [talk] = window.history.conversations()
    [item] = window.history.exchanges(talk.id)
    for _ in range(MOST_SHOWN + 1):
        window.history.finish(window.history.ask(talk.id, QUESTION).id, item.answer)
    page.reload()
    expect(page.locator("#past .exchange")).to_have_count(MOST_SHOWN)
    page.get_by_role("button", name="Xem 1 câu hỏi trước đó").click()
    expect(page.locator("#past .exchange")).to_have_count(MOST_SHOWN + 1)
    expect(page.locator(".earlier")).to_have_count(0)
