"""The settings in a real browser: the first start without a terminal, and what strangers cannot do."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest

pytest.importorskip("playwright.sync_api", reason="needs 'pip install playwright'")
pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python")
from playwright.sync_api import Browser, Page, expect
from settings_maker import make_settings

from rag.config import read_config
from tests.support.window_app import Window, opened
from tests.support.window_attacks import events
from tests.support.window_browser import READY, Seen, findings, findings_by_scheme
from ui.settings.owner import Opened
from ui.settings.state import Settings

SMALL = "qwen2.5-coder-0.5b-instruct-q4_k_m"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "articles").mkdir()
    (tmp_path / "Công văn").mkdir()
    (tmp_path / "articles" / "a.txt").write_text(
        "Huyện Ba Sen giảm nghèo\n\nHuyện Ba Sen giảm 45 hộ nghèo.", encoding="utf-8"
    )
    return tmp_path


def enter(browser: Browser, window: Window, settings: Settings, **context: object) -> tuple[Page, Seen]:
    """Come as the browser that the program opened."""
    usual = {"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce"}
    seen = Seen(browser.new_context(**{**usual, **context}).new_page())  # type: ignore[arg-type]
    page = seen.watch()
    page.set_default_timeout(60_000)
    page.goto(Opened(window.address, settings.owner.secret).link())
    page.wait_for_selector(READY, state="attached")
    return page, seen


def test_the_first_start_needs_no_terminal(browser: Browser, home: Path) -> None:
    settings = make_settings(home, empty=True)
    with opened(home, settings=settings) as window:
        page, seen = enter(browser, window, settings)
        assert page.url == f"{window.address}#cai-dat"
        expect(page.get_by_role("heading", name="Bắt đầu")).to_be_visible()
        assert findings(page) == []
        page.get_by_role("button", name="Thêm thư mục").click()
        page.get_by_label("Đường dẫn thư mục").fill(str(home))
        page.get_by_role("button", name="Xem", exact=True).click()
        page.get_by_role("button", name="Công văn").click()
        expect(page.get_by_text("Có 0 tệp đọc được")).to_be_visible()
        assert findings(page) == []
        page.get_by_role("button", name="Đọc thư mục này").click()
        expect(page.locator("#settings-folders .rows")).to_contain_text("Công văn")
        expect(page.locator("#settings-message")).to_contain_text("Đã cập nhật")
        assert settings.folders() == (home / "Công văn",)
        page.get_by_role("button", name="Tự cập nhật").click()
        expect(page.get_by_text("Đang tự cập nhật")).to_be_visible()
        page.get_by_role("button", name="Thận trọng").click()
        expect(page.get_by_role("button", name="Thận trọng")).to_have_attribute("aria-pressed", "true")
        page.get_by_label("Mật khẩu mới").fill("mật khẩu dài")
        page.get_by_role("button", name="Đặt mật khẩu").click()
        expect(page.get_by_text("Đang có mật khẩu")).to_be_visible()
        expect(page.get_by_role("button", name="Mở lại Hỏi Đáp")).to_be_visible()
        assert findings(page) == []
        config = read_config(home / "config.toml")
        assert (config.articles.watch, config.answer.caution) == (True, "careful")
        assert config.window.password.startswith("scrypt:")
        page.get_by_role("button", name="Ngừng đọc").click()
        assert findings(page) == []
        page.get_by_role("button", name="Ngừng đọc").click()
        expect(page.get_by_text("Chưa có thư mục nào.")).to_be_visible()
        assert seen.complaints == []
        page.context.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_is_sound_on_a_phone_and_in_the_dark(browser: Browser, home: Path, width: int) -> None:
    settings = make_settings(home)
    with opened(home, settings=settings) as window:
        page, _ = enter(browser, window, settings, viewport={"width": width, "height": 900})
        page.locator("a[href='#cai-dat']").click()
        expect(page.get_by_role("heading", name="Cài đặt")).to_be_visible()
        page.get_by_role("button", name="Thêm thư mục").click()
        expect(page.get_by_role("button", name="Đọc thư mục này")).to_be_visible()
        assert findings_by_scheme(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        box = page.locator("#top-bar [data-toggle=theme]").bounding_box()
        assert box is not None and box["x"] + box["width"] <= width, "the whole bar is on the screen"
        page.context.close()


@pytest.mark.parametrize("private", [True, False], ids=["stranger", "guests"])
def test_who_may_not_change_anything_is_told_why(browser: Browser, home: Path, private: bool) -> None:
    settings = make_settings(home, private=private)
    with opened(home, settings=settings) as window:
        page = browser.new_page(reduced_motion="reduce")
        page.goto(f"{window.address}#cai-dat")
        why = page.locator("#settings .notice").first
        expect(why).to_contain_text("Trang này chỉ để xem")
        expect(why).to_contain_text(
            "chỉ trình duyệt do Hỏi Đáp tự mở" if private else "đang mở cho cả máy khác"
        )
        expect(page.locator("#settings form, #settings .acts")).to_have_count(0)
        assert findings(page) == []
        page.context.close()


def test_the_talk_page_greets_with_the_articles_that_the_settings_brought(
    browser: Browser, home: Path
) -> None:
    settings = make_settings(home, empty=True)
    with opened(home, settings=settings) as window:
        page, seen = enter(browser, window, settings)
        page.get_by_role("link", name="Trò chuyện").click()
        expect(page.locator("#live .welcome")).to_contain_text("1 bài viết")
        # The library of these tests reads one folder, so what the reading brings lies there.
        new = home / "articles" / "b.txt"
        new.write_text("Xã Tân Sơn trồng rừng\n\nXã trồng 12 ha rừng.", encoding="utf-8")
        page.get_by_role("link", name="Cài đặt").click()
        page.get_by_role("button", name="Thêm thư mục").click()
        page.get_by_label("Đường dẫn thư mục").fill(str(home / "Công văn"))
        page.get_by_role("button", name="Xem", exact=True).click()
        page.get_by_role("button", name="Đọc thư mục này").click()
        expect(page.locator("#settings-message")).to_contain_text("Đã cập nhật")
        page.get_by_role("link", name="Trò chuyện").click()
        expect(page.locator("#live .welcome")).to_contain_text("2 bài viết")
        assert seen.complaints == []
        page.context.close()


def test_a_path_of_a_stranger_is_never_looked_at(home: Path) -> None:
    settings = make_settings(home)
    (home / "Bí mật").mkdir()
    before = (home / "config.toml").read_bytes()
    with (
        opened(home, settings=settings) as window,
        httpx.Client(base_url=window.address, timeout=60) as stranger,
    ):
        assert stranger.get("").status_code == 200
        wrong = stranger.get("", params={"khoa": "abc-def"})
        assert (wrong.status_code, wrong.headers["location"]) == (303, "/")
        acts = {target[1]: one for one in events(stranger) for target in one["targets"]}
        values = {
            "look": {"place": str(home)}, "choose": {"place": str(home / "Bí mật")}, "sample": {},
            "drop": {"folder": "0"}, "watching": {"on": "on"}, "use": {"model": SMALL}, "fetch": {"model": SMALL},
            "discard": {"model": SMALL}, "caution": {"level": "bold"}, "password": {"password": "của người lạ"},
            "unlock": {}, "reopen": {},
        }  # fmt: skip
        for act, data in values.items():
            body = {"fn_index": acts[act]["id"], "session_hash": "stranger1", "data": [], "event_data": data}
            answer = stranger.post("gradio_api/run/predict", json=body)
            assert answer.status_code == 200, (act, answer.text)
            assert "Trang này chỉ để xem" in json.loads(answer.text)["data"][0], act
            assert str(home) not in answer.text and "Bí mật" not in answer.text
    assert (home / "config.toml").read_bytes() == before
    assert settings.download is None and not (home / "models" / SMALL).exists()
