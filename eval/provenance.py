"""Where a result comes from: the code's revision, the machine, and the memory that was used."""

from __future__ import annotations

import os
import platform
import subprocess
from importlib import metadata
from pathlib import Path

from eval.schema import Facts

PACKAGES = ("llama-cpp-python", "sentence-transformers", "torch", "openvino", "faiss-cpu", "numpy")
"""The packages whose version can change a result."""


def revision(folder: Path) -> str | None:
    """The git commit of a checkout, with ``+`` when its files differ from it; ``None`` outside of one."""
    try:
        commit = _git(folder, "rev-parse", "HEAD")
        changed = _git(folder, "status", "--porcelain", "--untracked-files=no")
    except (OSError, subprocess.CalledProcessError, subprocess.TimeoutExpired):
        return None
    return commit + "+" if changed else commit


def machine() -> Facts:
    """Processor, memory, Python and the versions of the packages that matter."""
    facts: dict[str, str | int | float | bool | None] = {
        "system": platform.system(),
        "processor": _processor(),
        "cores": _cores(),
        "python": platform.python_version(),
    }
    for package in PACKAGES:
        try:
            facts[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            facts[package] = None
    return facts


def reset_peak_memory() -> bool:
    """Forget the highest memory so far, so that each system has its own peak; false where that is impossible."""
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return False
    return True


def peak_memory() -> int | None:
    """The most memory that this process has held, in bytes; ``None`` where the system does not tell."""
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text(encoding="utf-8").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    try:
        import resource
    except ImportError:
        return None
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if platform.system() == "Darwin" else 1024)


def _git(folder: Path, *words: str) -> str:
    command = ["git", "-C", str(folder), *words]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=10).stdout.strip()


def _cores() -> int | None:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count()


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
