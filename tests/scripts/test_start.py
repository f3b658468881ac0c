"""From a clone to a window: what is decided on each system, and that each obstacle is told with its remedy."""

from __future__ import annotations

import errno
import io
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path, PureWindowsPath
from types import SimpleNamespace

import pytest
from platformdirs.macos import MacOS
from platformdirs.unix import Unix
from scripted_commands import Scripted

from scripts.setup.commands import Commands, cause, failure, last_line
from scripts.setup.console import Console
from scripts.setup.environment.engine import (
    Engine,
)
from scripts.setup.environment.installer import (
    TORCH,
    Installer,
    brings_cuda,
    choose_installer,
    make_environment,
    read_pip_configuration,
    uv_variables,
)
from scripts.setup.environment.project import (
    Fetched,
    Installed,
    name_of,
    only,
    read_fetched,
    read_installed,
    requirements,
    settings_state,
    source_digest,
    write_note,
)
from scripts.setup.install import Setup, Wanted
from scripts.setup.lock import alone
from scripts.setup.main import main
from scripts.setup.system import (
    System,
    can_show_browser,
    child_variables,
    environment_place,
    environment_python,
    first_address,
    in_cloud,
    missing_compiler,
    tile_flags,
)
from scripts.setup.window import show_opened
from scripts.setup.words import SetupError, texts
from ui.settings.owner import Opened, Owner, note_opened

ROOT = Path(__file__).parents[2]
LINUX, MAC, WINDOWS = System("linux", "x86_64"), System("darwin", "aarch64"), System("win32", "x86_64")


def test_an_old_python_is_told_in_both_languages_by_a_file_that_it_can_read(tmp_path: Path) -> None:
    code = "import runpy, sys; sys.version_info = (3, 8, 1, 'final', 0); "
    code += f"runpy.run_path({str(ROOT / 'start.py')!r}, run_name='__main__')"
    completed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert completed.returncode == 1
    assert "day la 3.8" in completed.stderr and "this is 3.8" in completed.stderr
    source = (ROOT / "start.py").read_text(encoding="utf-8")
    assert not any(new in source for new in ('f"', ":=", "match ", "print(", " -> "))
    assert source.isascii()  # Python 2 reads nothing else


def test_the_start_takes_nothing_but_the_standard_library() -> None:
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); import scripts.setup.main"
    subprocess.run([sys.executable, "-I", "-S", "-c", code], check=True)


def test_every_text_is_there_in_vietnamese_and_english_with_the_same_values() -> None:
    for section in texts().values():
        for code, pair in section.items():
            assert len(pair) == 2, code
            names = [{part.split("}")[0] for part in text.split("{")[1:]} for text in pair]
            assert names[0] == names[1] or code == "step_failed", code


def test_where_the_environment_goes() -> None:
    plain = Path("/projects/hoidap")
    local = {"LOCALAPPDATA": "/local", "OneDrive": "/clouds/OneDrive - UBND"}
    assert environment_place(plain, LINUX, local) == plain / ".venv"
    assert environment_place(plain, WINDOWS, local) == plain / ".venv"
    kept = Path("/clouds/OneDrive - UBND/Tài liệu/hoidap")
    assert environment_place(kept, WINDOWS, local) == Path("/local/hoidap/env")
    assert environment_place(kept, MAC, local) == kept / ".venv"
    deep = Path("/", *["thư mục rất dài"] * 6)
    assert environment_place(deep, WINDOWS, local) == Path("/local/hoidap/env")
    assert environment_python(Path("e"), WINDOWS) == Path("e/Scripts/python.exe")
    assert environment_python(Path("e"), LINUX) == environment_python(Path("e"), MAC) == Path("e/bin/python")


def test_a_folder_of_onedrive_is_known_by_its_place_or_its_name_whatever_the_letters() -> None:
    cloud = {"OneDriveCommercial": r"C:\Users\User\OneDrive - Sở Nội vụ"}
    assert in_cloud(PureWindowsPath(r"c:\users\user\onedrive - sở nội vụ\Bài viết"), cloud)
    assert in_cloud(PureWindowsPath(r"C:\Users\User\OneDrive\Bài viết"), {})
    assert not in_cloud(PureWindowsPath(r"C:\Users\User\Documents\Bài viết"), cloud)
    assert not in_cloud(PureWindowsPath(r"D:\Users\User\My OneDrive notes\x"), {})


def test_a_missing_compiler_is_told_with_the_remedy_of_the_system() -> None:
    def nothing(name: str) -> str | None:
        return None

    assert not missing_compiler(lambda name: f"/bin/{name}" if name in ("gcc", "g++") else None, {}, LINUX)
    assert not missing_compiler(nothing, {"CC": "my-cc", "CXX": "my-c++"}, LINUX)
    assert "build-essential" in missing_compiler(nothing, {}, LINUX)
    assert "build-essential" in missing_compiler(lambda name: "/bin/cc" if name == "cc" else None, {}, LINUX)
    assert missing_compiler(nothing, {}, MAC) == "xcode-select --install"
    assert "BuildTools" in missing_compiler(nothing, {"ProgramFiles(x86)": "/nowhere"}, WINDOWS)


def test_the_tiles_of_a_processor_change_the_flags_of_gcc_alone() -> None:
    gcc = "c++ (Debian 12.2.0) 12.2.0\nCopyright (C) 2022 Free Software Foundation, Inc."
    with_tiles = "flags : avx512f amx_bf16 amx_tile amx_int8"
    assert tile_flags(with_tiles, gcc) == {"CXXFLAGS": "-fno-dse -fno-tree-dse"}
    assert tile_flags(with_tiles, gcc, "-O2")["CXXFLAGS"] == "-O2 -fno-dse -fno-tree-dse"
    assert tile_flags("flags : avx2", gcc) == {}
    assert tile_flags(with_tiles, "clang version 17.0.1") == {}


@pytest.mark.parametrize(
    ("output", "code"),
    [
        (
            "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
            "disk_full",
        ),
        ("OSError: [WinError 112] There is not enough space on the disk", "disk_full"),
        (
            "NewConnectionError('Failed to establish a new connection: [Errno 11001] getaddrinfo failed')",
            "network",
        ),
        ("error: Failed to fetch\n  Caused by: dns error: failed to lookup address information", "network"),
        ("ProxyError('Cannot connect to proxy.', OSError('Tunnel connection failed: 407 Proxy'))", "proxy"),
        ("SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] self-signed certificate", "certificate"),
        ("error: invalid peer certificate: UnknownIssuer", "certificate"),
        ("PermissionError: [WinError 5] Access is denied: 'torch_cpu.dll'", "permission"),
        ("[WinError 206] The filename or extension is too long", "long_path"),
        ("ERROR: No matching distribution found for gradio>=99", "step_failed"),
    ],
)
def test_what_a_tool_says_of_its_failure_becomes_a_remedy(output: str, code: str) -> None:
    error = failure("libraries", output, Path("install.log"))
    assert error.code == code
    vietnamese, english = str(error).split("\n")
    assert vietnamese != english and ("chạy lại" in vietnamese or "đặt" in vietnamese)


def test_the_reason_is_the_last_error_of_a_tool() -> None:
    assert last_line("Looking\nERROR: no such package\nnotice: a new pip\n") == "ERROR: no such package"
    assert last_line("a\nb\n\n") == "b"
    assert last_line("") == "no reason given"


def test_a_build_for_graphics_cards_is_known_by_what_it_brings() -> None:
    def report(*names: str) -> str:
        return "notice\n" + json.dumps({"install": [{"metadata": {"name": name}} for name in names]})

    assert not brings_cuda(report("torch", "numpy", "sympy"))
    assert brings_cuda(report("torch", "nvidia-cublas-cu12"))
    assert brings_cuda(report("torch", "nvidia_cudnn"))
    assert brings_cuda(report("torch", "triton"))


CUDA = (0, " + nvidia-cublas==12\n + torch==2.13.0\n")


@pytest.mark.parametrize(
    ("system", "uv", "outcome", "words"),
    [
        (WINDOWS, "uv", CUDA, [TORCH[-1]]),
        (MAC, None, CUDA, [TORCH[-1]]),
        (LINUX, "uv", (0, " + torch==2.13.0+cpu\n"), [TORCH[0]]),
        (LINUX, "uv", CUDA, ["--torch-backend=cpu", TORCH[-1]]),
        (LINUX, None, (0, '{"install": [{"metadata": {"name": "torch"}}]}'), [TORCH[0]]),
    ],
)
def test_pytorch_comes_without_what_graphics_cards_need(
    tmp_path: Path, system: System, uv: str | None, outcome: tuple[int, str], words: list[str]
) -> None:
    commands = Scripted(tmp_path, torch=outcome)
    assert Installer(Path("python"), commands, uv, {}, system).torch() == words
    assert bool(commands.ran) is (system == LINUX)


def test_where_only_gigabytes_are_offered_the_remedy_is_told(tmp_path: Path) -> None:
    offered = (0, '{"install": [{"metadata": {"name": "nvidia-cublas-cu12"}}]}')
    with pytest.raises(SetupError, match=r"Install uv") as caught:
        Installer(Path("python"), Scripted(tmp_path, torch=offered), None, {}, LINUX).torch()
    assert caught.value.code == "cuda_only"


def test_the_environment_is_made_by_uv_or_else_by_python_and_pip(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = tmp_path / "Thư mục của tôi" / ".venv"
    environment.mkdir(parents=True)
    (environment / "half").touch()  # a run that was killed
    monkeypatch.setattr("shutil.which", lambda name: "/bin/uv" if name == "uv" else None)
    commands = Scripted(tmp_path)
    python = make_environment(environment, commands, LINUX)
    assert commands.ran[0][:2] == ["/bin/uv", "venv"] and commands.ran[0][-1] == str(environment)
    assert commands.ran[1:] == [[str(python), "-m", "ensurepip", "--default-pip"]]
    assert list(environment.iterdir()) == [], "nothing of the half environment stays"
    assert choose_installer(python, commands, Console(io.StringIO()), LINUX).uv == "/bin/uv"
    commands = Scripted(tmp_path, ensurepip=(1, "No module named ensurepip"))
    python = make_environment(environment, commands, LINUX)
    assert commands.ran[-1] == ["/bin/uv", "pip", "install", "--python", str(python), "pip"]
    monkeypatch.setattr("shutil.which", lambda name: None)
    commands = Scripted(tmp_path)
    python = make_environment(environment, commands, WINDOWS)
    assert commands.ran[0] == [sys.executable, "-m", "venv", str(environment)]
    installer = choose_installer(python, commands, Console(io.StringIO()), WINDOWS)
    assert installer.uv is None, "uv could not be had"
    assert installer.python == environment / "Scripts" / "python.exe"
    installer.install("libraries", "gradio>=6")
    assert commands.ran[-1][:4] == [str(installer.python), "-m", "pip", "install"]
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(SetupError, match="python3-venv"):
        make_environment(environment, Scripted(tmp_path), LINUX)


def setup_of(root: Path, commands: Commands) -> Setup:
    return Setup(root, root / ".venv", commands, Console(io.StringIO()), LINUX)


def test_too_little_space_is_told_before_anything_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scripts.setup.install.source_digest", lambda root: "abc")
    monkeypatch.setattr("scripts.setup.install.free_bytes", lambda place: 1_200_000_000)
    commands = Scripted(tmp_path)
    with pytest.raises(SetupError, match=r"needs 4\.5 GB and 1\.2 GB are free"):
        setup_of(tmp_path, commands).run(Wanted())
    assert commands.ran == []


def test_a_run_that_was_killed_is_done_again_and_a_whole_one_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing but the last step's note says that all is installed."""
    monkeypatch.setattr("scripts.setup.install.source_digest", lambda root: "abc")
    monkeypatch.setattr("scripts.setup.install.free_bytes", lambda place: 10**11)
    monkeypatch.setattr("shutil.which", lambda name: "/bin/uv" if name == "uv" else None)
    (tmp_path / "pyproject.toml").write_text('dependencies = [\n    "tqdm>=4",\n]\n', encoding="utf-8")
    monkeypatch.setattr(Engine, "wheel", lambda engine, variables, compile_here: None)
    broken = Scripted(tmp_path, editable=(1, "error: Connection reset by peer"))
    with pytest.raises(SetupError) as caught:
        setup_of(tmp_path, broken).run(Wanted(fetch=False))
    assert caught.value.code == "network"
    setup_of(tmp_path, whole := Scripted(tmp_path)).run(Wanted(fetch=False))
    assert "--editable" in whole.ran[-1] and ".[fast]" in whole.ran[-1]
    setup_of(tmp_path, again := Scripted(tmp_path)).run(Wanted(fetch=False))
    assert again.ran == []
    setup_of(tmp_path, more := Scripted(tmp_path)).run(Wanted(("dev",), fetch=False))
    assert ".[dev,fast]" in more.ran[-1]


def test_an_organisation_s_index_counts_for_uv_too() -> None:
    output = (
        "global.index-url='https://pypi.so.example/simple'\n"
        "global.extra-index-url='https://a.example https://b.example'\n"
        "global.timeout='60'\n:env:.index-url='https://env.example/simple'\n"
    )
    variables = uv_variables(read_pip_configuration(output))
    assert variables == {
        "UV_DEFAULT_INDEX": "https://env.example/simple",
        "UV_INDEX": "https://a.example https://b.example",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
    }


def test_what_the_project_asks_for_is_read_without_a_toml_reader() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    names = {name_of(one) for one in requirements(text, ("fast",))}
    assert {"torch", "gradio", "llama-cpp-python", "openvino", "mcp"} <= names
    assert "pytest" not in names and "pytest" in {name_of(one) for one in requirements(text, ("dev",))}
    assert "tomli>=2.2; python_version < '3.11'" in only(requirements(text, ()), ["tomli"])


def test_nothing_is_done_while_the_sources_and_extras_are_the_same(tmp_path: Path) -> None:
    stamp = tmp_path / "installed.json"
    assert read_installed(stamp) == Installed()
    write_note(stamp, Installed("abc", ("dev", "fast")))
    assert read_installed(stamp).covers("abc", ["fast"])
    assert not read_installed(stamp).covers("abd", ["fast"])
    assert not Installed("abc", ("fast",)).covers("abc", ["dev", "fast"])
    stamp.write_text('{"digest": "ab', encoding="utf-8")  # a killed run
    assert read_installed(stamp) == Installed()
    assert len(source_digest()) == 64


def test_another_step_of_the_installation_is_installed_anew(tmp_path: Path) -> None:
    steps = tmp_path / "scripts" / "setup" / "environment"
    steps.mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    before = source_digest(tmp_path)
    (steps / "wheels.json").write_text("{}")
    pinned = source_digest(tmp_path)
    (steps.parent / "main.py").write_text("")
    (steps.parent / "words.json").write_text("{}")
    assert len({before, pinned, source_digest(tmp_path)}) == 3


def test_models_are_not_asked_for_again_while_all_is_as_it_was(tmp_path: Path) -> None:
    note, weights = tmp_path / "models.json", tmp_path / "w.gguf"
    assert not read_fetched(note).covers((), "")
    weights.write_bytes(b"w")
    write_note(note, Fetched(("small",), "1 2 ", (str(weights),)))
    assert read_fetched(note).covers((), "1 2 ") and read_fetched(note).covers(["small"], "1 2 ")
    assert not read_fetched(note).covers(["large"], "1 2 ")
    assert not read_fetched(note).covers((), "1 3 ")
    weights.unlink()
    assert not read_fetched(note).covers((), "1 2 ")


def test_a_changed_configuration_is_noticed_where_each_system_keeps_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    variables = {"HOME": str(tmp_path), "LOCALAPPDATA": str(tmp_path / "Local")}
    places = {
        "linux": tmp_path / ".config/hoidap",
        "darwin": tmp_path / "Library/Application Support/hoidap",
        "win32": tmp_path / "Local/hoidap/hoidap",
    }
    for system, folder in places.items():
        before = settings_state(system, variables)
        folder.mkdir(parents=True)
        (folder / "config.toml").write_text("[llm]\n", encoding="utf-8")
        assert settings_state(system, variables) != before
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    for system, directories in (("linux", Unix), ("darwin", MacOS)):
        assert directories("hoidap").user_config_path == places[system], "as the program itself has it"
    linux = settings_state("linux", variables)
    assert settings_state("linux", {**variables, "HOIDAP_MODELS": "/m"}) != linux


def test_fetching_takes_only_what_is_installed_first() -> None:
    code = "import sys, scripts.setup.fetch\n"
    code += "print(*{name.split('.')[0] for name, module in sys.modules.items() "
    code += "if 'site-packages' in (getattr(module, '__file__', None) or '')})"
    completed = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    brought = {
        "_distutils_hack",
        "annotated_types",
        "pydantic_core",
        "typing_extensions",
        "typing_inspection",
    }
    assert set(completed.stdout.split()) <= {"pydantic", "platformdirs", "filelock", "tomli"} | brought


def test_a_second_start_shows_the_window_that_is_open(tmp_path: Path) -> None:
    private = tmp_path / "store" / "window"
    private.mkdir(parents=True)
    output = io.StringIO()
    shown = (tmp_path / "store", Console(output), LINUX)
    assert not show_opened(*shown, browser=False), "nothing is open"
    owner = Owner()
    with socket.create_server(("127.0.0.1", 0)) as window:
        address = f"http://127.0.0.1:{window.getsockname()[1]}/"
        note_opened(private, Opened(address, owner.secret))
        assert show_opened(*shown, browser=False)
    key = output.getvalue().partition(f"{address}?khoa=")[2].split()[0]
    assert owner.is_key(key), "whoever starts it again may change settings"
    assert not show_opened(*shown, browser=False), "a note of a window that was killed opens nothing"


def test_a_start_beside_an_open_window_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("scripts.setup.main.ROOT", tmp_path)
    private = tmp_path / "store" / "window"
    private.mkdir(parents=True)
    start = ["--store", str(tmp_path / "store"), "--no-browser"]
    with alone(tmp_path / ".hoidap" / "start.lock"), socket.create_server(("127.0.0.1", 0)) as window:
        assert main(start) == 1
        assert "Another start.py is at work" in capsys.readouterr().err
        note_opened(private, Opened(f"http://127.0.0.1:{window.getsockname()[1]}/", "bí mật"))
        assert main(start) == 0
        assert "is open already at http://127.0.0.1" in capsys.readouterr().out
        assert main(["install", *start]) == 1


def test_the_window_reads_the_folder_that_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[list[str]] = []

    def window(
        python: Path, root: Path, console: Console, system: System, arguments: list[str], **_: object
    ) -> int:
        opened.append(arguments)
        return 0

    monkeypatch.setattr("scripts.setup.main.ROOT", tmp_path)
    monkeypatch.setattr("scripts.setup.main.open_window", window)
    monkeypatch.setattr(Setup, "run", lambda setup, wanted: None)
    folder = tmp_path / "Bài viết của tôi"
    store = ["--store", str(tmp_path / "store")]
    assert main([str(folder), *store]) == 1, "there is no such folder"
    folder.mkdir()
    assert main([str(folder), *store, "--port", "7999"]) == 0
    assert main(store) == 0
    assert opened == [[str(folder), *store, "--port", "7999"], store]


def test_what_is_interrupted_says_how_to_go_on_and_a_cloud_s_folder_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(setup: Setup, wanted: Wanted) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("scripts.setup.main.ROOT", tmp_path)
    monkeypatch.setattr(Setup, "run", interrupted)
    folder = tmp_path / "OneDrive - Sở Nội vụ"
    folder.mkdir()
    assert main([str(folder), "--store", str(tmp_path / "store")]) == 130
    captured = capsys.readouterr()
    assert (
        "Đã dừng; chạy lại lệnh này để làm tiếp." in captured.err and "run it again to go on" in captured.err
    )
    assert "The articles are kept by OneDrive" in captured.out


def test_what_the_system_refuses_is_told_with_its_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("scripts.setup.main.ROOT", tmp_path)
    for number, told in (
        (errno.EROFS, "put it into a folder of yours"),
        (errno.EACCES, "hoặc đặt nó vào thư mục của bạn"),
        (errno.ENOSPC, "The disk is full."),
    ):
        refused = OSError(number, os.strerror(number), str(tmp_path / ".venv"))

        def run(setup: Setup, wanted: Wanted, refused: OSError = refused) -> None:
            raise refused

        monkeypatch.setattr(Setup, "run", run)
        assert main(["--store", str(tmp_path / "store")]) == 1
        assert told in capsys.readouterr().err


def test_a_port_that_is_none_is_told_before_anything_is_installed(capsys: pytest.CaptureFixture[str]) -> None:
    for port in ("65536", "-1", "cửa"):
        with pytest.raises(SystemExit) as left:
            main([f"--port={port}"])
        assert left.value.code == 2
        assert "không phải cổng" in capsys.readouterr().err


def test_the_options_are_told_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    told = " ".join(capsys.readouterr().out.split())
    for vietnamese, english in (
        ("thư mục bài viết", "folder of articles"),
        ("nơi giữ những gì đã đọc", "where what was read lies"),
        ("cổng của cửa sổ", "port of the window"),
        ("không tự mở trình duyệt", "open no browser"),
        ("biên dịch riêng", "compile the engine"),
        ("cần để kiểm thử", "what the tests need"),
    ):
        assert vietnamese in told and english in told


def test_a_python_of_32_bits_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("scripts.setup.main.ROOT", tmp_path)
    monkeypatch.setattr("scripts.setup.main.sys.maxsize", 2**31 - 1)
    assert main(["install"]) == 1
    assert "Install the 64-bit one" in capsys.readouterr().err


def test_windows_locks_by_its_own_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[tuple[int, int]] = []

    def locking(handle: int, mode: int, count: int) -> None:
        if taken:
            raise PermissionError(13, "Permission denied")
        taken.append((mode, count))

    monkeypatch.setitem(sys.modules, "msvcrt", SimpleNamespace(locking=locking, LK_NBLCK=2))
    with alone(tmp_path / "lock", system="win32"):
        assert taken == [(2, 1)]
        with pytest.raises(SetupError, match=r"Another start\.py"), alone(tmp_path / "lock", system="win32"):
            pass


def test_two_starts_do_not_work_in_one_place(tmp_path: Path) -> None:
    code = "import sys, time; sys.path.insert(0, sys.argv[1]); from pathlib import Path\n"
    code += "from scripts.setup.lock import alone\n"
    code += "with alone(Path(sys.argv[2])): print('held', flush=True); time.sleep(60)"
    command = [sys.executable, "-c", code, str(ROOT), str(tmp_path / "lock")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None and other.stdout.readline() == "held\n"
        with pytest.raises(SetupError, match=r"Another start\.py"), alone(tmp_path / "lock"):
            pass
        other.kill()  # what is killed holds nothing
        other.wait()
        with alone(tmp_path / "lock"):
            pass


def test_children_speak_utf8_whatever_the_console_speaks(tmp_path: Path) -> None:
    assert child_variables({"PYTHONIOENCODING": "cp1258"})["PYTHONIOENCODING"] == "utf-8"
    commands = Commands(tmp_path, tmp_path / "log" / "install.log")
    output = commands.run("libraries", [sys.executable, "-c", "print('Đọc bài viết')"])
    assert output == "Đọc bài viết\n"
    assert "Đọc bài viết" in commands.log.read_text(encoding="utf-8")


def test_a_program_that_takes_too_long_is_ended_and_its_reason_known(tmp_path: Path) -> None:
    commands, began = Commands(tmp_path, tmp_path / "install.log"), time.monotonic()
    code, output = commands.attempt([sys.executable, "-c", "import time; time.sleep(60)"], seconds=0.2)
    assert code != 0 and time.monotonic() - began < 30
    assert cause(output) == ("network", "timed out")
    assert commands.attempt([sys.executable, "-c", "print(1)"], seconds=60) == (0, "1\n")


def test_when_one_thing_fails_or_is_interrupted_the_others_end(tmp_path: Path) -> None:
    commands = Commands(tmp_path, tmp_path / "install.log")
    ended: list[int] = []
    slow = [sys.executable, "-c", "import time; time.sleep(60)"]
    thread = threading.Thread(target=lambda: ended.append(commands.attempt(slow)[0]), daemon=True)
    thread.start()
    time.sleep(0.5)
    with pytest.raises(KeyboardInterrupt), commands:
        raise KeyboardInterrupt
    thread.join(10)
    assert ended and ended[0] != 0
    assert commands.attempt([sys.executable, "-c", "print(1)"]) == (1, "stopped")


def test_a_browser_is_opened_only_where_one_can_be_seen() -> None:
    assert can_show_browser(WINDOWS, {}) and can_show_browser(MAC, {})
    assert not can_show_browser(LINUX, {})
    assert can_show_browser(LINUX, {"WAYLAND_DISPLAY": "wayland-0"})
    assert first_address("Hỏi đáp: http://127.0.0.1:7860/ (Ctrl+C to stop)") == "http://127.0.0.1:7860/"
    assert first_address("files: 36 new") is None


class Terminal(io.StringIO):
    """Text that takes itself for a terminal."""

    def isatty(self) -> bool:
        return True


def test_all_that_goes_on_stands_in_one_line_of_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    terminal = Terminal()
    console = Console(terminal)
    with console.step("libraries"), console.step("models"):
        console.progress("models", "12/600 MB")
        end = time.monotonic() + 20
        while "12/600" not in terminal.getvalue() and time.monotonic() < end:
            time.sleep(0.05)
    console.close()
    written = re.sub(r"\d+ s", "0 s", terminal.getvalue())
    both = "Cài các thư viện · Installing libraries 0 s | Tải mô hình · Fetching models 12/600 MB"
    assert f"\r{both}" in written
    assert [line.rpartition("\r")[2] for line in written.split("\n")] == [
        "  Tải mô hình · Fetching models: 0 s", "  Cài các thư viện · Installing libraries: 0 s", "",
    ], "what is drawn again is cleared before a line that stays"  # fmt: skip


def test_the_progress_is_plain_lines_where_there_is_no_terminal() -> None:
    out = io.StringIO()
    console = Console(out)
    with console.step("libraries"):
        console.progress("libraries", "12/41")
    console.say("xong")
    console.close()
    assert out.getvalue() == "  Cài các thư viện · Installing libraries: 0 s\nxong\n"


def test_a_long_step_is_told_again_where_there_is_no_terminal() -> None:
    out = io.StringIO()
    console = Console(out, tell_seconds=0.02)
    with console.step("libraries"):
        console.progress("libraries", "12/41")
        end = time.monotonic() + 20
        while out.getvalue().count("\n") < 2 and time.monotonic() < end:
            time.sleep(0.01)
    console.close()
    assert out.getvalue().startswith("  … Cài các thư viện · Installing libraries 12/41\n  … Cài")
