"""An answer that is being made, as it is told."""

from __future__ import annotations

import pytest
from view_maker import Page, hit

from rag.schema import Checking, Delta, Found, Queued
from ui.conversations.progress import Progress, advance
from ui.strings import words_in
from ui.views.answer_text import streamed
from ui.views.progress import progress


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (Progress("?", "queued", 0.0, ahead=2), "Đang chờ, còn 2 câu hỏi phía trước"),
        (Progress("?", "searching", 0.0), "Đang tìm trong kho"),
        (Progress("?", "reading", 1.0, (hit(),)), "Đang đọc 1 đoạn"),
        (Progress("?", "writing", 1.25, (hit(),), "Huyện"), "Đang viết"),
        (Progress("?", "checking", 2.0, (hit(),), "Huyện"), "Đang đối chiếu với nguồn"),
        (Progress("?", "writing", 2.0, (hit(),), "Huyện", stopping=True), "Đang dừng"),
    ],
)
def test_the_state_of_work_is_told_in_words(state: Progress, expected: str) -> None:
    assert expected in Page(progress(state, words_in("vi"))).text


def test_elapsed_time_has_the_decimal_sign_of_the_language() -> None:
    state = Progress("?", "writing", 1.25)
    assert "1,2 giây" in Page(progress(state, words_in("vi"))).text
    assert "1.2 s" in Page(progress(state, words_in("en"))).text


def test_events_advance_what_is_known() -> None:
    state = Progress("?", "searching", 0.0)
    events = [Found("?", (hit(),)), Queued(2), Queued(0), Delta("Huyện "), Delta("Ba Sen"), Checking()]
    stages = []
    for event in events:
        state = advance(state, event, 1.0, stopping=False)
        stages.append(state.stage)
    assert stages == ["reading", "queued", "reading", "writing", "writing", "checking"]
    assert (state.text, len(state.passages)) == ("Huyện Ba Sen", 1)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Xã giảm **45 hộ** nghèo.", "<p>Xã giảm <strong>45 hộ</strong> nghèo.</p>"),
        ("Xã giảm **45 h", "<p>Xã giảm 45 h</p>"),
        ("Xã giảm **45 hộ*", "<p>Xã giảm 45 hộ</p>"),
        ("Xã giảm **", "<p>Xã giảm </p>"),
        ("**Một** và **ha", "<p><strong>Một</strong> và ha</p>"),
        ("Một.\n\n**Hai <b>", "<p>Một.</p><p>Hai &lt;b&gt;</p>"),
        ("3 * 4 = 12", "<p>3 * 4 = 12</p>"),
    ],
)
def test_what_is_bold_in_a_draft_shows_no_stars_at_any_moment(written: str, shown: str) -> None:
    assert "".join(streamed(written)) == shown
