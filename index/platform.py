"""What Linux, macOS and Windows do differently with files, memory and consoles.

Everything that asks which system it is stands here or in ``scripts/setup/system.py``; ``system`` is as
``sys.platform`` and is given by the tests, which run the other systems' branches.
"""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath
from typing import TextIO

_TRIES, _PAUSE_SECONDS = 20, 0.1
_BINARY = getattr(os, "O_BINARY", 0)
"""Without it Windows writes other ends of lines."""
_M_ARENA_MAX = -8
"""The number of glibc's ``malloc.h``."""
_UNSAFE = re.compile(r'[\x00-\x1f<>:"/\\|?*]+')
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d) *(\.|$)", re.IGNORECASE)
"""Names that Windows takes for devices, whatever follows the first dot."""
_LONGEST_NAME, _LONGEST_SUFFIX = 200, 20
"""Bytes of a name: Linux takes 255, and a number may come behind it."""


def replace(
    source: Path,
    target: Path,
    *,
    system: str = sys.platform,
    move: Callable[[Path, Path], None] = os.replace,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Put a file or folder in the place of another one.

    Windows refuses while any program has one of them open, as virus scanners and OneDrive do for moments, so it is
    tried for two seconds there.
    """
    for _ in range(_TRIES if system == "win32" else 0):
        try:
            return move(source, target)
        except PermissionError:
            sleep(_PAUSE_SECONDS)
    move(source, target)


def write_atomic(path: Path, data: bytes, *, mode: int = 0o666) -> None:
    """Write a file, which appears whole or not at all; ``mode`` are its rights, less those of the umask."""
    staging = path.with_name(f"{path.name}.{os.getpid()}.new")  # several processes may write at once
    staging.unlink(missing_ok=True)  # a file that is there keeps its rights
    with os.fdopen(os.open(staging, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, mode), "wb") as file:
        file.write(data)
    replace(staging, path)


def flush_to_disk(path: Path, *, system: str = sys.platform) -> None:
    """Make sure that a file's bytes are on the disk; Windows flushes only what is open for writing."""
    descriptor = os.open(path, os.O_RDWR if system == "win32" else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def same_place(first: Path, second: Path) -> bool:
    """Whether two paths lead to one folder; Windows and macOS take names in small and capital letters for one."""
    try:
        return first.samefile(second)
    except OSError:
        return first == second


def portable_name(name: str) -> str:
    """Give the last part of a path as a file name that all three systems take; empty where nothing is left of it."""
    plain = _UNSAFE.sub("_", PurePosixPath(name.replace("\\", "/")).name).lstrip(".").rstrip(". ")
    stem, suffix = os.path.splitext(f"_{plain}" if _DEVICES.match(plain) else plain)
    suffix = suffix[:_LONGEST_SUFFIX]
    return stem.encode()[: _LONGEST_NAME - len(suffix.encode())].decode(errors="ignore") + suffix


def available_cores() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def available_memory(system: str = sys.platform, meminfo: Path = Path("/proc/meminfo")) -> int | None:
    """Bytes of memory that programs can still take; ``None`` where the system does not tell."""
    if system == "win32":
        return _windows_memory()
    try:
        lines = meminfo.read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")), None)


def share_one_arena(*, system: str = sys.platform) -> None:
    """Let all threads of a program that runs for days take memory from one place.

    glibc keeps up to eight arenas a core, each with what its threads have freed, so that a server of many threads
    grows for ever; other allocators need nothing.  Called before the threads are started.
    """
    if system == "linux" and (mallopt := getattr(ctypes.CDLL(None), "mallopt", None)) is not None:
        mallopt(_M_ARENA_MAX, 1)


def hold_alone(taken: socket.socket, *, system: str = sys.platform) -> None:
    """Let a port be taken again right after a server has ended, and by one program only.

    On Windows the option that allows the first allows two programs on one port.
    """
    exclusive = getattr(socket, "SO_EXCLUSIVEADDRUSE", None)
    if system == "win32" and exclusive is not None:
        taken.setsockopt(socket.SOL_SOCKET, exclusive, 1)
    elif system != "win32":
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)


def speak_utf8(*streams: TextIO) -> None:
    """Write Vietnamese on consoles of other code pages; what they cannot show becomes a question mark."""
    for stream in streams:
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None and (stream.encoding or "").lower().replace("-", "") != "utf8":
            reconfigure(encoding="utf-8", errors="replace")


def run_program(command: Sequence[str], timeout: float | None = None) -> subprocess.CompletedProcess[str]:
    """Run a program to its end and take what it says as UTF-8; what is none becomes a question mark."""
    return subprocess.run(
        command, capture_output=True, encoding="utf-8", errors="replace", timeout=timeout, check=False
    )


def free_bytes(place: Path) -> int:
    """Free space on the disk of a folder that may not be there yet."""
    while not place.exists():
        place = place.parent
    return shutil.disk_usage(place).free


class _MemoryStatus(ctypes.Structure):
    _fields_ = (
        ("length", ctypes.c_ulong),
        ("load", ctypes.c_ulong),
        ("total", ctypes.c_ulonglong),
        ("available", ctypes.c_ulonglong),
        ("rest", ctypes.c_ulonglong * 5),
    )


def _windows_memory() -> int | None:
    windows = getattr(ctypes, "windll", None)
    if windows is None:
        return None
    status = _MemoryStatus()
    status.length = ctypes.sizeof(status)
    return int(status.available) if windows.kernel32.GlobalMemoryStatusEx(ctypes.byref(status)) else None
