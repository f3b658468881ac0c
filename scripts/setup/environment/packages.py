"""Chromium, fonts, Tesseract, LibreOffice, PostgreSQL, nginx and shells for the tests, where they can be had."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from scripts.setup.commands import Commands
from scripts.setup.console import Console
from scripts.setup.words import note

TEST_PACKAGES = (
    "chromium", "fonts-noto-core", "tesseract-ocr", "tesseract-ocr-vie", "postgresql", "nginx-light",
    "libreoffice-writer-nogui", "libreoffice-calc-nogui", "libreoffice-impress-nogui", "fish", "zsh",
)  # fmt: skip
_OFFICE_PARTS = {
    "libreoffice-writer-nogui": "libswlo",
    "libreoffice-calc-nogui": "libsclo",
    "libreoffice-impress-nogui": "libsdlo",
}
"""What each of LibreOffice's programs consists of, beside the command that they have in common."""


def install_test_packages(commands: Commands, console: Console) -> None:
    """Install what is missing, or say what to install where that is not allowed here."""
    missing = [package for package in TEST_PACKAGES if not has_package(package)]
    if not missing:
        return
    before = apt_prefix(commands)
    if before is None:
        console.say(note("tests_skipped", names=", ".join(missing)))
        return
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    with console.step("system"):
        commands.run("system", [*before, "apt-get", "-q", "update"])
        install = ["apt-get", "-q", "install", "-y", "--no-install-recommends", *missing]
        commands.run("system", [*before, *install], quiet)


def has_package(package: str) -> bool:
    """Whether one of ``TEST_PACKAGES`` is here, however it was installed."""
    if package in ("chromium", "tesseract-ocr"):
        return shutil.which(package.removesuffix("-ocr")) is not None
    if package in ("fish", "zsh"):
        return shutil.which(package) is not None
    if package == "postgresql":
        return shutil.which("pg_ctl") is not None or any(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    if package in _OFFICE_PARTS:
        return _has_office_part(_OFFICE_PARTS[package])
    if package == "nginx-light":
        return any(shutil.which("nginx", path=path) for path in (None, "/usr/sbin"))
    if package == "tesseract-ocr-vie":
        return any(Path("/usr/share/tesseract-ocr").rglob("vie.traineddata")) or sys.platform == "darwin"
    return any(Path("/usr/share/fonts").rglob("NotoSans-Regular.*")) or sys.platform == "darwin"


def _has_office_part(library: str) -> bool:
    program = shutil.which("soffice")
    return program is not None and any(Path(program).resolve().parent.glob(f"{library}.*"))


def apt_prefix(commands: Commands) -> list[str] | None:
    """What goes before apt-get, ``None`` where it is absent or not allowed."""
    if shutil.which("apt-get") is None:
        return None
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return []
    if shutil.which("sudo") and commands.attempt(["sudo", "-n", "true"])[0] == 0:
        return ["sudo", "-n"]
    return None
