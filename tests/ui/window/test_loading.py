"""A question that is sent while the window is still being loaded, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api", reason="needs 'pip install playwright'")
from playwright.sync_api import Browser, Page, Route, expect

from tests.support.window_app import Window, opened
from tests.support.window_browser import QUESTION, findings_by_scheme, settle
from ui.conversations.answer_job import Job
from ui.operation.fair_queue import FairQueue
from ui.strings import LONGEST_QUESTION
from ui.window.access.listen import DEFAULT_PORT, listen
from ui.window.loading_page import opening_page

OTHER = "Ai chủ trì hội nghị ở Kim Liên?"
KEEPS_NOTHING = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    page = context.new_page()
    page.set_default_timeout(60_000)
    yield page
    context.close()


@contextmanager
def loading(port: int = 0) -> Iterator[int]:
    """Show the small page; gives the port, which is free again afterwards."""
    with listen("127.0.0.1", port, DEFAULT_PORT) as held, opening_page(held):
        yield held.getsockname()[1]


def send(page: Page, question: str) -> None:
    page.locator("textarea").fill(question)
    page.locator("textarea").press("Enter")


def asked(window: Window) -> list[str]:
    return [question for question, _, _ in window.assistant.asked]


def test_a_question_outlives_reloads_and_the_program_and_is_asked_once(page: Page, home: Path) -> None:
    with loading() as port:
        page.goto(f"http://127.0.0.1:{port}/")
        send(page, QUESTION)
        expect(page.locator("#waiting h2")).to_have_text(QUESTION)
        expect(page.locator("#waiting p")).to_contain_text("sẽ được trả lời khi nạp xong mô hình")
        expect(page.locator("textarea")).to_have_value("")
        page.reload()
        expect(page.locator("#waiting h2")).to_have_text(QUESTION)
    with loading(port):  # another process
        page.goto(f"http://127.0.0.1:{port}/")
        expect(page.locator("#waiting h2")).to_have_text(QUESTION)
        page.locator("textarea").fill(OTHER)
    with opened(home, port=port) as window:
        expect(page.locator("#live .asked h2")).to_contain_text(QUESTION)
        settle(page)
        expect(page.locator("#live .answer")).to_contain_text("45 hộ nghèo")
        expect(page.locator("#question textarea")).to_have_value(OTHER)
        page.reload()
        expect(page.locator("#live .answer")).to_contain_text("45 hộ nghèo")
        assert asked(window) == [QUESTION]
        assert page.evaluate("localStorage.getItem('hoidap.sent')") is None


def test_it_waits_for_the_password(page: Page, home: Path) -> None:
    with loading() as port:
        page.goto(f"http://127.0.0.1:{port}/")
        send(page, QUESTION)
    with opened(home, port=port, password="bí mật") as window:
        page.get_by_label("Mật khẩu").fill("sai")
        page.get_by_role("button", name="Đăng nhập").click()
        expect(page.locator(".notice")).to_be_visible()
        assert window.history.conversations() == []
        page.get_by_label("Mật khẩu").fill("bí mật")
        page.get_by_role("button", name="Đăng nhập").click()
        expect(page.locator("#live .answer")).to_contain_text("45 hộ nghèo")
        assert asked(window) == [QUESTION]


def test_it_goes_on_in_the_conversation_that_the_address_names_after_what_is_answered_there(
    page: Page, home: Path
) -> None:
    with opened(home) as window:
        port = int(window.address.split(":")[2].strip("/"))
        talk = window.history.ask(None, QUESTION).conversation
        window.history.ask(None, "Diện tích rừng trồng mới?")  # the newer one
    with loading(port):
        page.goto(f"http://127.0.0.1:{port}/#hoi/{talk}")
        send(page, OTHER)
        expect(page.locator("#waiting")).to_be_visible()
    with opened(home, port=port, delay=0.3) as window:
        expect(page.locator("#live .asked h2")).to_contain_text(OTHER)
        settle(page)
        assert [entry.question for entry in window.history.entries(talk)] == [QUESTION, OTHER]
        assert asked(window).count(OTHER) == 1
        assert page.evaluate("location.hash") == f"#hoi/{talk}"


def test_it_is_asked_once_where_the_word_that_it_is_kept_was_lost(page: Page, home: Path) -> None:
    lost: list[str] = []

    def lose(route: Route) -> None:
        if lost or QUESTION not in (route.request.post_data or ""):
            route.continue_()
            return
        route.fetch()
        lost.append(QUESTION)
        route.abort()

    with loading() as port:
        page.goto(f"http://127.0.0.1:{port}/")
        send(page, QUESTION)
        page.route("**/gradio_api/run/**", lose)
    with opened(home, port=port) as window:
        expect(page.locator("#live .answer")).to_contain_text("45 hộ nghèo")
        page.wait_for_function("localStorage.getItem('hoidap.sent') === null")
        [talk] = window.history.conversations()
        assert lost == [entry.question for entry in window.history.entries(talk.id)] == [QUESTION]


def test_what_the_window_refuses_is_in_its_box(page: Page, home: Path) -> None:
    full: FairQueue[Job] = FairQueue(200, 0)
    with loading() as port:
        page.goto(f"http://127.0.0.1:{port}/")
        send(page, QUESTION)
        page.locator("textarea").fill(OTHER)
    with opened(home, port=port, line=full) as window:
        expect(page.locator("#notice .notice")).to_be_visible()
        expect(page.locator("#question textarea")).to_have_value(f"{QUESTION}\n{OTHER}")
        assert window.history.conversations() == []
        assert page.evaluate("localStorage.getItem('hoidap.sent')") is None


def test_lines_a_second_question_and_one_that_is_taken_back(page: Page) -> None:
    with loading() as port:
        page.goto(f"http://127.0.0.1:{port}/en/")
        box, note = page.locator("textarea"), page.locator("#note")
        expect(box).to_be_focused()
        page.keyboard.type("one")
        page.keyboard.press("Shift+Enter")
        page.keyboard.type("two")
        expect(box).to_have_value("one\ntwo")
        page.get_by_role("button", name="Send").click()
        expect(page.locator("#waiting h2")).to_have_text("one\ntwo")
        expect(page.locator("#waiting p")).to_contain_text("when the models are loaded")
        send(page, "three")
        expect(note).to_contain_text("One question is waiting already")
        expect(box).to_have_value("three")
        assert findings_by_scheme(page) == []
        page.get_by_role("button", name="Take it back").click()
        expect(box).to_have_value("one\ntwo\nthree")
        expect(page.locator("#waiting")).to_be_hidden()
        send(page, "a" * (LONGEST_QUESTION + 1))
        expect(note).to_contain_text("longer than 2000 characters")
        expect(box).to_have_value("a" * (LONGEST_QUESTION + 1))
        expect(page.locator("#waiting")).to_be_hidden()


def test_nothing_is_lost_where_the_browser_keeps_nothing(page: Page, home: Path) -> None:
    page.add_init_script(KEEPS_NOTHING)
    with loading() as port:
        page.goto(f"http://127.0.0.1:{port}/")
        send(page, QUESTION)
        expect(page.locator("#note")).to_contain_text("chưa gửi được")
        expect(page.locator("#waiting")).to_be_hidden()
    with opened(home, port=port) as window:
        enter = page.get_by_role("button", name="Vào cửa sổ")
        expect(enter).to_be_visible()
        expect(page.locator("textarea")).to_have_value(QUESTION)
        enter.click()
        expect(page.locator("#live .welcome")).to_be_visible()
        assert window.history.conversations() == []
