"""What the project asks for, and whether that is installed already."""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from index.platform import write_atomic

ROOT = Path(__file__).resolve().parents[3]
_NAME = re.compile(r"[A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class Installed:
    """What the last complete installation noted: of which sources, and with which extras."""

    digest: str = ""
    extras: tuple[str, ...] = ()

    def covers(self, digest: str, extras: Iterable[str]) -> bool:
        """Whether nothing is left to do."""
        return self.digest == digest and set(extras) <= set(self.extras)


def read_installed(stamp: Path) -> Installed:
    """Read the note; nothing where there is none, or half a one."""
    try:
        content = json.loads(stamp.read_text(encoding="utf-8"))
        return Installed(content["digest"], tuple(content["extras"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Installed()


def source_digest(root: Path = ROOT) -> str:
    """Hash of all that decides what is installed."""
    digest = hashlib.sha256(f"{sys.version_info[0]}.{sys.version_info[1]}".encode())
    setup = root / "scripts" / "setup"
    steps = (path for folder in (setup, setup / "environment") for path in sorted(folder.glob("*.*")))
    for path in (root / "pyproject.toml", *steps):
        digest.update(path.read_bytes())
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Fetched:
    """Which models were fetched for what was asked, so that the next start need not ask again."""

    names: tuple[str, ...] = ()
    settings: str = ""
    files: tuple[str, ...] = ()

    def covers(self, names: Iterable[str], settings: str) -> bool:
        """Whether every file is still there, and nothing else is asked for."""
        same = set(names) <= set(self.names) and self.settings == settings
        return same and bool(self.files) and all(Path(file).is_file() for file in self.files)


def read_fetched(note: Path) -> Fetched:
    """Read the note; nothing where there is none, or half a one."""
    try:
        content = json.loads(note.read_text(encoding="utf-8"))
        return Fetched(tuple(content["names"]), content["settings"], tuple(content["files"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Fetched()


def write_note(place: Path, note: Installed | Fetched) -> None:
    """Write a note in one go."""
    write_atomic(place, json.dumps(asdict(note)).encode())


def settings_state(system: str, variables: Mapping[str, str]) -> str:
    """What tells that the user's configuration, which chooses models and their folder, is still the same."""
    home = Path(variables.get("HOME") or variables.get("USERPROFILE") or ".")
    local = Path(variables.get("LOCALAPPDATA") or home)
    places = {
        "win32": local / "hoidap" / "hoidap" / "config.toml",
        "darwin": home / "Library" / "Application Support" / "hoidap" / "config.toml",
    }
    usual = Path(variables.get("XDG_CONFIG_HOME") or home / ".config") / "hoidap" / "config.toml"
    try:
        stat = places.get(system, usual).stat()
        state = f"{stat.st_mtime_ns} {stat.st_size}"
    except OSError:
        state = ""
    return f"{state} {variables.get('HOIDAP_MODELS', '')}"


def requirements(text: str, extras: Sequence[str]) -> list[str]:
    """The packages that a pyproject.toml asks for, with those of its extras.

    Python 3.10 reads no TOML by itself; the lists are plain.
    """
    found: list[str] = []
    for name in ("dependencies", *extras):
        block = re.search(rf"^{name} = \[(.*?)\]\s*$", text, re.MULTILINE | re.DOTALL)
        found += re.findall(r'"((?:[^"\\]|\\.)*)"', block[1]) if block else []
    return found


def name_of(requirement: str) -> str:
    """The package that a requirement names."""
    found = _NAME.match(requirement)
    return found[0].lower().replace("_", "-") if found else ""


def only(wanted: Sequence[str], names: Iterable[str]) -> list[str]:
    """Those of the requirements that name one of the packages."""
    chosen = set(names)
    return [requirement for requirement in wanted if name_of(requirement) in chosen]
