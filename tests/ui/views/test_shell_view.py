"""What stands around the conversation, as it is shown."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from view_maker import Page, answered

from index.schema import Filters
from ui.conversations.entries import Conversation
from ui.strings import words_in
from ui.views import conversation, shell

WORDS = words_in("vi")


def test_the_list_tells_the_hour_of_today_and_the_day_of_what_was_before() -> None:
    """So that two conversations which begin with the same question can be told apart."""
    now = datetime(2026, 3, 5, 15, 0).astimezone()
    listed = [
        Conversation("b", "Hộ nghèo?", now - timedelta(hours=1)),
        Conversation("a", "Hộ nghèo?", now - timedelta(days=2)),
    ]
    page = Page(shell.conversations(listed, "a", "", now, WORDS))
    order = ["Hôm nay", "14:00", "Trước đó", "03/03/2026", "Đổi tên"]
    assert sorted(order, key=page.text.index) == order
    [current] = page.having("button", class_="opener", aria_current="true")
    assert current["data-conversation"] == "a"


def test_that_answers_can_be_wrong_is_said_once_beside_the_box_and_not_with_each() -> None:
    notice = "Câu trả lời có thể sai. Hãy bấm số trích dẫn để xem nguồn."
    assert Page(shell.filters(Filters(), (), WORDS)).text.count(notice) == 1
    assert "có thể sai" not in Page(conversation.past([answered()] * 2, WORDS, whole=True)).text
    assert "Tôi có thể sai; hãy xem nguồn." in Page(conversation.welcome((), 3, WORDS)).text


def test_each_bound_is_a_chip_that_goes_by_itself() -> None:
    bounds = Filters(from_date=date(2019, 1, 1), to_date=date(2020, 12, 31))
    page = Page(shell.filters(bounds, (), WORDS))
    first, second = page.having("button", data_act="filter")[:2]
    assert (first["aria-label"], first.get("data-to")) == ("Bỏ giới hạn: từ 01/01/2019", "31/12/2020")
    assert (second["aria-label"], second.get("data-from")) == ("Bỏ giới hạn: đến 31/12/2020", "01/01/2019")
    assert len(page.having("li", class_="chip")) == 2
