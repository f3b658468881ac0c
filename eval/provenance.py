"""Where a result comes from: the code's revision, the moment, the machine, and the memory that was used."""

from __future__ import annotations

import platform
import re
import subprocess
from datetime import datetime
from importlib import metadata
from pathlib import Path

import psutil

from eval.schema import Facts

PACKAGES = ("llama-cpp-python", "sentence-transformers", "torch", "openvino", "faiss-cpu", "numpy")
"""The packages whose version can change a result."""


def now() -> str:
    """The moment, with its time zone, as results carry it."""
    return datetime.now().astimezone().isoformat(timespec="seconds")


def revision() -> str | None:
    """The git commit of a checkout, with ``+`` when its files differ from it; ``None`` outside of one."""
    try:
        commit = _git("rev-parse", "HEAD")
        changed = _git("status", "--porcelain", "--untracked-files=no")
    except (OSError, subprocess.CalledProcessError, subprocess.TimeoutExpired):
        return None
    return commit + "+" if changed else commit


def machine() -> Facts:
    """Processor, cores that may be used, Python and the versions of the packages that matter."""
    process = psutil.Process()
    facts: dict[str, str | int | float | bool | None] = {
        "system": platform.system(),
        "processor": _read_proc_field("/proc/cpuinfo", "model name")
        or platform.processor()
        or platform.machine(),
        "cores": len(process.cpu_affinity()) if hasattr(process, "cpu_affinity") else psutil.cpu_count(),
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
    if (peak := status_bytes("VmHWM")) is not None:
        return peak
    try:
        import resource
    except ImportError:
        return None
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if platform.system() == "Darwin" else 1024)


def status_bytes(name: str) -> int | None:
    """Bytes that Linux tells of this process under a name (``VmHWM``, ``RssAnon``); ``None`` elsewhere."""
    value = _read_proc_field("/proc/self/status", name)
    return int(value.split()[0]) * 1024 if value else None


def _read_proc_field(path: str, name: str) -> str:
    try:
        text = Path(path).read_text(encoding="utf-8")
    except OSError:
        return ""
    found = re.search(rf"^{name}\s*:\s*(.+)$", text, re.MULTILINE)
    return found[1].strip() if found else ""


def _git(*words: str) -> str:
    command = ["git", "-C", str(Path(__file__).parent), *words]
    return subprocess.run(
        command, check=True, capture_output=True, encoding="utf-8", timeout=10
    ).stdout.strip()
