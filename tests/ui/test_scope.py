"""The bounds of a search, as they are typed."""

from __future__ import annotations

from datetime import date

import pytest

from ui.scope import read_day


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("15/10/2020", date(2020, 10, 15), date(2020, 10, 15)),
        ("5-6-2018", date(2018, 6, 5), date(2018, 6, 5)),
        ("2020-10-15", date(2020, 10, 15), date(2020, 10, 15)),
        ("02/2020", date(2020, 2, 1), date(2020, 2, 29)),
        (" 2019 ", date(2019, 1, 1), date(2019, 12, 31)),
        ("31/02/2020", None, None),
        ("hôm qua", None, None),
        ("15", None, None),
        ("", None, None),
    ],
)
def test_days_are_read_as_people_type_them(typed: str, first: date | None, last: date | None) -> None:
    assert (read_day(typed), read_day(typed, last=True)) == (first, last)
