"""The bytes of a file, unpacked where it is packed by gzip."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

from index.ingest.limits import Limits, unpacks_too_large


def open_bytes(path: Path) -> io.BufferedIOBase:
    """Open a file, plain or ``.gz``, for reading."""
    return gzip.open(path, "rb") if path.suffix.lower() == ".gz" else path.open("rb")


def read_bytes(path: Path, limits: Limits) -> bytes:
    """Read a whole file, plain or ``.gz``; raises ArticleError where it unpacks to more than the limit."""
    with open_bytes(path) as stream:
        data = stream.read(limits.unpacked_bytes + 1)
    if len(data) > limits.unpacked_bytes:
        raise unpacks_too_large(limits)
    return data
