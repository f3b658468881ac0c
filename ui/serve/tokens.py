"""Tokens that let other programs in: shown once, kept only as hashes, each for reading or for writing too."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Literal, TypeAlias

from filelock import FileLock

from index.platform import replace
from ui.errors import WindowError

Right: TypeAlias = Literal["read", "write"]
_NAME = re.compile(r"[\w.-]{1,40}")
_BEGINNING = "hoidap_"


@dataclass(frozen=True, slots=True)
class Token:
    """A token as it is kept; a random secret of 256 bits needs no slow hash."""

    name: str
    right: Right
    sha256: str
    made: str


class TokenFile:
    """The tokens of one store; what another process adds or takes away counts at once."""

    def __init__(self, store_folder: Path) -> None:
        self._path = store_folder / "tokens.json"
        self._read: tuple[object, tuple[Token, ...]] = (None, ())

    def all(self) -> tuple[Token, ...]:
        """Give every token, oldest first; raises WindowError where the file is damaged."""
        try:
            stat = self._path.stat()
        except FileNotFoundError:
            return ()
        state = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
        if self._read[0] != state:
            self._read = (state, self._parsed())
        return self._read[1]

    def find(self, secret: str) -> Token | None:
        """Give the token of this secret, ``None`` for a stranger's."""
        given = _hash(secret)
        return next((token for token in self.all() if hmac.compare_digest(token.sha256, given)), None)

    def new(self, name: str, right: Right) -> str:
        """Make a token and give its secret, which nobody can see again."""
        if not _NAME.fullmatch(name):
            raise WindowError(
                f"{name!r} is no name for a token; use up to 40 letters, digits, '.', '-' and '_'."
            )
        secret = _BEGINNING + secrets.token_urlsafe(32)
        made = datetime.now(timezone.utc).isoformat(timespec="seconds")
        with self._changing() as tokens:
            if any(token.name == name for token in tokens):
                raise WindowError(
                    f"There is a token {name!r} already; choose another name "
                    f"or run 'hoidap token remove {name}'."
                )
            tokens.append(Token(name, right, _hash(secret), made))
        return secret

    def remove(self, name: str) -> None:
        """Take a token away; whoever has it is turned away from the next request on."""
        with self._changing() as tokens:
            kept = [token for token in tokens if token.name != name]
            if len(kept) == len(tokens):
                known = ", ".join(token.name for token in tokens) or "none"
                raise WindowError(f"There is no token {name!r}; there are: {known}.")
            tokens[:] = kept

    def link_key(self) -> bytes | None:
        """Give the secret that signs links to articles, made once; ``None`` while no token is asked for."""
        if not self.all():
            return None
        place = self._path.with_name("links.key")
        with FileLock(self._path.with_suffix(".lock")):
            if not place.is_file():
                handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                with os.fdopen(handle, "wb") as file:
                    file.write(secrets.token_bytes(32))
        return place.read_bytes()

    @contextmanager
    def _changing(self) -> Iterator[list[Token]]:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(self._path.with_suffix(".lock")):
            tokens = list(self.all())
            yield tokens
            staging = self._path.with_suffix(".new")
            staging.unlink(missing_ok=True)
            handle = os.open(staging, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump([asdict(token) for token in tokens], file, ensure_ascii=False, indent=1)
            replace(staging, self._path)

    def _parsed(self) -> tuple[Token, ...]:
        try:
            return tuple(Token(**row) for row in json.loads(self._path.read_text(encoding="utf-8")))
        except (ValueError, TypeError) as error:
            raise WindowError(
                f"The tokens in {self._path} cannot be read ({error}); delete the file and make new ones."
            ) from error


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
