"""Who is next: everybody who waits is answered one question before anybody is answered a second."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable, Iterator
from typing import Generic, TypeVar

from ui.errors import LineFullError, TooManyWaitingError

Item = TypeVar("Item", bound=Hashable)


class FairQueue(Generic[Item]):
    """Things that wait, taken in turn from one person after another; each person's own first come first served.

    At most ``most`` may wait, and ``most_each`` of one person.  Whoever shares a line between threads locks it.
    """

    def __init__(self, most: int = 200, most_each: int = 16) -> None:
        self._most, self._most_each = most, most_each
        self._waiting: OrderedDict[str, deque[Item]] = OrderedDict()  # the first person is next
        self._persons: dict[Item, str] = {}
        self._places: dict[Item, int] | None = None

    def __len__(self) -> int:
        return len(self._persons)

    def __contains__(self, item: object) -> bool:
        return item in self._persons

    def __iter__(self) -> Iterator[Item]:
        """Everything that waits, in the order in which it is taken if nothing more comes."""
        return iter(sorted(self._persons, key=self.before))

    def admit(self, person: str) -> None:
        """Raise LineFullError or TooManyWaitingError where nothing more of a person may wait."""
        if len(self) >= self._most:
            raise LineFullError(f"{len(self)} questions wait for an answer already; ask again in a moment.")
        if len(self._waiting.get(person, ())) >= self._most_each:
            raise TooManyWaitingError(
                f"You have {self._most_each} questions waiting already; wait until one is answered, or stop one."
            )

    def put(self, person: str, item: Item) -> None:
        """Let something wait, also where ``admit`` would refuse it."""
        self._waiting.setdefault(person, deque()).append(item)
        self._persons[item] = person
        self._places = None

    def sort(self, key: Callable[[Item], int]) -> None:
        """Let persons wait in the order of the first thing of each, and each one's things in the order of ``key``."""
        for person, items in self._waiting.items():
            self._waiting[person] = deque(sorted(items, key=key))
        for person in sorted(self._waiting, key=lambda person: key(self._waiting[person][0])):
            self._waiting.move_to_end(person)
        self._places = None

    def take(self) -> Item:
        """Take what is next; raises IndexError where nothing waits."""
        if not self._waiting:
            raise IndexError("nothing waits")
        person = next(iter(self._waiting))
        item = self._waiting[person].popleft()
        self._waiting.move_to_end(person)
        self._forget(item)
        return item

    def remove(self, item: Item) -> bool:
        """Take something out of the line, wherever it is; false where it does not wait."""
        if item not in self._persons:
            return False
        self._waiting[self._persons[item]].remove(item)
        self._forget(item)
        return True

    def before(self, item: Item) -> int:
        """Count what is taken before something that waits, if nothing more comes."""
        if self._places is None:
            self._places = {item: place for place, item in enumerate(self._in_order())}
        return self._places[item]

    def _forget(self, item: Item) -> None:
        person = self._persons.pop(item)
        if not self._waiting[person]:
            del self._waiting[person]
        self._places = None

    def _in_order(self) -> Iterator[Item]:
        rounds = [list(items) for items in self._waiting.values()]
        for turn in range(max(map(len, rounds), default=0)):
            yield from (items[turn] for items in rounds if turn < len(items))


class QueueAtWork(Generic[Item]):
    """A line and what of it is worked on, for any thread: whoever changes one of the two holds ``_lock``."""

    def __init__(self, line: FairQueue[Item]) -> None:
        self._lock = threading.Condition()
        self._line = line
        self._running: set[Item] = set()

    @property
    def waiting(self) -> int:
        """How many wait for their turn."""
        with self._lock:
            return len(self._line)

    @property
    def running(self) -> int:
        """How many are worked on."""
        with self._lock:
            return len(self._running)

    def ahead(self, item: Item) -> int:
        """Count what is done before something that waits, what is worked on included; 0 for what does not wait."""
        with self._lock:
            return len(self._running) + self._line.before(item) if item in self._line else 0
