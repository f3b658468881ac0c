"""Fairness by hand: letters are persons, numbers their questions."""

from __future__ import annotations

import pytest

from ui.errors import LineFullError, TooManyWaitingError
from ui.operation.fair_queue import FairQueue


def line_of(*items: str, **limits: int) -> FairQueue[str]:
    made: FairQueue[str] = FairQueue(**limits)
    for item in items:
        made.put(item[0], item)
    return made


def taken(line: FairQueue[str]) -> list[str]:
    return [line.take() for _ in range(len(line))]


def test_persons_take_turns_and_nobody_waits_for_all_questions_of_another() -> None:
    line = line_of(*(f"a{n}" for n in range(50)), "b0", "b1", "c0")
    assert taken(line)[:7] == ["a0", "b0", "c0", "a1", "b1", "a2", "a3"]


def test_who_comes_later_waits_for_one_question_of_each_at_most() -> None:
    line = line_of("a0", "a1", "a2")
    assert line.take() == "a0"
    line.put("b", "b0")
    assert taken(line) == ["a1", "b0", "a2"]


def test_a_stream_of_newcomers_starves_nobody() -> None:
    line = line_of("a0", "a1")
    order = []
    for number in range(10):
        line.put(f"{number}", f"{number}")
        order.append(line.take())
    assert {"a0", "a1"} <= set(order[:3])


def test_the_place_that_is_told_is_the_order_in_which_they_are_taken() -> None:
    line = line_of("a0", "a1", "b0", "c0", "a2", "c1")
    by_place = sorted(("a0", "a1", "a2", "b0", "c0", "c1"), key=line.before)
    assert list(line) == by_place == taken(line) == ["a0", "b0", "c0", "a1", "c1", "a2"]


def test_what_is_taken_back_leaves_the_line_and_a_person_without_questions_has_no_turn() -> None:
    line = line_of("a0", "b0", "a1")
    assert line.remove("b0") and not line.remove("b0")
    assert "b0" not in line and line.before("a1") == 1
    assert taken(line) == ["a0", "a1"]
    with pytest.raises(IndexError):
        line.take()


def test_what_is_put_back_later_waits_where_it_was_asked() -> None:
    line = line_of("b1", "a4", "b2")
    line.put("c", "c0")
    line.put("a", "a3")
    line.sort(lambda item: int(item[1]))
    assert taken(line) == ["c0", "b1", "a3", "b2", "a4"]


def test_no_more_than_so_many_wait_of_one_person_or_of_all() -> None:
    line = line_of("a0", "a1", "b0", most=4, most_each=2)
    with pytest.raises(TooManyWaitingError, match="You have 2 questions waiting"):
        line.admit("a")
    line.admit("b")
    line.put("c", "c0")
    with pytest.raises(LineFullError, match="4 questions wait"):
        line.admit("d")
    line.take()
    line.admit("d")
