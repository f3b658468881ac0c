"""The environment and the packages in it: by uv where it is there or can be had, else by pip."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from scripts.setup.commands import Commands
from scripts.setup.system import System, environment_python
from scripts.setup.words import SetupError

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

    def _install(self) -> list[str | Path]:
        if self.uv:
            return [self.uv, "pip", "install", "--python", self.python]
        return [self.python, "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]


def make_environment(environment: Path, commands: Commands, system: System) -> Installer:
    """Make the environment unless it has a working Python of the right version already."""
    python = environment_python(environment, system)
    uv = shutil.which("uv")
    if not _works(python, commands):
        if environment.exists():
            shutil.rmtree(environment)
        if uv:
            commands.run("environment", [uv, "venv", "--seed", "--python", sys.executable, environment])
        else:
            if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
                raise SetupError("python_parts")
            commands.run("environment", [sys.executable, "-m", "venv", environment])
    variables = uv_variables(_pip_configuration(python, commands))
    return Installer(python, commands, uv or _own_uv(python, commands, system), variables, system)


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


def _own_uv(python: Path, commands: Commands, system: System) -> str | None:
    """Put uv into the environment: its download is repaid several times over; without it pip does the work."""
    beside_python = python.with_name("uv.exe" if system.windows else "uv")
    if not beside_python.exists():
        commands.attempt([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "uv"])
    return str(beside_python) if beside_python.exists() else None
