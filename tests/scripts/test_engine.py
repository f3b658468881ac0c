"""The engine of the language model is taken ready-made where one runs here, and compiled where none does."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import socket
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path

import pytest
from scripted_commands import Scripted

from scripts.setup.commands import Command, Commands
from scripts.setup.console import Console
from scripts.setup.environment.engine import (
    SOURCE,
    Engine,
    NoWheelError,
    PinnedWheel,
    fetch,
    pinned_wheel,
    version_of,
)
from scripts.setup.environment.project import (
    only,
    requirements,
)
from scripts.setup.environment.trial import find
from scripts.setup.install import ENGINE
from scripts.setup.system import (
    System,
    machine_name,
)
from scripts.setup.words import SetupError

ROOT = Path(__file__).parents[2]
LINUX, MAC, WINDOWS = System("linux", "x86_64"), System("darwin", "aarch64"), System("win32", "x86_64")


@pytest.mark.parametrize(
    ("system", "file"),
    [("win32", "ggml-cpu.dll"), ("darwin", "libggml-cpu.dylib"), ("linux", "libggml-cpu.so")],
)
def test_the_trial_finds_the_library_as_each_system_calls_it(tmp_path: Path, system: str, file: str) -> None:
    (tmp_path / file).touch()
    (tmp_path / "libggml-base.so").touch()
    assert find(tmp_path, "ggml-cpu", system=system) == tmp_path / file
    assert find(tmp_path, "llama", system=system) is None


def test_only_what_is_needed_is_compiled_and_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Compiler(Scripted):
        """Makes a wheel where pip is asked for one."""

        def attempt(self, command: Command, *rest: object, **named: object) -> tuple[int, str]:
            words = [str(word) for word in command]
            if "wheel" in words:
                (Path(words[words.index("--wheel-dir") + 1]) / "llama.whl").write_bytes(wheel(b"compiled"))
            return super().attempt(command, *rest, **named)  # type: ignore[arg-type]

    commands = Compiler(tmp_path)
    pins = tmp_path / "wheels.json"
    pins.write_text('{"base": "", "files": []}', encoding="utf-8")
    variables = {"HOIDAP_WHEELS": str(pins), "CC": "cc", "CXX": "c++"}
    monkeypatch.setenv("CMAKE_ARGS", "-DGGML_NATIVE=OFF")
    monkeypatch.setattr(Engine, "installed", lambda self: False)
    made = Engine(tmp_path / "engine", Path("python"), commands, Console(io.StringIO()), LINUX)
    built = made.wheel(variables)
    assert built is not None and built.name == "llama.whl"
    (asked,) = (number for number, words in enumerate(commands.ran) if "wheel" in words)
    assert "--no-binary=llama-cpp-python" in commands.ran[asked]
    lean = ROOT / "scripts" / "setup" / "environment" / "lean.cmake"
    arguments = commands.variables[asked]["CMAKE_ARGS"]
    assert arguments.split() == [
        "-DGGML_NATIVE=OFF", "-DLLAVA_BUILD=OFF", f"-DCMAKE_PROJECT_llama.cpp_INCLUDE={lean.as_posix()}",
    ]  # fmt: skip
    assert all(part in lean.read_text(encoding="utf-8") for part in ("TOOLS", "TESTS", "EXAMPLES", "SERVER"))
    assert made.wheel(variables) == built
    assert sum("wheel" in words for words in commands.ran) == 1, "what was compiled is taken again"
    assert [path.name for path in made.folder.iterdir()] == [built.parent.name], "no half a wheel stays"


@pytest.mark.skipif(
    not (shutil.which("cmake") and shutil.which("g++")), reason="cmake or g++ is not installed"
)
def test_the_library_around_the_arithmetic_is_read_in_one_go_and_optimised_little(tmp_path: Path) -> None:
    """A project of the same name and form: a target ``llama`` whose own files are kept out of the unity build."""
    (tmp_path / "CMakeLists.txt").write_text(
        'cmake_minimum_required(VERSION 3.21)\nproject("llama.cpp" CXX)\nadd_subdirectory(src)\n'
    )
    source = tmp_path / "src"
    source.mkdir()
    for name in ("core.cpp", "model.cpp", "ggml.cpp"):
        (source / name).touch()
    (source / "CMakeLists.txt").write_text(
        "add_library(ggml ggml.cpp)\n"
        "add_library(llama core.cpp ${CMAKE_CURRENT_SOURCE_DIR}/model.cpp)\n"
        "set_target_properties(llama PROPERTIES UNITY_BUILD ON)\n"
        "set_source_files_properties(core.cpp PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)\n"
    )
    lean = ROOT / "scripts" / "setup" / "environment" / "lean.cmake"
    options = {
        "CMAKE_PROJECT_llama.cpp_INCLUDE": lean.as_posix(),
        "CMAKE_CXX_COMPILER": "g++",
        "CMAKE_BUILD_TYPE": "Release",
        "CMAKE_EXPORT_COMPILE_COMMANDS": "ON",
    }
    arguments = [f"-D{name}={value}" for name, value in options.items()]
    built = tmp_path / "built"
    subprocess.run(["cmake", "-S", tmp_path, "-B", built, *arguments], check=True, capture_output=True)
    rows = json.loads((built / "compile_commands.json").read_text(encoding="utf-8"))
    commands = {Path(row["file"]).name: row["command"].split() for row in rows}
    assert set(commands) == {"ggml.cpp", "unity_0_cxx.cxx"}, "one unit for both files of the library"
    assert commands["unity_0_cxx.cxx"].index("-O1") > commands["unity_0_cxx.cxx"].index("-O3")
    assert "-O1" not in commands["ggml.cpp"] and "-O3" in commands["ggml.cpp"]


def test_processors_have_one_name_and_each_its_wheel() -> None:
    assert [machine_name(name) for name in ("AMD64", "x86_64", "arm64", "aarch64")] == [
        "x86_64", "x86_64", "aarch64", "aarch64",
    ]  # fmt: skip
    for system, end in (
        (LINUX, "x86_64.whl"), (System("linux", "aarch64"), "aarch64.whl"), (WINDOWS, "win_amd64.whl"),
    ):  # fmt: skip
        pinned = pinned_wheel(system, {})
        assert pinned.name.startswith("llama_cpp_python-0.3.") and pinned.name.endswith(end)
        assert len(pinned.sha256) == 64
    with pytest.raises(NoWheelError, match="darwin aarch64"):
        pinned_wheel(MAC, {})
    with pytest.raises(NoWheelError, match="darwin x86_64"):
        pinned_wheel(System("darwin", "x86_64"), {})
    with pytest.raises(NoWheelError):
        pinned_wheel(System("linux", "x86_64", glibc=False), {})


def test_every_engine_is_one_that_the_project_takes(tmp_path: Path) -> None:
    """An older wheel would be fetched and tried, and then refused by the installer, which ends the start."""
    (wanted,) = only(requirements((ROOT / "pyproject.toml").read_text(encoding="utf-8"), ()), [ENGINE])
    catalogue = json.loads(
        (ROOT / "scripts" / "setup" / "environment" / "wheels.json").read_text(encoding="utf-8")
    )
    names = [row["path"].rsplit("/", 1)[-1] for row in catalogue["files"]]
    assert [name for name in (*names, SOURCE) if version_of(name) < version_of(wanted)] == []
    old = {"path": "llama_cpp_python-0.3.9-py3-none-linux.whl", "sha256": "0" * 64}
    pins = tmp_path / "wheels.json"
    row = {"system": "linux", "machine": "x86_64", **old}
    pins.write_text(json.dumps({"base": "http://x/", "files": [row]}), encoding="utf-8")
    with pytest.raises(NoWheelError, match=r"0\.3\.9.* < llama-cpp-python==0\.3\."):
        pinned_wheel(LINUX, {"HOIDAP_WHEELS": str(pins)})
    assert version_of("llama_cpp_python-0.3.36-py3-none-manylinux_2_17.whl") == (0, 3, 36)
    assert version_of("llama-cpp-python>=0.3.36,<0.4") == (0, 3, 36)


@pytest.mark.parametrize(
    ("said", "trial", "good"),
    [
        ((0, "/e/llama_cpp/__init__.py\nllama_cpp_python-0.3.36\n"), 0, True),
        ((0, "/e/llama_cpp/__init__.py\nllama_cpp_python-0.4.0\n"), 0, True),
        ((0, "/e/llama_cpp/__init__.py\nllama_cpp_python-0.3.36\n"), -4, False),
        ((0, "/e/llama_cpp/__init__.py\nllama_cpp_python-0.3.9\n"), 0, False),
        ((0, ""), 0, False),
        ((1, "Traceback\nPackageNotFoundError: llama-cpp-python\n"), 0, False),
    ],
)
def test_an_engine_stays_that_runs_and_is_new_enough(
    tmp_path: Path, said: tuple[int, str], trial: int, good: bool
) -> None:
    commands = Scripted(tmp_path, find_spec=said, trial=(trial, ""))
    here = Engine(tmp_path / "engine", Path("python"), commands, Console(io.StringIO()), LINUX)
    assert here.installed() is good
    if good:
        assert commands.ran[-1][-1] == str(Path("/e/llama_cpp/lib"))


@pytest.fixture
def index() -> Iterator[tuple[str, dict[str, bytes]]]:
    """An index of wheels on this computer: its address, and its files by name."""
    files: dict[str, bytes] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = files.get(self.path.lstrip("/"))
            self.send_response(404 if body is None else 200)
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/", files
        server.shutdown()


def wheel(library: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("llama_cpp/lib/libggml.so", library)
    return held.getvalue()


def engine(tmp_path: Path, python: Path | None = None) -> Engine:
    commands = Commands(tmp_path, tmp_path / "install.log")
    console = Console(io.StringIO())
    return Engine(tmp_path / "engine", python or Path(sys.executable), commands, console, LINUX)


def test_only_the_pinned_bytes_are_taken(tmp_path: Path, index: tuple[str, dict[str, bytes]]) -> None:
    address, files = index
    files["a.whl"] = b"the expected bytes"
    good = hashlib.sha256(files["a.whl"]).hexdigest()
    fetch(PinnedWheel(f"{address}a.whl", good), tmp_path / "a.whl")
    assert (tmp_path / "a.whl").read_bytes() == files["a.whl"]
    for pinned in (PinnedWheel(f"{address}a.whl", "0" * 64), PinnedWheel(f"{address}b.whl", good)):
        with pytest.raises(NoWheelError):
            fetch(pinned, tmp_path / "other.whl")
    assert [path.name for path in tmp_path.iterdir()] == ["a.whl"]


def test_a_closed_way_is_left_soon(tmp_path: Path) -> None:
    began = time.monotonic()
    with pytest.raises(NoWheelError):
        fetch(PinnedWheel("http://127.0.0.1:1/a.whl", "0" * 64), tmp_path / "a.whl")
    with pytest.raises(NoWheelError):
        fetch(PinnedWheel("http://no-such-host.invalid/a.whl", "0" * 64), tmp_path / "a.whl")
    assert time.monotonic() - began < 15


def test_a_server_that_speaks_no_http_is_a_closed_way_too(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def babble() -> None:
            taken, _ = server.accept()
            with taken:
                taken.recv(1000)
                taken.sendall(b"no words of the web\r\n\r\n")

        threading.Thread(target=babble, daemon=True).start()
        with pytest.raises(NoWheelError, match="no words of the web"):
            fetch(PinnedWheel(f"http://127.0.0.1:{server.getsockname()[1]}/a.whl", ""), tmp_path / "a.whl")
    assert not list(tmp_path.iterdir())


def dying_python(tmp_path: Path) -> Path:
    """Stands for a Python that the library kills as an unknown instruction would."""
    script = tmp_path / "dies"
    script.write_text("#!/bin/sh\nkill -ILL $$\n", encoding="utf-8")
    script.chmod(0o755)
    return script


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
def test_a_wheel_that_dies_on_this_processor_is_replaced(
    tmp_path: Path, index: tuple[str, dict[str, bytes]]
) -> None:
    address, files = index
    files["a.whl"] = wheel(b"no library at all")
    pinned = PinnedWheel(f"{address}a.whl", hashlib.sha256(files["a.whl"]).hexdigest())
    tried = engine(tmp_path, dying_python(tmp_path))
    tried.folder.mkdir()
    with pytest.raises(NoWheelError, match="exit -4"):
        tried.prebuilt(pinned)
    assert not list(tried.folder.iterdir())
    assert engine(tmp_path).trial(tmp_path / "install.log")  # no wheel at all
    with pytest.raises(NoWheelError, match="exit 1"):
        engine(tmp_path).prebuilt(pinned)


def test_without_a_wheel_and_a_compiler_the_remedy_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pins = tmp_path / "wheels.json"
    pins.write_text('{"base": "", "files": []}', encoding="utf-8")
    monkeypatch.setattr("shutil.which", lambda name: None)
    monkeypatch.setattr(Engine, "installed", lambda self: False)
    with pytest.raises(SetupError, match="build-essential") as caught:
        engine(tmp_path).wheel({"HOIDAP_WHEELS": str(pins)})
    assert caught.value.code == "no_compiler"


@pytest.mark.model
def test_the_engine_that_is_installed_here_passes_the_trial(tmp_path: Path) -> None:
    found = find_spec("llama_cpp")
    assert found is not None and found.origin is not None
    libraries = Path(found.origin).parent / "lib"
    trial = [
        sys.executable,
        "-I",
        str(ROOT / "scripts" / "setup" / "environment" / "trial.py"),
        str(libraries),
    ]
    assert subprocess.run(trial, capture_output=True, text=True).returncode == 0
    assert engine(tmp_path).wheel({}) is None  # and is not made again
