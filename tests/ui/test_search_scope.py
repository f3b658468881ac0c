"""The bounds of a search, as they are typed."""

from __future__ import annotations

from datetime import date

import pytest

from index.schema import Filters
from ui.search_scope import names, read, read_day
from ui.strings import words_in


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


KNOWN = ["@uploads/", "cong-van/", "@uploads/cho.txt", "cong-van/cau.txt", "tin.jsonl#3", "cho.txt"]


@pytest.mark.parametrize(
    ("typed", "source"),
    [
        ("@uploads/cho.txt", "@uploads/cho.txt"),
        ("cho.txt", "cho.txt"),
        ("mới.txt", "@uploads/mới.txt"),
        ("Các bài đã thêm", "@uploads/"),
        ("công-văn", "cong-van/"),
        ("cong-van/cau.txt", "cong-van/cau.txt"),
        ("tin.jsonl#3", "tin.jsonl#3"),
    ],
)
def test_a_source_is_found_by_the_name_that_people_see(typed: str, source: str) -> None:
    assert read("", "", typed, [*KNOWN, "@uploads/mới.txt"], words_in("vi")) == Filters(sources=(source,))


def test_a_source_that_nobody_has_is_told() -> None:
    assert "“xyz”" in str(read("", "", "xyz", KNOWN, words_in("vi")))


def test_sources_are_named_without_marks_of_the_program_and_never_two_alike() -> None:
    assert list(names(KNOWN, words_in("vi"))) == [
        "các bài đã thêm ở đây", "cong-van", "@uploads/cho.txt", "cong-van/cau.txt", "tin.jsonl#3", "cho.txt",
    ]  # fmt: skip
    assert names(["@uploads/cho.txt", "@Tờ trình/a.txt"], words_in("vi")) == {
        "cho.txt": "@uploads/cho.txt",
        "Tờ trình/a.txt": "@Tờ trình/a.txt",
    }
