"""The environment and the packages in it: by uv where it is there or can be had, else by pip."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from scripts.setup.commands import Commands, cause
from scripts.setup.console import Console
from scripts.setup.system import System, environment_python
from scripts.setup.words import SetupError, note

# The first brings a build without CUDA where such a one is offered beside the newest release.
TORCH = ("torch==2.13.0", "torch>=2.8,<3")
_CUDA = re.compile(r"^\s*\+?\s*(nvidia-|triton|pytorch-triton|cuda-)", re.MULTILINE)
_PIP_TO_UV = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
    "proxy": "ALL_PROXY",
    "constraint": "UV_CONSTRAINT",
}


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds that one answer of a package index is waited for, until that is told, and until it is given up.

    A name server that is away is noticed late, and a slow computer may take as long for itself.
    """

    answer: int = 8
    told: float = 18.0
    all: float = 90.0

    def variables(self, retries: int) -> dict[str, str]:
        """The settings that make pip and uv as impatient."""
        return {
            "PIP_DEFAULT_TIMEOUT": str(self.answer),
            "PIP_RETRIES": str(retries),
            "UV_HTTP_TIMEOUT": str(self.answer),
            "UV_HTTP_RETRIES": str(retries),
        }


@dataclass(frozen=True, slots=True)
class Installer:
    """Installs packages into one environment; ``uv`` is its command, ``None`` where only pip is there."""

    python: Path
    commands: Commands
    uv: str | None
    variables: Mapping[str, str]
    system: System

    def install(self, step: str, *wanted: str) -> None:
        """Install packages, or raise SetupError."""
        self.commands.run(step, [*self._install(), *wanted], self.variables)

    def torch(self) -> list[str]:
        """The words that install PyTorch without gigabytes for graphics cards; raises SetupError without a way."""
        if self.system.name != "linux":
            return [TORCH[-1]]
        report = [] if self.uv else ["--quiet", "--report", "-"]
        for requirement in TORCH:
            command = [*self._install(), "--dry-run", *report, requirement]
            code, output = self.commands.attempt(command, self.variables)
            if code == 0 and not (_CUDA.search(output) if self.uv else brings_cuda(output)):
                return [requirement]
        if self.uv is None:
            raise SetupError("cuda_only")
        return ["--torch-backend=cpu", TORCH[-1]]

    def ask(self, package: str) -> list[str | Path]:
        """The command that asks the index for a package and changes nothing."""
        if self.uv:
            return [*self._install(), "--dry-run", "--no-deps", "--reinstall", package]
        return [self.python, "-m", "pip", "index", "versions", "--disable-pip-version-check", package]

    def _install(self) -> list[str | Path]:
        if self.uv:
            return [self.uv, "pip", "install", "--python", self.python]
        return [self.python, "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]


def make_environment(environment: Path, commands: Commands, system: System) -> Path:
    """Make the environment unless it has a working Python of the right version already, and give that Python.

    Needs no network, but for pip where Debian has taken it out of the Python that uv uses.
    """
    python = environment_python(environment, system)
    if _works(python, commands):
        return python
    if environment.exists():
        shutil.rmtree(environment)
    if uv := shutil.which("uv"):
        commands.run("environment", [uv, "venv", "--python", sys.executable, environment])
        if commands.attempt([python, "-m", "ensurepip", "--default-pip"])[0] != 0:
            command: list[str | Path] = [uv, "pip", "install", "--python", python, "pip"]
            commands.run("environment", command, Patience().variables(retries=1))
        return python
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        raise SetupError("python_parts")
    commands.run("environment", [sys.executable, "-m", "venv", environment])
    return python


def choose_installer(
    python: Path, commands: Commands, console: Console, system: System, patience: Patience | None = None
) -> Installer:
    """Give what installs packages, after the package index has answered; raises SetupError where none does.

    Asked at once and not for long: pip and uv try an index that is away for minutes, without a word.
    """
    patience = patience or Patience()
    configuration = _pip_configuration(python, commands)
    uv, variables = shutil.which("uv"), uv_variables(configuration)
    place = _index_place(configuration)
    waits = threading.Timer(patience.told, console.say, [note("index_waits", place=place)])
    waits.daemon = True
    waits.start()
    fault = _silent_index(Installer(python, commands, uv, variables, system), configuration, patience)
    waits.cancel()
    if fault is not None:
        code, reason = fault
        if code != "network":
            raise SetupError(code, reason=reason)
        if not {"find-links", "extra-index-url"} & set(configuration):
            raise SetupError("no_index", place=place, reason=reason)
        console.say(note("index_silent", place=place, reason=reason))
        variables |= patience.variables(retries=1)  # without any, pip does not say why it failed
    return Installer(python, commands, uv or _own_uv(python, commands, variables, system), variables, system)


def _silent_index(
    installer: Installer, configuration: Mapping[str, str], patience: Patience
) -> tuple[str, str] | None:
    """Why the package index cannot be asked, as ``cause`` tells it; ``None`` where it answers or is not used.

    The installer itself asks, since it alone knows all settings of proxies and certificates.
    """
    if "no-index" in configuration or os.environ.get("UV_OFFLINE"):
        return None
    code, output = installer.commands.attempt(
        installer.ask("pip"),
        {**installer.variables, **patience.variables(retries=1)},
        seconds=patience.all,
    )
    # pip goes on to its other indexes where one is away, and says so.
    return cause(output) if code != 0 or "Retrying (" in output else None


def _index_place(configuration: Mapping[str, str]) -> str:
    """The address of the index, without a name and password that it may hold."""
    url = os.environ.get("UV_DEFAULT_INDEX") or configuration.get("index-url", "")
    return urlsplit(url)._replace(netloc=urlsplit(url).netloc.rpartition("@")[2]).geturl() or "PyPI"


def uv_variables(configuration: Mapping[str, str]) -> dict[str, str]:
    """The settings of pip, such as an organisation's own index, as those of uv, which does not read them."""
    variables = {_PIP_TO_UV[key]: value for key, value in configuration.items() if key in _PIP_TO_UV}
    if "UV_INDEX" in variables:
        variables["UV_INDEX"] = " ".join(variables["UV_INDEX"].split())
        variables["UV_INDEX_STRATEGY"] = "unsafe-best-match"  # as pip does: the newest of all of them
    return variables


def read_pip_configuration(output: str) -> dict[str, str]:
    """Read what ``pip config list`` says; the environment's settings come first."""
    rows = re.findall(r"^(\S+?)\.([\w-]+)=(?:'(.*)'|\"(.*)\")$", output, re.MULTILINE)
    ordered = sorted(rows, key=lambda row: (row[0] == ":env:", row[0] == "install"))
    return {key: single or double for _, key, single, double in ordered}


def brings_cuda(report: str) -> bool:
    """Whether pip's report of what it would install names packages for graphics cards."""
    try:
        rows = json.loads(report[report.index("{") :])["install"]
    except (ValueError, KeyError):
        return True
    return any(_CUDA.match(row["metadata"]["name"].lower().replace("_", "-")) for row in rows)


def _works(python: Path, commands: Commands) -> bool:
    if not python.exists():
        return False
    code = "import sys, pip; sys.stdout.write('{}.{}'.format(*sys.version_info[:2]))"
    done, output = commands.attempt([python, "-c", code])
    return done == 0 and output == "{}.{}".format(*sys.version_info[:2])


def _pip_configuration(python: Path, commands: Commands) -> dict[str, str]:
    code, output = commands.attempt([python, "-m", "pip", "config", "list"])
    return read_pip_configuration(output) if code == 0 else {}


def _own_uv(python: Path, commands: Commands, variables: Mapping[str, str], system: System) -> str | None:
    """Put uv into the environment: its download is repaid several times over; without it pip does the work."""
    beside_python = python.with_name("uv.exe" if system.windows else "uv")
    if not beside_python.exists():
        command: list[str | Path] = [
            python,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "uv",
        ]
        commands.attempt(command, variables)
    return str(beside_python) if beside_python.exists() else None
