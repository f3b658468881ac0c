"""Times are counted from a given day, and what is older than asked is told."""

from __future__ import annotations

from datetime import date

import pytest

from rag.query.time_expressions import period_of, relative_period, remark, written_as_dates

TODAY = date(2024, 3, 13)  # a Wednesday


@pytest.mark.parametrize(
    ("text", "first", "last", "named"),
    [
        ("năm ngoái có tin gì", date(2023, 1, 1), date(2023, 12, 31), "năm 2023"),
        ("tin tháng trước", date(2024, 2, 1), date(2024, 2, 29), "tháng 2/2024"),
        ("hom qua co gi", date(2024, 3, 12), date(2024, 3, 12), "ngày 12/03/2024"),
        ("tuần trước", date(2024, 3, 4), date(2024, 3, 10), "tuần 04/03/2024 – 10/03/2024"),
        ("quý trước", date(2023, 10, 1), date(2023, 12, 31), "quý 4 năm 2023"),
        ("last year", date(2023, 1, 1), date(2023, 12, 31), "năm 2023"),
    ],
)
def test_times_are_counted_from_today(text: str, first: date, last: date, named: str) -> None:
    found = relative_period(text, TODAY)
    assert found is not None and found.relative
    assert (found.first, found.last, found.named) == (first, last, named)


@pytest.mark.parametrize(
    "text", ["so với năm ngoái tăng bao nhiêu", "cùng kỳ năm ngoái", "ba năm trước", "năm 2019"]
)
def test_what_is_counted_from_another_day_is_left(text: str) -> None:
    assert relative_period(text, TODAY) is None


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("tóm tắt tin năm 2019", date(2019, 1, 1), date(2019, 12, 31)),
        ("tháng 6/2021 có gì", date(2021, 6, 1), date(2021, 6, 30)),
        ("tin ngày 3/10/2018", date(2018, 10, 3), date(2018, 10, 3)),
        ("tóm tắt tháng 6", date(2023, 6, 1), date(2023, 6, 30)),
        ("báo cáo 6 tháng đầu năm 2022", date(2022, 1, 1), date(2022, 6, 30)),
        ("từ tháng 1 đến tháng 3 năm 2021", date(2021, 1, 1), date(2021, 3, 31)),
    ],
)
def test_named_times(text: str, first: date, last: date) -> None:
    found = period_of(text, TODAY)
    assert found is not None and (found.first, found.last) == (first, last)


def test_what_is_older_than_asked_is_told() -> None:
    question = "Năm ngoái xã thu bao nhiêu?"
    period = relative_period(question, TODAY)
    assert period is not None
    assert written_as_dates(question, period) == "năm 2023 xã thu bao nhiêu?"
    assert remark(period, question, [date(2023, 5, 1)], TODAY) == (
        "“Năm ngoái” được hiểu là năm 2023, tính từ hôm nay 13/03/2024."
    )
    told = remark(period, question, [date(2018, 5, 1), None, date(2020, 10, 15)], TODAY)
    assert told.endswith("Bài mới nhất tìm được viết ngày 15/10/2020, cũ hơn thời gian được hỏi.")
    assert remark(None, question, [date(2018, 5, 1)], TODAY) == ""
