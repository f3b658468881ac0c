"""Make ``.venv`` with everything the program needs; the standard library of any Python 3 suffices.

Run it as often as you like: it returns at once when nothing has changed.  Every failure is one sentence
with its remedy and exit code 1; what the tools said in full is in ``.venv/install.log``.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
LOG = VENV / "install.log"
STAMP = VENV / "installed.json"
OLDEST = (3, 10)
# The first brings a build without CUDA where such a one is offered beside the newest release.
TORCH = ("torch==2.13.0", "torch>=2.8,<3")
COMPILE_TIME = "5 to 8 minutes on 2 cores"
NEEDED_BYTES = 4_000_000_000
CUDA_PREFIXES = ("nvidia-", "triton", "pytorch-triton", "cuda-")
TEST_PACKAGES = ("chromium", "fonts-noto-core", "tesseract-ocr", "tesseract-ocr-vie")


class InstallError(Exception):
    """What stands in the way, and the remedy, in one sentence."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Install, or return at once when nothing has changed; 1 when something stands in the way."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dev", action="store_true", help="also what the tests need")
    parser.add_argument(
        "--system-test-packages", action="store_true", help="only Chromium, fonts and Tesseract for the tests"
    )
    options = parser.parse_args(arguments)
    try:
        if options.system_test_packages:
            install_test_packages()
        else:
            install(["dev", "fast"] if options.dev else ["fast"])
    except InstallError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("stopped; run it again to go on\n")
        return 1
    return 0


def install(extras: Sequence[str]) -> None:
    """Make the environment and install the program with these extras into it."""
    check_python(sys.version_info[:3])
    digest, installed = source_digest(), read_stamp(STAMP)
    if is_current(installed, digest, extras):
        return
    check_disk(shutil.disk_usage(ROOT).free)
    check_compiler(shutil.which, os.environ)
    make_environment()
    install_torch()
    extras = sorted(set(extras) | set(installed.get("extras", [])))
    environment = {"CMAKE_BUILD_PARALLEL_LEVEL": str(os.cpu_count() or 1)}
    compiled = f"its language model engine is compiled here: {COMPILE_TIME}"
    if flags := tile_flags(processor(), compiler(os.environ), os.environ.get("CXXFLAGS", "")):
        # What lies in pip's cache may have been compiled without them.
        compiled = "its language model engine is compiled"
        step(
            f"Compiling the language model engine for this processor ({COMPILE_TIME})",
            [*pip(), "install", "--no-cache-dir", "--no-deps", requirement("llama-cpp-python")],
            "Check the network and run it again",
            environment | flags,
        )
    step(
        f"Installing hoidap ({compiled})",
        [*pip(), "install", "--editable", f".[{','.join(extras)}]"],
        "Check the network and run it again",
        environment,
    )
    STAMP.write_text(json.dumps({"digest": digest, "extras": extras}), encoding="utf-8")


def tile_flags(processor: str, compiler: str, given: str = "") -> dict[str, str]:
    """Flags that keep GCC from breaking the engine on processors with Intel's tile instructions (AMX).

    GCC 12 takes the stores of the tiles' configuration for dead, so that the first prompt ends in an illegal
    instruction (llama.cpp, pull request 26954).  ``processor`` is what the system tells of it, ``compiler`` what the
    compiler tells of itself, ``given`` the flags that are set already.
    """
    if "amx_tile" not in processor or "Free Software Foundation" not in compiler:
        return {}
    return {"CXXFLAGS": f"{given} -fno-dse -fno-tree-dse".lstrip()}


def requirement(package: str) -> str:
    """What the project asks for of a package, with its range of versions."""
    found = re.search(
        rf'"({re.escape(package)}[^"]*)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    )
    if found is None:
        raise InstallError(f"pyproject.toml does not name {package}; restore it and run it again.")
    return found[1]


def processor() -> str:
    """What Linux tells of the processor; empty elsewhere."""
    cpuinfo = Path("/proc/cpuinfo")
    return cpuinfo.read_text(encoding="utf-8", errors="replace") if cpuinfo.exists() else ""


def compiler(environment: Mapping[str, str]) -> str:
    """What the C++ compiler tells of itself; empty where it cannot be asked."""
    names = ("c++", "g++", "clang++")
    chosen = environment.get("CXX") or next(filter(shutil.which, names), names[0])
    command = [*shlex.split(chosen), "--version"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout
    except OSError:
        return ""


def check_python(version: Sequence[int]) -> None:
    """Raise when the Python that runs this is too old or cannot make environments."""
    if tuple(version[:2]) < OLDEST:
        raise InstallError(
            "Python 3.10 or newer is needed and this is {}.{}; install a newer one and run "
            "'make PYTHON=python3.12'.".format(*version[:2])
        )
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        raise InstallError(
            "This Python cannot make virtual environments; install its venv package "
            "(on Debian and Ubuntu: sudo apt-get install python3-venv)."
        )


def check_disk(free: int) -> None:
    """Raise when the libraries do not fit; models are counted when they are fetched."""
    if free < NEEDED_BYTES and not STAMP.exists():
        raise InstallError(
            f"The libraries need {NEEDED_BYTES / 1e9:.0f} GB on the disk of {ROOT} and {free / 1e9:.1f} GB are "
            "free; make room and run it again."
        )


def check_compiler(which: Callable[[str], str | None], environment: Mapping[str, str]) -> None:
    """Raise when there is no C or no C++ compiler for the language model engine."""
    missing = [
        language
        for language, variable, names in (
            ("C", "CC", ("cc", "gcc", "clang", "cl")),
            ("C++", "CXX", ("c++", "g++", "clang++", "cl")),
        )
        if not environment.get(variable) and not any(map(which, names))
    ]
    if missing:
        raise InstallError(
            f"No compiler for {' and '.join(missing)} was found, which the language model engine needs; install "
            "one (Debian and Ubuntu: sudo apt-get install build-essential; Fedora: sudo dnf install gcc-c++; "
            "macOS: xcode-select --install)."
        )


def make_environment() -> None:
    """Make ``.venv`` unless it has a working Python of the right version already."""
    wanted = "{}.{}".format(*sys.version_info[:2])
    code = "import sys, pip; sys.stdout.write('{}.{}'.format(*sys.version_info[:2]))"
    if python().exists():
        found = subprocess.run([str(python()), "-c", code], capture_output=True, text=True, check=False)
        if found.returncode == 0 and found.stdout == wanted:
            return
    if VENV.exists():
        shutil.rmtree(VENV)
    made = subprocess.run(
        [sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True, check=False
    )
    if made.returncode != 0:
        raise InstallError(
            f"The virtual environment could not be made ({last_line(made.stdout + made.stderr)}); install the "
            "venv package of this Python (on Debian and Ubuntu: sudo apt-get install python3-venv)."
        )


def install_torch() -> None:
    """Install PyTorch without CUDA: with pip where its build has none, else with uv, which can choose."""
    for requirement in TORCH:
        report = VENV / "torch-report.json"
        command = [*pip(), "install", "--dry-run", "--quiet", "--report", str(report), requirement]
        if run(command) == 0 and not brings_cuda(json.loads(report.read_text(encoding="utf-8"))):
            step("Installing PyTorch", [*pip(), "install", requirement], "Check the network and run it again")
            return
    step("Installing uv, which finds PyTorch without CUDA", [*pip(), "install", "uv"], "Check the network")
    uv = [str(python()), "-m", "uv", "pip", "install", f"--python={python()}"]
    step(
        "Installing PyTorch without CUDA",
        [*uv, "--torch-backend=cpu", TORCH[-1]],
        f"Check the network, or install PyTorch for the processor into {VENV} yourself and run it again",
    )


def brings_cuda(report: dict[str, Any]) -> bool:
    """Whether pip's report of what it would install names packages for graphics cards."""
    names = [item["metadata"]["name"].lower().replace("_", "-") for item in report["install"]]
    return any(name.startswith(CUDA_PREFIXES) for name in names)


def install_test_packages() -> None:
    """Install Chromium, fonts and Tesseract where the system's packages can be installed, else say what to do."""
    missing = [package for package in TEST_PACKAGES if not has_package(package)]
    if not missing:
        return
    told = f"for the tests of the window and of scans, install {' and '.join(missing)}"
    before = apt_prefix()
    if before is None:
        sys.stderr.write(f"Without them some tests are skipped: {told}.\n")
        return
    VENV.mkdir(exist_ok=True)
    step("Reading the list of system packages", [*before, "apt-get", "-q", "update"], "Check the network")
    step(
        f"Installing {' and '.join(missing)}",
        [*before, "apt-get", "-q", "install", "-y", "--no-install-recommends", *missing],
        f"Then {told} yourself",
        {"DEBIAN_FRONTEND": "noninteractive"},
    )


def has_package(package: str) -> bool:
    """Whether Chromium, Tesseract, its Vietnamese data or the fonts are here by whatever road."""
    if package in ("chromium", "tesseract-ocr"):
        return shutil.which(package.removesuffix("-ocr")) is not None
    if package == "tesseract-ocr-vie":
        return any(Path("/usr/share/tesseract-ocr").rglob("vie.traineddata")) or sys.platform == "darwin"
    return any(Path("/usr/share/fonts").rglob("NotoSans-Regular.*")) or sys.platform == "darwin"


def apt_prefix() -> list[str] | None:
    """What goes before apt-get, ``None`` where it is absent or not allowed."""
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and run(["sudo", "-n", "true"], log=Path(os.devnull)) == 0:
        return ["sudo", "-n"]
    return None


def step(title: str, command: list[str], remedy: str, environment: Mapping[str, str] | None = None) -> None:
    """Run a command with its output in the log and its time on the screen; raise with the remedy."""
    started = time.monotonic()
    sys.stdout.write(f"{title} …")
    sys.stdout.flush()
    offset = LOG.stat().st_size if LOG.exists() else 0
    code = run(command, environment)
    sys.stdout.write(f" {time.monotonic() - started:.0f} s\n")
    if code != 0:
        said = LOG.read_bytes()[offset:].decode("utf-8", "replace")
        raise InstallError(
            f"{title} did not work ({last_line(said)}). {remedy}; the whole output is in {LOG}."
        )


def run(command: list[str], environment: Mapping[str, str] | None = None, log: Path = LOG) -> int:
    """Run a command in the project's folder and return its exit code; its output goes to the log."""
    with log.open("ab") as output:
        return subprocess.run(
            command,
            cwd=ROOT,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        ).returncode


def last_line(said: str) -> str:
    """The line of a tool's output that tells the reason: its last error, or its last line."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    errors = [line for line in lines if line.lower().startswith(("error", "e:"))]
    return (errors or lines or ["no reason given"])[-1][:200]


def python() -> Path:
    """The Python of the environment."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def pip() -> list[str]:
    """The beginning of a command of the environment's pip."""
    return [str(python()), "-m", "pip", "--disable-pip-version-check"]


def source_digest() -> str:
    """Hash of all that decides what is installed."""
    digest = hashlib.sha256("{}.{}".format(*sys.version_info[:2]).encode())
    for path in (ROOT / "pyproject.toml", Path(__file__)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def read_stamp(path: Path) -> dict[str, Any]:
    """What the last complete installation noted, nothing when there was none."""
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}


def is_current(installed: dict[str, Any], digest: str, extras: Sequence[str]) -> bool:
    """Whether the last installation was of these sources and holds these extras."""
    return installed.get("digest") == digest and set(extras) <= set(installed["extras"])


if __name__ == "__main__":
    sys.exit(main())
