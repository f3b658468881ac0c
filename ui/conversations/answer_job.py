"""A question whose answer is being made."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from ui.conversations.entries import Unanswered
from ui.conversations.progress import Progress


@dataclass(slots=True, eq=False)
class Job:
    """A question whose answer is being made, or waits to be; ``version`` counts the changes of what is known.

    ``person`` is whoever sent it, by the name by which turns are given.  One that is
    ``elsewhere`` is answered by another process over the same database: looked at, not made, here.
    """

    asked: Unanswered
    state: Progress
    began: float
    person: str = ""
    stop: threading.Event = field(default_factory=threading.Event)
    version: int = 0
    done: bool = False
    withdrawn: bool = False
    elsewhere: bool = False
