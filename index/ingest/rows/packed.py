"""The bytes of a file, unpacked where it is packed by gzip."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

from index.errors import ArticleError
from index.ingest.limits import Limits


def open_bytes(path: Path) -> io.BufferedIOBase:
    """Open a file, plain or ``.gz``, for reading."""
    return gzip.open(path, "rb") if path.suffix.lower() == ".gz" else path.open("rb")


def read_bytes(path: Path, limits: Limits) -> bytes:
    """Read a whole file, plain or ``.gz``; raises ArticleError where it unpacks to more than the limit."""
    with open_bytes(path) as stream:
        data = stream.read(limits.unpacked_bytes + 1)
    if len(data) > limits.unpacked_bytes:
        raise ArticleError(
            f"it unpacks to more than {limits.unpacked_bytes / 1e6:.0f} MB; split it", code="too-big"
        )
    return data
