"""What differs between Linux, macOS and Windows, as functions of values that a test can give."""

from __future__ import annotations

import platform
import re
import shlex
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath

from index.platform import run_program

_LONGEST_ROOT = 80
"""Characters that Windows leaves for the paths of the libraries below."""
_COMPILERS = (("CC", ("cc", "gcc", "clang", "cl")), ("CXX", ("c++", "g++", "clang++", "cl")))
_COMPILER_REMEDIES = {
    "darwin": "xcode-select --install",
    "win32": "winget install Microsoft.VisualStudio.2022.BuildTools --override "
    '"--add Microsoft.VisualStudio.Workload.VCTools --includeRecommended --passive"',
}
_LINUX_REMEDY = "sudo apt install build-essential (Debian, Ubuntu), sudo dnf install gcc-c++ (Fedora)"


@dataclass(frozen=True, slots=True)
class System:
    """The computer: ``name`` as ``sys.platform``, ``machine`` as the processors are called everywhere."""

    name: str
    machine: str
    glibc: bool = True

    @property
    def windows(self) -> bool:
        """Whether it is Windows."""
        return self.name == "win32"


def this_system() -> System:
    """Look at this computer."""
    return System(sys.platform, machine_name(platform.machine()), platform.libc_ver()[0] in ("glibc", ""))


def machine_name(name: str) -> str:
    """One name for each kind of processor, which the systems call differently."""
    known = {"amd64": "x86_64", "x64": "x86_64", "arm64": "aarch64"}
    return known.get(name.lower(), name.lower())


def environment_python(environment: Path, system: System) -> Path:
    """The Python of an environment."""
    return environment / ("Scripts/python.exe" if system.windows else "bin/python")


def environment_place(root: Path, system: System, variables: Mapping[str, str]) -> Path:
    """Where the environment goes: beside the sources, or on Windows out of a synchronised or too deep folder."""
    local = variables.get("LOCALAPPDATA")
    if system.windows and local and (in_cloud(root, variables) or len(str(root)) > _LONGEST_ROOT):
        return Path(local) / "hoidap" / "env"
    return root / ".venv"


def in_cloud(folder: PurePath, variables: Mapping[str, str]) -> bool:
    """Whether OneDrive keeps the folder."""
    clouds = [
        variables[name]
        for name in ("OneDrive", "OneDriveConsumer", "OneDriveCommercial")
        if variables.get(name)
    ]
    lowered = [part.lower() for part in folder.parts]
    return any(
        [part.lower() for part in type(folder)(cloud).parts] == lowered[: len(type(folder)(cloud).parts)]
        for cloud in clouds
    ) or any(part.startswith("onedrive") for part in lowered)


def child_variables(variables: Mapping[str, str]) -> dict[str, str]:
    """What every program that is started here gets: UTF-8 whatever the console's code page."""
    return {**variables, "PYTHONUTF8": "1", "PYTHONIOENCODING": "utf-8", "PYTHONUNBUFFERED": "1"}


def missing_compiler(which: Callable[[str], str | None], variables: Mapping[str, str], system: System) -> str:
    """How to get a C++ compiler where there is none; empty where there is one.

    Visual Studio's is on no path; CMake finds it by itself, so that on Windows its own finder is asked.
    """
    if all(variables.get(variable) or any(map(which, names)) for variable, names in _COMPILERS):
        return ""
    if system.windows and visual_studio(variables):
        return ""
    return _COMPILER_REMEDIES.get(system.name, _LINUX_REMEDY)


def visual_studio(variables: Mapping[str, str]) -> bool:
    """Whether Visual Studio's finder knows a C++ compiler."""
    finder = Path(variables.get("ProgramFiles(x86)", "")) / "Microsoft Visual Studio/Installer/vswhere.exe"
    if not finder.is_file():
        return False
    command = [str(finder), "-products", "*", "-requires", "Microsoft.VisualStudio.Component.VC.Tools.x86.x64",
               "-property", "installationPath"]  # fmt: skip
    return bool(run_program(command).stdout.strip())


def tile_flags(processor: str, compiler: str, given: str = "") -> dict[str, str]:
    """Flags that keep GCC from breaking the engine on processors with Intel's tile instructions (AMX).

    GCC 12 takes the stores of the tiles' configuration for dead, so that the first prompt ends in an illegal
    instruction (llama.cpp, pull request 26954).  ``processor`` is what the system tells of it, ``compiler`` what the
    compiler tells of itself, ``given`` the flags that are set already.
    """
    if "amx_tile" not in processor or "Free Software Foundation" not in compiler:
        return {}
    return {"CXXFLAGS": f"{given} -fno-dse -fno-tree-dse".lstrip()}


def describe_processor() -> str:
    """What Linux tells of the processor; empty elsewhere."""
    cpuinfo = Path("/proc/cpuinfo")
    return cpuinfo.read_text(encoding="utf-8", errors="replace") if cpuinfo.exists() else ""


def describe_compiler(variables: Mapping[str, str]) -> str:
    """What the C++ compiler tells of itself; empty where it cannot be asked."""
    names = ("c++", "g++", "clang++")
    chosen = variables.get("CXX") or next(filter(shutil.which, names), names[0])
    try:
        return run_program([*shlex.split(chosen), "--version"]).stdout
    except OSError:
        return ""


def can_show_browser(system: System, variables: Mapping[str, str]) -> bool:
    """Whether opening an address opens a window, not a browser inside the terminal."""
    if system.windows or system.name == "darwin":
        return True
    return bool(variables.get("DISPLAY") or variables.get("WAYLAND_DISPLAY"))


def first_address(line: str) -> str | None:
    """The address in a line that the window's server prints."""
    found = re.search(r"https?://\S+", line)
    return found[0] if found else None
