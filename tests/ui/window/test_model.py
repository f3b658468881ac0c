"""The window as people get it, with the real encoder and the small language model, in a real browser."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

import httpx
import pytest

pytest.importorskip("playwright.sync_api", reason="needs 'pip install playwright'")
from playwright.sync_api import Browser, Page, expect

from tests.conftest import SMALL_LLM
from tests.support.window_browser import (
    READY,
    Seen,
    ask,
    download,
    served,
    settle,
)
from ui.cli import main as hoidap

pytestmark = pytest.mark.model

CORPUS = Path(__file__).parents[3] / "eval" / "corpus"
ARTICLES = ("a01-*", "a02-*", "a03-*", "c09-*")
QUESTION = "Năm 2019 tổng thu ngân sách nhà nước trên địa bàn huyện Yên Hạ đạt bao nhiêu?"
MARKET = (
    "Chợ Mường Pắn họp phiên đầu\n12/05/2024\n\n"
    "Ngày 12/5/2024, chợ Mường Pắn họp phiên đầu với 214 gian hàng của bà con các xã."
)


@dataclass
class Asked:
    """A page on which the question was asked, what was answered, and what was seen to change meanwhile.

    So small a model is often wrong, so the tests ask whether what it wrote can be checked, not whether it is right.
    """

    page: Page
    answer: str
    states: list[str]
    lengths: list[int]
    passages_first: bool


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, small_llm_path: Path) -> Iterator[str]:
    """Read some of the sample articles, and serve them as the command line does."""
    home = tmp_path_factory.mktemp("window")
    (home / "articles").mkdir()
    for pattern in ARTICLES:
        [article] = CORPUS.glob(pattern)
        shutil.copy(article, home / "articles")
    (home / "config.toml").write_text(f'[llm]\nmodel = "{SMALL_LLM}"\n', encoding="utf-8")
    common = ("--store", str(home / "store"), "--config", str(home / "config.toml"))
    assert hoidap(["sync", str(home / "articles"), *common]) == 0
    with served(*common) as address:
        end = monotonic() + 120
        while httpx.get(address).status_code != 200 and monotonic() < end:  # the page of a program that opens
            sleep(0.2)
        yield address


@pytest.fixture(scope="module")
def seen(browser: Browser, address: str) -> Iterator[Seen]:
    """One visitor for all that follows, who must not have seen an error or a foreign request at the end."""
    visitor = Seen(browser.new_context(locale="en-US").new_page())
    page = visitor.watch()
    page.set_default_timeout(30_000)
    page.goto(address)
    page.wait_for_selector(READY)
    yield visitor
    page.context.close()
    assert visitor.complaints == []


WATCH = """() => {
  window.told = { states: [], lengths: [], passagesFirst: null };
  new MutationObserver(() => {
    const state = document.querySelector('.doing')?.textContent;
    if (state && told.states.at(-1) !== state) told.states.push(state);
    const text = document.querySelector('.running .answer')?.textContent;
    if (!text) return;
    if (told.lengths.at(-1) !== text.length) told.lengths.push(text.length);
    told.passagesFirst ??= document.querySelectorAll('#sources .card').length > 0;
  }).observe(document.body, { childList: true, subtree: true, characterData: true });
}"""


@pytest.fixture(scope="module")
def asked(seen: Seen) -> Asked:
    page = seen.page
    page.evaluate(WATCH)
    ask(page, QUESTION)
    observed = page.evaluate("told")
    return Asked(
        page, written(page, "#live"), observed["states"], observed["lengths"], observed["passagesFirst"]
    )


def written(page: Page, where: str) -> str:
    """The first sentence of an answer without its marks."""
    return str(
        page.locator(f"{where} .answer p").first.evaluate(
            "line => [...line.childNodes].filter(one => one.className !== 'cite').map(one => one.textContent)"
            ".join('').trim()"
        )
    )


def test_examples_are_drawn_from_the_articles(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(address)
    offered = page.locator(".example")
    expect(offered.first).to_be_visible()
    assert any("Yên Hạ" in text or "Khe Mây" in text for text in offered.all_inner_texts())
    page.context.close()


def test_an_answer_is_streamed_after_its_passages(asked: Asked) -> None:
    assert asked.states[0] in {"Đang tìm trong kho", "Đang khởi động, lần đầu mất chừng một phút"}
    assert "Đang viết" in asked.states
    assert asked.passages_first
    assert len(asked.lengths) >= 5, "the answer came in one piece"
    assert asked.lengths == sorted(asked.lengths)
    assert "tỷ đồng" in asked.answer


def test_a_citation_opens_the_sentence_that_was_used(asked: Asked) -> None:
    asked.page.locator("#live .cite").first.click()
    sentence = asked.page.locator("#sources mark.active").first
    expect(sentence).to_be_in_viewport()
    quote = str(
        sentence.evaluate(
            "mark => [...mark.childNodes].filter(one => one.nodeName !== 'SUP').map(one => one.textContent).join('')"
        )
    )
    assert quote in next(CORPUS.glob("a01-*")).read_text(encoding="utf-8")
    assert set(re.findall(r"\d+,\d+", asked.answer)) <= set(re.findall(r"\d+,\d+", quote))
    asked.page.locator(".card.active").get_by_role("button", name="Xem cả bài").click()
    expect(asked.page.locator("#sources .reading mark.active")).to_be_in_viewport()
    expect(asked.page.locator("#sources .reading")).to_contain_text("Phan Đức Lợi")


def test_the_original_file_can_be_saved(asked: Asked) -> None:
    with asked.page.expect_download() as coming:
        asked.page.locator("#sources").get_by_role("link", name="Tải tệp gốc").first.click()
    assert coming.value.suggested_filename == "a01-huyen-yen-ha-thu-ngan-sach-2019.txt"
    assert Path(coming.value.path()).read_bytes() == next(CORPUS.glob("a01-*")).read_bytes()


def test_a_follow_up_is_searched_with_what_it_follows(asked: Asked) -> None:
    ask(asked.page, "Còn năm 2020 thì sao?")
    expect(asked.page.locator("#live .understood, #live .refusal .answer")).to_contain_text("Yên Hạ")
    expect(asked.page.locator("#live .understood, #live .refusal .answer")).to_contain_text("2020")
    expect(asked.page.locator("#sources .card").filter(has_text="2020").first).to_be_visible()


def test_a_reload_finds_the_conversation(asked: Asked) -> None:
    asked.page.reload()
    expect(asked.page.locator("#past .answer")).to_contain_text("tỷ đồng")
    assert written(asked.page, "#past") == asked.answer
    expect(asked.page.locator(".opener[aria-current]")).to_contain_text("Năm 2019 tổng thu ngân sách")


def test_the_conversation_is_exported_with_its_sources(asked: Asked) -> None:
    asked.page.locator("#exports summary").click()
    exported = download(asked.page, "Tải văn bản (.md)")
    assert asked.answer in exported
    assert "a01-huyen-yen-ha-thu-ngan-sach-2019.txt" in exported
    first, second = json.loads(download(asked.page, "Tải dữ liệu (.json)"))["exchanges"]
    assert first["question"] == QUESTION
    assert first["llm"].startswith("qwen2.5-coder-0.5b")
    assert first["citations"][0]["quote"] in first["passages"][first["citations"][0]["passage"]]["text"]
    assert second["question"] == "Còn năm 2020 thì sao?"


def test_stop_ends_the_work_at_once(asked: Asked) -> None:
    page = asked.page
    ask(page, "Trên địa bàn huyện Yên Hạ năm 2019 tổng thu ngân sách nhà nước đạt bao nhiêu?", wait=False)
    expect(page.locator(".doing")).to_have_text(re.compile("Đang (đọc|viết)"))
    began = monotonic()
    page.get_by_role("button", name="Dừng").click()
    settle(page, 5)
    assert monotonic() - began < 2
    stopped = page.locator("#live .note").filter(has_text="Đã dừng giữa chừng")
    assert stopped.count() == 1 or "tổng thu" in page.locator("#question textarea").input_value()
    page.locator("#question textarea").fill("")


def test_what_the_articles_do_not_say_is_refused(asked: Asked) -> None:
    ask(asked.page, "Giá vàng SJC chiều nay tăng hay giảm?")
    expect(asked.page.locator("#live .refusal")).to_contain_text("Không tìm thấy trong kho")
    expect(asked.page.locator("#sources .card").first).to_be_visible()


def test_an_added_article_is_asked_about_and_removed_again(asked: Asked, tmp_path: Path) -> None:
    (tmp_path / "chợ mường pắn.txt").write_text(MARKET, encoding="utf-8")
    page = asked.page
    page.get_by_role("button", name="Cuộc trò chuyện mới").click()
    page.get_by_role("link", name="Kho bài viết").click()
    page.locator("#collection input[type=file]").set_input_files(tmp_path / "chợ mường pắn.txt")
    expect(page.locator("#message")).to_contain_text("Đã cập nhật: thêm 1", timeout=30_000)
    page.get_by_role("link", name="Trò chuyện").click()
    ask(page, "Chợ Mường Pắn họp phiên đầu với bao nhiêu gian hàng?")
    expect(page.locator("#live .answer")).to_contain_text("214 gian hàng")
    expect(page.locator("#sources .card").first).to_contain_text("chợ mường pắn.txt")
    page.get_by_role("link", name="Kho bài viết").click()
    page.locator("#article-search input").press_sequentially("muong pan")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("button", name="Chợ Mường Pắn họp phiên đầu").click()
    page.get_by_role("button", name="Bỏ khỏi kho").click()
    page.get_by_role("button", name="Bỏ bài khỏi kho? Tệp của bạn vẫn còn.").click()
    expect(page.locator("#message")).to_contain_text("Đã bỏ “Chợ Mường Pắn họp phiên đầu” khỏi kho.")
    page.get_by_role("link", name="Trò chuyện").click()
    ask(page, "Chợ Mường Pắn họp phiên đầu với bao nhiêu gian hàng?")
    expect(page.locator("#live")).not_to_contain_text("214")
    expect(page.locator("#sources .card").filter(has_text="chợ mường pắn.txt")).to_have_count(0)
