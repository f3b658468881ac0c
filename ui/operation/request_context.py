"""Which request is being answered, and whose it is: known to everything that is done for it."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Requester:
    """A request's id, and by which name its sender is counted: a token, an address, a browser."""

    request: str = ""
    person: str = ""


_NOBODY = Requester()
ASKER: ContextVar[Requester] = ContextVar("asker", default=_NOBODY)
