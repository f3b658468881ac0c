"""A password is kept as its hash alone."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass

SHORTEST = 8


@dataclass(frozen=True, slots=True)
class PasswordHash:
    """The hash of a password as it stands in the configuration: ``scrypt:SALT:HASH``."""

    text: str

    @staticmethod
    def of(password: str) -> PasswordHash:
        """Hash a password with a salt of its own."""
        salt = secrets.token_hex(16)
        return PasswordHash(f"scrypt:{salt}:{scrypt(password, salt)}")

    def matches(self, given: str) -> bool:
        """Say whether this is the hash of a password."""
        _, salt, kept = self.text.split(":")
        return hmac.compare_digest(scrypt(given, salt), kept)


def scrypt(password: str, salt: str) -> str:
    """Hash a password so slowly that guesses take long."""
    return hashlib.scrypt(password.encode(), salt=salt.encode(), n=2**14, r=8, p=1).hex()
