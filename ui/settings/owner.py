"""Who opened the window on this very computer: nobody else may choose folders, models or the password.

An address of this computer is open to every account on it, and a page of it to whoever comes in through a tunnel.
So the program gives the address that it opens a key, which counts once; the browser that comes with it is its owner
for as long as the program runs.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import threading
from dataclasses import asdict, dataclass
from pathlib import Path

from index.platform import write_atomic

KEY = "khoa"
"""The name of the key in the address."""
_NOTE = "open.json"


@dataclass(frozen=True, slots=True)
class Opened:
    """An open window: its address, which ends with a slash, and what its keys are made with."""

    address: str
    secret: str

    def link(self) -> str:
        """Give the address with a fresh key."""
        nonce = secrets.token_hex(16)
        return f"{self.address}?{KEY}={nonce}-{_mark(self.secret, nonce)}"


class Owner:
    """Knows the visitors who came with a key of this run."""

    def __init__(self) -> None:
        self.secret = secrets.token_hex(32)
        self._lock = threading.Lock()
        self._spent: set[str] = set()
        self._visitors: set[str] = set()

    def is_key(self, key: str) -> bool:
        """Say whether a key is one of this run that was not used yet, and use it up."""
        nonce, _, mark = key.partition("-")
        if not (mark.isascii() and hmac.compare_digest(mark, _mark(self.secret, nonce))):
            return False
        with self._lock:
            fresh = nonce not in self._spent
            self._spent.add(nonce)
        return fresh

    def add_visitor(self, visitor: str) -> None:
        """Take a visitor for the owner from now on."""
        self._visitors.add(visitor)

    def knows(self, visitor: str) -> bool:
        """Say whether a visitor is the owner."""
        return visitor in self._visitors


def note_opened(private: Path, opened: Opened) -> Path:
    """Write for a second start of this user, and nobody else, where the window is open; gives the note's path."""
    place = private / _NOTE
    write_atomic(place, json.dumps(asdict(opened)).encode(), mode=0o600)
    return place


def read_opened(private: Path) -> Opened | None:
    """Read the note; ``None`` where no window is noted as open."""
    try:
        content = json.loads((private / _NOTE).read_text(encoding="utf-8"))
        return Opened(str(content["address"]), str(content["secret"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _mark(secret: str, nonce: str) -> str:
    return hmac.new(secret.encode(), nonce.encode(), hashlib.sha256).hexdigest()[:32]
