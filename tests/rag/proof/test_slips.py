"""Words and values that a writer takes otherwise than its source has them."""

from __future__ import annotations

import pytest

from rag.proof.slips import belongs_to_another, misspelt

GAMES = "Phần hội có đua thuyền, vật dân tộc, cờ người và thi nấu cơm niêu."
PRICES = "Giá thu mua là 24.000 đồng/kg đối với vùng hữu cơ và 18.500 đồng/kg đối với vùng thường."


@pytest.mark.parametrize(
    ("statement", "slips"),
    [
        ("Phần hội có dâu thuyền, vật dân tộc, cờ người và thi nấu cơm niêu.", [("dâu", "đua")]),
        ("Phần hội có đua thuyền, vật dân tộc, cờ người và thi nấu cơm niêu.", []),
        (
            "Lễ hội gồm đua thuyền, vật dân tộc, cờ người và thi nấu cơm niêu.",
            [],
        ),  # other words, not like any
        ("Phần hội có đua thuyền và cờ người.", []),
    ],
)
def test_a_word_that_looks_like_the_one_of_the_source_is_a_slip(
    statement: str, slips: list[tuple[str, str]]
) -> None:
    assert misspelt(statement, GAMES, "Phần hội có gì?") == slips


def test_a_word_of_the_question_is_no_slip() -> None:
    assert misspelt("Phần hội có đưa thuyền.", GAMES, "Có đưa thuyền không?") == []


@pytest.mark.parametrize(
    ("statement", "other"),
    [
        ("Giá chè vùng hữu cơ là 18.500 đồng/kg.", True),
        ("Giá chè vùng hữu cơ là 24.000 đồng/kg.", False),
        ("Giá chè vùng thường là 18.500 đồng/kg.", False),
        ("Giá chè là 18.500 đồng/kg.", False),  # of which it is told is left open
    ],
)
def test_a_value_belongs_to_what_stands_in_its_clause(statement: str, other: bool) -> None:
    assert belongs_to_another(statement, PRICES) is other
