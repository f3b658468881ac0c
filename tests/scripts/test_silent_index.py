"""Where the package index cannot be reached the start says so soon, with the remedy, and does not wait for minutes."""

from __future__ import annotations

import io
import os
import shutil
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from scripted_commands import Scripted

from scripts.setup.commands import Commands
from scripts.setup.console import Console
from scripts.setup.environment.installer import Installer, Patience, choose_installer
from scripts.setup.system import System
from scripts.setup.words import SetupError

LINUX = System("linux", "x86_64")
SHORT = Patience(answer=1, told=0.1, all=40)
UV = shutil.which("uv") or shutil.which("uv", path=str(Path(sys.executable).parent))


@pytest.fixture(params=["pip", "uv"])
def plain(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A computer without settings of its own, with pip alone or with uv too."""
    if request.param == "uv" and UV is None:
        pytest.skip("uv is not installed")
    for name in [
        name for name in os.environ if name.upper().startswith(("PIP_", "UV_", "HTTP", "ALL_PROXY"))
    ]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("UV_NO_CONFIG", "1")
    monkeypatch.setenv("UV_NO_CACHE", "1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr("shutil.which", lambda name: UV if request.param == "uv" else None)


@pytest.fixture
def silent() -> Iterator[str]:
    """An index that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=50) as server:
        yield f"http://name:password@127.0.0.1:{server.getsockname()[1]}/simple"


@pytest.fixture
def closed() -> str:
    """An index whose port is closed."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}/simple"


def choose(folder: Path, patience: Patience = SHORT) -> tuple[Installer | SetupError, str]:
    """What is chosen, or why nothing is, and what was said."""
    commands, out = Commands(folder, folder / "install.log"), io.StringIO()
    console = Console(out)
    try:
        return choose_installer(Path(sys.executable), commands, console, LINUX, patience), out.getvalue()
    except SetupError as error:
        return error, out.getvalue()
    finally:
        console.close()


@pytest.mark.usefixtures("plain")
def test_an_index_that_never_answers_is_told_with_the_remedy(
    tmp_path: Path, silent: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", silent)
    began = time.monotonic()
    error, said = choose(tmp_path)
    assert time.monotonic() - began < 30
    place = silent.replace("name:password@", "")
    assert f"Waiting for the Python package index ({place}) to answer" in said
    assert f"Đang chờ nguồn gói Python ({place}) trả lời" in said
    assert isinstance(error, SetupError) and error.code == "no_index"
    vietnamese, english = str(error).split("\n")
    assert f"({place}) không trả lời" in vietnamese and "HTTPS_PROXY" in vietnamese
    assert f"({place}) does not answer (" in english and "imed out" in english and "run this again" in english


@pytest.mark.usefixtures("plain")
def test_a_closed_index_is_told_at_once(tmp_path: Path, closed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", closed)
    error, said = choose(tmp_path, Patience())
    assert isinstance(error, SetupError) and error.code == "no_index"
    assert f"({closed}) does not answer (Connection refused)" in str(error)
    assert "Waiting" not in said


@pytest.mark.usefixtures("plain")
def test_other_sources_are_tried_where_an_index_is_away(
    tmp_path: Path, closed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An office may keep its packages in a folder and never have set ``no-index``."""
    monkeypatch.setenv("PIP_INDEX_URL", closed)
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    chosen, said = choose(tmp_path, Patience())
    assert isinstance(chosen, Installer)
    assert chosen.variables["PIP_RETRIES"] == chosen.variables["UV_HTTP_RETRIES"] == "1"
    assert f"The package index {closed} does not answer (Connection refused)" in said


def test_who_has_no_index_is_not_asked_for_one(tmp_path: Path) -> None:
    commands = Scripted(tmp_path, config=(0, "global.no-index='true'\nglobal.find-links='/w'\n"))
    choose_installer(Path("python"), commands, Console(io.StringIO()), LINUX)
    assert not [words for words in commands.ran if "versions" in words or "--dry-run" in words]


@pytest.mark.parametrize(
    ("output", "code"),
    [
        (
            "WARNING: Retrying (…) after connection broken by 'ProxyError('Cannot connect to proxy.')'",
            "proxy",
        ),
        (
            "WARNING: Retrying (…) 'SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]",
            "certificate",
        ),
    ],
)
def test_a_proxy_and_a_certificate_have_their_own_remedies(tmp_path: Path, output: str, code: str) -> None:
    with pytest.raises(SetupError) as caught:
        commands = Scripted(tmp_path, versions=(1, output))
        choose_installer(Path("python"), commands, Console(io.StringIO()), LINUX)
    assert caught.value.code == code


def test_an_index_that_has_no_pip_has_answered(tmp_path: Path) -> None:
    commands = Scripted(tmp_path, versions=(1, "ERROR: No matching distribution found for pip"))
    assert choose_installer(Path("python"), commands, Console(io.StringIO()), LINUX).uv is None
