"""What became of a question is told once, whatever that is."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from answer_maker import answer

from rag.errors import GenerationError
from rag.schema import Delta, Event, Finished, Seconds
from ui.operation.observing import Asked, Observation, Observer

DONE = replace(answer("?"), stopped=False)
ASKED = Asked("Bao nhiêu?", "r1", waited=2.0)


def followed(events: Iterator[Event], taken: int = 100) -> list[Observation]:
    observations: list[Observation] = []
    following = Observer(observations.append).follow(ASKED, events)
    for _, _event in zip(range(taken), following, strict=False):
        pass
    following.close()  # type: ignore[attr-defined]
    return observations


def test_an_answer_is_told_by_its_manner_with_the_seconds_of_its_steps() -> None:
    made = replace(DONE, seconds=Seconds(0.3, None, 1.0, waiting=0.5, search=0.1, write=0.4), cut=True)
    (observation,) = followed(iter([Delta("a"), Finished(made)]))
    assert (observation.result, observation.cut, observation.error) == ("sure", True, "")
    assert observation.seconds == {"waiting": 2.5, "search": 0.1, "write": 0.4}
    assert 2.0 <= observation.whole < 2.5


@pytest.mark.parametrize(
    ("changed", "result"),
    [
        ({"manner": "perhaps"}, "perhaps"),
        ({"manner": "not_told", "refused": True}, "not_told"),
        ({"kind": "thanks"}, "talk"),
        ({"kind": "count"}, "collection"),
        ({"stopped": True}, "stopped"),
    ],
)
def test_each_kind_of_result_has_its_name(changed: dict[str, object], result: str) -> None:
    (observation,) = followed(iter([Finished(replace(DONE, **changed))]))  # type: ignore[arg-type]
    assert observation.result == result


def test_what_fails_is_told_with_its_code_and_still_fails() -> None:
    def failing(error: Exception) -> Iterator[Event]:
        yield Delta("a")
        time.sleep(0.05)
        raise error

    for error, code in ((GenerationError("?", code="server"), "server"), (RuntimeError("?"), "unknown")):
        observations: list[Observation] = []
        with pytest.raises(type(error)):
            list(Observer(observations.append).follow(ASKED, failing(error)))
        assert [(one.result, one.error) for one in observations] == [("error", code)]
        assert observations[0].whole >= 2.05


def test_who_leaves_before_the_end_or_before_the_turn_is_told_as_stopped() -> None:
    (observation,) = followed(iter([Delta("a"), Delta("b"), Finished(answer("?"))]), taken=1)
    assert (observation.result, observation.error) == ("stopped", "")
    withdrawn: list[Observation] = []
    Observer(withdrawn.append).withdrawn(ASKED)
    assert (withdrawn[0].result, withdrawn[0].whole) == ("stopped", 2.0)
