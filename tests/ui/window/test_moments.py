"""The worst moments, each once; ``python -m scripts.window_moments`` tries fifty by chance."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api", reason="needs 'pip install playwright'")
from playwright.sync_api import Browser, expect

from scripts.window_moments import DISASTERS, Report, moments
from tests.support.window_app import Window
from tests.support.window_browser import QUESTION, READY, Visit, ask, settle


def test_no_question_is_lost_whatever_happens_after_it_was_sent(browser: Browser, tmp_path: Path) -> None:
    report = Report(seed=5)
    for _ in moments(browser, tmp_path, DISASTERS, random.Random(report.seed), report):
        pass
    assert [moment.disaster for moment in report.moments] == list(DISASTERS)
    assert report.all_findings() == []


def test_a_question_goes_where_the_page_shows_though_the_program_was_started_again(
    window: Window, visit: Visit
) -> None:
    """The program knows no more which conversation this page has open."""
    page = visit(window.address)
    ask(page, QUESTION)
    [talk] = window.history.conversations()
    page.evaluate(
        "(session) => { const plain = window.fetch; window.fetch = (address, asked) => plain(address, asked?.body"
        ' ? { ...asked, body: asked.body.replace(/"session_hash":"[a-z0-9]+"/, `"session_hash":"${session}"`) }'
        " : asked); }",
        "another0session",
    )
    page.locator("#question textarea").fill("Tỷ lệ hộ nghèo còn bao nhiêu?")
    page.keyboard.press("Enter")
    expect(page.locator("#live h2")).to_contain_text("Tỷ lệ hộ nghèo còn bao nhiêu?")
    asked = [entry.question for entry in window.history.entries(talk.id)]
    assert asked == [QUESTION, "Tỷ lệ hộ nghèo còn bao nhiêu?"]


def test_what_was_sent_on_a_cut_line_stands_in_the_box_of_the_page_that_is_loaded_anew(
    window: Window, browser: Browser
) -> None:
    page = browser.new_page()  # not a visit: what the browser complains of the cut line is expected here
    page.goto(window.address)
    page.wait_for_selector(READY)
    for conversation in ("of its own", "with something asked before"):
        question = f"Câu hỏi {conversation}?"
        page.evaluate("() => { window.fetch = async () => { throw new TypeError('The line is cut.'); }; }")
        page.locator("#question textarea").fill(question)
        page.keyboard.press("Enter")
        page.wait_for_timeout(200)
        page.reload()
        expect(page.locator("#question textarea")).to_have_value(question)
        page.wait_for_timeout(500)
        expect(page.locator("#question textarea")).to_have_value(question)
        page.keyboard.press("Enter")
        expect(page.locator("#live h2")).to_contain_text(question)
        expect(page.locator("#question textarea")).to_have_value("")
        settle(page)
    page.close()


def test_the_welcome_drawn_anew_never_takes_the_place_of_a_question(window: Window, visit: Visit) -> None:
    """Its redrawing, asked for first, comes back after the question was sent."""
    page = visit(window.address)
    page.wait_for_selector("#live .welcome")
    page.evaluate(
        "() => { const plain = window.fetch; let first = true; window.fetch = async (address, asked) => {"
        " const given = await plain(address, asked); const late = first && `${address}`.includes('run/predict');"
        " if (late) { first = false; await new Promise((done) => setTimeout(done, 1500)); } return given; }; }"
    )
    page.evaluate("() => { location.hash = '#kho'; location.hash = '#hoi'; }")
    page.wait_for_timeout(100)
    ask(page, QUESTION)
    page.wait_for_timeout(2500)
    expect(page.locator("#live h2")).to_contain_text(QUESTION)
