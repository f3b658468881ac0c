"""How the window looks in a real browser: dark, calm, small."""

from __future__ import annotations

import re

import pytest

pytest.importorskip("playwright.sync_api", reason="needs 'pip install playwright'")
from playwright.sync_api import Page, expect

from tests.support.window_app import Window
from tests.support.window_browser import QUESTION, Visit, ask


def test_nothing_moves_where_the_system_asks_for_calm(window: Window, visit: Visit) -> None:
    page = visit(window.address)
    window.assistant.hold("writing")
    ask(page, QUESTION, wait=False)
    expect(page.locator(".pulse")).to_be_visible()
    assert page.evaluate("document.getAnimations().length") == 0
    window.assistant.go_on()
    expect(page.locator(".running")).to_have_count(0)
    assert page.evaluate("document.getAnimations().length") == 0


def test_the_window_is_dark_when_the_system_is_and_remembers_a_choice(window: Window, visit: Visit) -> None:
    page = visit(window.address, color_scheme="dark")
    ask(page, QUESTION)
    assert lightness(page) < 60
    page.get_by_role("button", name="Đổi nền sáng hoặc tối").click()
    assert lightness(page) > 200
    page.reload()
    page.wait_for_selector("#live .exchange")
    assert lightness(page) > 200


def lightness(page: Page) -> float:
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return sum(map(float, re.findall(r"\d+", colour)[:3])) / 3


def pale_texts(page: Page) -> list[str]:
    """The texts with too little contrast, in the light and in the dark."""
    poor = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        poor += [f"{scheme}: {text}" for text in page.evaluate(CONTRAST)]
    page.emulate_media(color_scheme="light")
    return poor


def test_text_has_enough_contrast(window: Window, visit: Visit) -> None:
    page = visit(window.address)
    poor = pale_texts(page)
    ask(page, f"{QUESTION} bịa")
    page.locator("#live .cite").first.click()
    expect(page.locator("#sources .card.active")).to_be_visible()
    assert poor + pale_texts(page) == []


CONTRAST = """() => {
  const parse = (colour) => {
    const [r, g, b, a = 1] = colour.match(/[\\d.]+/g).map(Number);
    return colour.startsWith('color(') ? [r * 255, g * 255, b * 255, a] : [r, g, b, a];
  };
  const light = ([r, g, b]) => [r, g, b].map((one) => one / 255)
    .map((one) => one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4)
    .reduce((sum, one, at) => sum + one * [0.2126, 0.7152, 0.0722][at], 0);
  const ground = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const colour = parse(getComputedStyle(one).backgroundColor);
      if (colour[3] > 0.99) return colour;
    }
    return [255, 255, 255];
  };
  const poor = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.checkVisibility({ opacityProperty: true })) continue;
    if (['SCRIPT', 'STYLE'].includes(element.tagName)) continue;
    const [low, high] = [light(parse(getComputedStyle(element).color)), light(ground(element))].sort((a, b) => a - b);
    const ratio = (high + 0.05) / (low + 0.05);
    if (ratio < 4.5) poor.push(`${walker.currentNode.data.trim().slice(0, 30)} ${ratio.toFixed(2)}`);
  }
  return poor;
}"""


def test_a_phone_shows_everything_without_scrolling_sideways(window: Window, visit: Visit) -> None:
    page = visit(window.address, 360, 740)
    assert sideways(page) == 0
    ask(page, QUESTION)
    assert sideways(page) == 0
    page.locator("#live .cite").first.click()
    expect(page.locator("#sources mark.active")).to_be_in_viewport()
    page.get_by_role("link", name="Quay lại câu trả lời").click()
    expect(page.locator("#live .cite").first).to_be_in_viewport()
    page.get_by_role("button", name="Mở hoặc đóng danh sách").click()
    expect(page.locator(".opener")).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(page.locator(".opener")).not_to_be_in_viewport()


def sideways(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


SMALL = [
    (320, 256, "four times as large"),
    (390, 844, "upright"),
    (844, 390, "lying"),
    (667, 375, "lying, small"),
]


@pytest.mark.parametrize(("width", "height", "how"), SMALL, ids=[how for _, _, how in SMALL])
def test_everything_can_be_read_and_used_on_a_small_screen(
    window: Window, visit: Visit, width: int, height: int, how: str
) -> None:
    """Nothing scrolls sideways, and the question box, an answer and a source each come into sight whole."""
    page = visit(window.address, width, height)
    assert sideways(page) == 0
    ask(page, QUESTION)
    assert sideways(page) == 0
    for part in ("#question textarea", "#live .cite", "#filters summary"):
        page.locator(part).first.scroll_into_view_if_needed()
        assert uncovered(page, part), part
    page.locator("#live .cite").first.click()
    expect(page.locator("#sources mark.active")).to_be_in_viewport()
    assert uncovered(page, "#sources mark.active")
    page.locator("a[href^='#kho']").first.click()
    page.locator("tbody .title").first.click()
    expect(page.locator("#preview .reading")).to_be_visible()
    page.locator("#preview .reading p").last.scroll_into_view_if_needed()
    assert sideways(page) == 0
    small = page.evaluate(
        "() => [...document.querySelectorAll('input[type=text], textarea, select')]"
        ".filter((one) => parseFloat(getComputedStyle(one).fontSize) < 16).map((one) => one.outerHTML)"
    )
    assert small == []


def test_on_a_phone_a_table_stays_a_table_and_the_list_can_be_sorted(window: Window, visit: Visit) -> None:
    (window.library.folder / "bang.html").write_text(
        "<h1>Hộ nghèo các xã</h1><p>Số hộ nghèo cuối năm của từng xã trong huyện như sau.</p><table>"
        "<tr><th>Xã</th><th>Hộ nghèo</th></tr><tr><td>Khe Mây</td><td>45</td></tr></table>",
        encoding="utf-8",
    )
    window.library.sync(lambda progress: None)
    page = visit(window.address, 390, 844)
    page.get_by_role("link", name="Kho bài viết").click()
    expect(page.get_by_role("button", name="Mở hoặc đóng danh sách")).to_be_hidden()
    page.get_by_role("button", name="Ngày").click()
    expect(page.locator("tbody .title").first).to_have_text("Hộ nghèo các xã")
    page.get_by_role("button", name="Hộ nghèo các xã").click()
    expect(page.locator("#preview th").first).to_have_text("Xã")
    assert uncovered(page, "#preview [data-act=within]"), "the article begins below the bar"
    places = [page.locator(f"#preview td >> nth={at}").bounding_box() for at in (0, 1)]
    assert places[0] and places[1] and places[0]["y"] == places[1]["y"], "cells of a row stand side by side"


@pytest.mark.parametrize(("width", "height"), [(390, 844), (844, 390)], ids=["upright", "lying"])
def test_offers_that_come_late_push_away_nothing_that_is_used(
    window: Window, visit: Visit, width: int, height: int
) -> None:
    """Neither the box in which one types nor the source to which the window is still gliding."""
    page = visit(window.address, width, height, reduced_motion="no-preference")
    window.offering.clear()
    ask(page, QUESTION)
    page.locator("#question textarea").scroll_into_view_if_needed()
    assert uncovered(page, "#question textarea")
    window.offering.set()
    expect(page.locator(".further")).to_be_visible()
    assert uncovered(page, "#question textarea")
    window.offering.clear()
    ask(page, f"{QUESTION} Năm nay?")
    page.locator("#live .cite").first.click()
    window.offering.set()
    expect(page.locator(".further")).to_be_visible()
    expect(page.locator("#sources mark.active")).to_be_in_viewport(ratio=1)


def uncovered(page: Page, part: str) -> bool:
    """Whether what stands at the middle of a part is the part itself, and no bar before it."""
    return bool(
        page.locator(part).first.evaluate(
            "(part) => { const box = part.getClientRects()[0]; const found = document.elementFromPoint("
            "box.left + box.width / 2, box.top + box.height / 2); return found !== null && part.contains(found); }"
        )
    )


def test_what_is_chosen_shows_where_the_system_chooses_the_colours(window: Window, visit: Visit) -> None:
    page = visit(window.address, forced_colors="active")
    ask(page, QUESTION)
    page.locator("#live .cite").first.click()
    expect(page.locator("#sources .card.active")).to_be_visible()

    def outlined(chosen: str) -> bool:
        style = page.locator(chosen).first.evaluate("one => getComputedStyle(one).outlineStyle")
        return bool(style == "solid")

    assert all(map(outlined, (".chosen", ".card.active", ".cite[aria-current]")))
    page.get_by_role("button", name="Câu trả lời tốt").click()
    expect(page.locator("[aria-pressed=true]")).to_be_visible()
    assert outlined("[aria-pressed=true]")
    line = page.locator(".pages a[aria-current]").evaluate("one => getComputedStyle(one).textDecorationLine")
    assert line == "underline"
    bordered = page.locator(".quiet").first.evaluate("one => getComputedStyle(one).borderTopStyle")
    assert bordered == "solid"
    mark, ground = (
        page.locator(part).evaluate("one => getComputedStyle(one).backgroundColor")
        for part in ("#sources mark.active", "body")
    )
    assert mark != ground


def test_on_paper_stand_the_answers_and_their_sources_alone(window: Window, visit: Visit) -> None:
    page = visit(window.address)
    ask(page, QUESTION)
    ask(page, "Ai chủ trì hội nghị ở Kim Liên?")
    for scheme in ("dark", "light"):  # paper is white in both
        page.emulate_media(media="print", color_scheme=scheme)  # type: ignore[arg-type]
        assert page.evaluate(CONTRAST.replace("ground(element)", "[255, 255, 255]")) == [], scheme
    for pane, expected in (
        ("#past", "[1] Huyện Ba Sen giảm nghèo, 15/10/2020, huyện Ba Sen, ba-sen.txt, https://"),
        ("#live", "[1] Kim Liên"),
    ):
        expect(page.locator(f"{pane} .asked h2")).to_be_visible()
        expect(page.locator(f"{pane} .answer")).to_be_visible()
        expect(page.locator(f"{pane} .on-paper li").first).to_contain_text(expected)
        expect(page.locator(f"{pane} .on-paper li").first).to_be_visible()
    for part in ("#top-bar", "#list", "#composer", "#further", "#live .tools", "#side"):
        expect(page.locator(part).first).to_be_hidden()
    clipped = page.evaluate(
        "() => [...document.querySelectorAll('#scroll, #talk, #talk-page')]"
        ".filter((one) => one.scrollHeight > one.clientHeight + 1).map((one) => one.id)"
    )
    assert clipped == []
    page.emulate_media(media="screen")
    expect(page.locator("#live .on-paper")).to_be_hidden()
