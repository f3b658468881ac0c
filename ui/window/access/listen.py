"""An address of this computer is taken for a server, and it is said who may reach it by which name."""

from __future__ import annotations

import errno
import re
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from index.platform import hold_alone
from ui.errors import WindowError

DEFAULT_PORT = 7860
_PORTS_TRIED = 40
_HOST = re.compile(r"(\[[^\[\]]*\]|[^\s/?#@\\\[\]:]+)(?::\d*)?")


@dataclass(frozen=True, slots=True)
class ListenOptions:
    """From where the window can be asked.

    ``names`` are host names beside those of this computer; ``root`` is the path under which a proxy offers the
    window, and ``proxies`` are the addresses whose word is taken on who asks, and whether by https.
    """

    host: str = "127.0.0.1"
    port: int | None = None
    names: tuple[str, ...] = ()
    root: str = ""
    proxies: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.root and not re.fullmatch(r"(?:/[A-Za-z0-9._~-]+)+", self.root):
            raise WindowError(f"{self.root!r} is no path to be offered under. Write it like /hoidap.")

    @property
    def private(self) -> bool:
        """Whether this computer alone can ask."""
        return is_loopback(self.host) and not (self.names or self.proxies or self.root)

    def hold(self, *, guarded: bool) -> socket.socket:
        """Take the port, without one the first free from 7860.

        Raises WindowError when it is taken, or when the window would be open to others without a password.
        """
        if not guarded and (not is_loopback(self.host) or self.names or self.proxies):
            raise WindowError(
                f"A window open to other computers ({self.host}) needs a password. Set one and start again."
            )
        return listen(self.host, self.port, DEFAULT_PORT)


def is_loopback(host: str) -> bool:
    """Say whether only this computer can reach the address."""
    return host in {"localhost", "::1"} or host.startswith("127.")


def host_names(host: str, more: tuple[str, ...] = ()) -> frozenset[str] | None:
    """Names under which a browser may ask; ``None`` for any, when other computers may come in by any name."""
    return frozenset({"localhost", "127.0.0.1", "::1", host, *more}) if is_loopback(host) else None


def asked_host(header: str) -> str:
    """Give the host name in a request's Host header, in small letters; empty where there is none.

    The header itself is read, since Starlette puts the server's own address in the place of one that it cannot read.
    """
    found = _HOST.fullmatch(header.strip())
    return found[1].strip("[]").lower() if found else ""


def is_foreign_page(origin: str, host: str | None) -> bool:
    """Say whether an Origin header names another site than the one that the Host header names."""
    try:
        return urlsplit(origin).netloc != host
    except ValueError:
        return True


def address_of(held: socket.socket, host: str) -> str:
    """The beginning of every address of the server that listens there."""
    return f"http://{f'[{host}]' if ':' in host else host}:{held.getsockname()[1]}"


def listen(host: str, port: int | None, first: int) -> socket.socket:
    """Take the asked-for port (0: any), or else the first free one from ``first``; raises WindowError without one.

    The port is held from here on, so that no other program can take it before the server runs.
    """
    if port is None:
        for candidate in range(first, first + _PORTS_TRIED):
            if (taken := _take(host, candidate)) is not None:
                return taken
        raise WindowError(f"No port from {first} to {first + _PORTS_TRIED - 1} is free. Choose one.")
    if not 0 <= port < 65_536:
        raise WindowError(f"{port} is no port. Choose a number from 1 to 65535.")
    if (taken := _take(host, port)) is None:
        raise WindowError(
            f"Port {port} is in use by another program. Choose another one, for example {port + 1}."
        )
    return taken


def _take(host: str, port: int) -> socket.socket | None:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror as error:
        raise WindowError(f"This computer has no address {host}. Use 127.0.0.1.") from error
    taken = socket.socket(family, kind, protocol)
    try:
        hold_alone(taken)
        taken.bind(address)
        taken.listen()
    except OSError as error:
        taken.close()
        if error.errno in {errno.EADDRINUSE, errno.EACCES}:
            return None
        raise WindowError(f"This computer has no address {host}. Use 127.0.0.1.") from error
    return taken
