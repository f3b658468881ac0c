"""A question takes the abbreviations of the text that it is read with."""

from __future__ import annotations

import pytest

from rag.query.to_abbreviations import with_abbreviations_of


@pytest.mark.parametrize(
    ("text", "worded"),
    [
        ("Tỷ lệ dân có BHYT là 95%.", "Tỷ lệ tham gia BHYT là bao nhiêu?"),
        ("Tỷ lệ bảo hiểm y tế (BHYT) là 95%.", "Tỷ lệ tham gia bảo hiểm y tế là bao nhiêu?"),
        ("Quỹ BHYTX chi 3 tỷ đồng.", "Tỷ lệ tham gia bảo hiểm y tế là bao nhiêu?"),
    ],
)
def test_what_a_text_writes_short_is_asked_short(text: str, worded: str) -> None:
    assert with_abbreviations_of("Tỷ lệ tham gia bảo hiểm y tế là bao nhiêu?", text) == worded
