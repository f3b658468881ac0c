"""The branches of the other systems, run here."""

from __future__ import annotations

import ast
import io
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from processes import quickly_started

from index.platform import (
    available_cores,
    available_memory,
    flush_to_disk,
    free_bytes,
    hold_alone,
    portable_name,
    replace,
    same_place,
    speak_utf8,
    write_atomic,
)


def test_windows_is_asked_again_while_another_program_has_the_file_open(tmp_path: Path) -> None:
    source, target = tmp_path / "mới", tmp_path / "cũ"
    source.write_text("mới", encoding="utf-8")
    refusals, waited = [3], []

    def move(first: Path, second: Path) -> None:
        if refusals[0]:
            refusals[0] -= 1
            raise PermissionError(13, "Access is denied")
        os.replace(first, second)

    replace(source, target, system="win32", move=move, sleep=waited.append)
    assert (target.read_text(encoding="utf-8"), waited) == ("mới", [0.1] * 3)


def test_a_file_that_stays_open_is_told_in_the_end_and_elsewhere_at_once(tmp_path: Path) -> None:
    tried: list[int] = []

    def never(first: Path, second: Path) -> None:
        tried.append(1)
        raise PermissionError(13, "Access is denied")

    for system, times in (("win32", 21), ("linux", 1), ("darwin", 1)):
        tried.clear()
        with pytest.raises(PermissionError):
            replace(tmp_path, tmp_path, system=system, move=never, sleep=lambda seconds: None)
        assert len(tried) == times


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
def test_a_file_gets_its_own_rights_and_not_those_of_what_lay_there(tmp_path: Path) -> None:
    place = tmp_path / "bí mật"
    for left in (place, tmp_path / f"bí mật.{os.getpid()}.new"):
        left.touch(0o644)
    write_atomic(place, "một\nhai".encode(), mode=0o600)
    assert place.read_bytes().decode() == "một\nhai"
    assert place.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [place]


ROOT = Path(__file__).parents[2]
STARTING = ("get_context", "Process", "ProcessPoolExecutor", "Pool", "fork", "set_start_method")
"""What starts processes, or says how."""


def moves_a_path(node: ast.AST) -> bool:
    """Whether a file is moved here; a text is replaced in with two arguments, a path with one."""
    if isinstance(node, ast.Attribute):
        return ast.unparse(node) in ("os.replace", "os.rename", "shutil.move")
    called = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and not node.keywords
    return called and node.func.attr in ("replace", "rename") and len(node.args) == 1


def test_every_file_is_moved_by_what_waits_for_windows() -> None:
    rooms = ("index", "rag", "ui", "scripts/setup")
    faults = []
    for path in (path for room in rooms for path in (ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if moves_a_path(node):
                faults.append((path.relative_to(ROOT).as_posix(), node.lineno))
    assert [place for place, _ in faults] == ["index/platform.py"], faults


def leaves_the_encoding_open(node: ast.AST) -> bool:
    """Whether a text is read or written in whatever code page the computer has."""
    if not isinstance(node, ast.Call) or {"encoding", None} & {keyword.arg for keyword in node.keywords}:
        return False
    if any(keyword.arg == "text" for keyword in node.keywords):
        return ast.unparse(node.func).startswith("subprocess.")
    called = ast.unparse(node.func).rpartition(".")[2]
    return len(node.args) < {"read_text": 1, "write_text": 2}.get(called, 0)


def test_every_text_is_read_and_written_in_a_named_encoding() -> None:
    """Windows takes its code page otherwise, which has not all Vietnamese letters."""
    rooms = ("index", "rag", "ui", "eval", "scripts")
    faults = [
        (path.relative_to(ROOT).as_posix(), node.lineno)
        for path in (path for room in rooms for path in (ROOT / room).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if leaves_the_encoding_open(node)
    ]
    assert faults == []


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("Báo cáo năm 2020.docx", "Báo cáo năm 2020.docx"),
        ("..\\..\\bí mật/a.txt", "a.txt"),
        ("con.txt", "_con.txt"),
        ("NUL", "_NUL"),
        ("Lpt1 .bản in.txt", "_Lpt1 .bản in.txt"),
        ("Công.txt", "Công.txt"),
        ("cong 1: xã?.txt", "cong 1_ xã_.txt"),
        ("tin.txt. . ", "tin.txt"),
        ("...", ""),
    ],
)
def test_a_name_is_one_that_every_system_takes(given: str, name: str) -> None:
    assert portable_name(given) == name


def test_a_long_name_is_cut_between_letters_and_keeps_its_ending(tmp_path: Path) -> None:
    name = portable_name("Quyết định về việc phê duyệt " * 20 + ".docx")
    assert name.startswith("Quyết định") and name.endswith(".docx") and len(name.encode()) <= 200
    (tmp_path / name).write_text("x", encoding="utf-8")


def test_two_paths_of_one_folder_are_known(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "khác tên").symlink_to(tmp_path / "a")
    assert same_place(tmp_path / "a", tmp_path / "khác tên")
    assert not same_place(tmp_path / "a", tmp_path / "a" / "b")
    missing = tmp_path / "không có"
    assert same_place(missing, missing) and not same_place(missing, tmp_path)


def test_a_flush_opens_for_writing_where_only_that_flushes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[int] = []
    real = os.open
    path = tmp_path / "vectors"
    path.write_bytes(b"x")

    def record(name: Path, flags: int) -> int:
        opened.append(flags & os.O_RDWR)
        return real(name, flags)

    monkeypatch.setattr("os.open", record)
    flush_to_disk(path, system="win32")
    flush_to_disk(path, system="linux")
    assert opened == [os.O_RDWR, 0]


def test_memory_is_told_where_the_system_tells_it(tmp_path: Path) -> None:
    meminfo = tmp_path / "meminfo"
    meminfo.write_text("MemTotal:       24000 kB\nMemAvailable:    1000 kB\n", encoding="ascii")
    assert available_memory("linux", meminfo) == 1000 * 1024
    assert available_memory("darwin", tmp_path / "none") is None
    assert available_memory("win32") is None  # without Windows' own library
    assert available_cores() >= 1


def test_no_process_is_forked_and_where_none_can_be_kept_ready_it_is_loaded_anew() -> None:
    """macOS and Windows cannot fork a program of several threads; a method that is not named is the system's."""
    rooms = ("index", "rag", "ui", "eval", "scripts")
    asked = {
        (path.relative_to(ROOT).as_posix(), ast.unparse(node))
        for path in (path for room in rooms for path in (ROOT / room).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in STARTING
        and not ast.unparse(node.func).startswith(("context.", "spawning.", "self._context.", "psutil."))
    }  # fmt: skip
    assert len(asked) > 4
    assert [place for place in asked if not re.search(r"get_context\('spawn'\)|mp_context=", place[1])] == []
    assert quickly_started("json", methods=["spawn"]).get_start_method() == "spawn"
    assert quickly_started("json", methods=["fork", "spawn", "forkserver"]).get_start_method() == "forkserver"


def test_a_port_is_held_alone() -> None:
    for system, reuse in (("linux", True), ("win32", False)):
        with socket.socket() as taken:
            hold_alone(taken, system=system)
            assert bool(taken.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR)) is reuse


def test_vietnamese_is_written_on_a_console_of_another_code_page() -> None:
    held = io.BytesIO()
    console = io.TextIOWrapper(held, encoding="cp437")
    speak_utf8(console, io.StringIO())
    console.write("Hỏi đáp: đọc 36 bài")
    console.flush()
    assert held.getvalue().decode("utf-8") == "Hỏi đáp: đọc 36 bài"


def test_space_is_told_of_the_disk_that_will_hold_a_folder(tmp_path: Path) -> None:
    assert free_bytes(tmp_path / "chưa" / "có") > 0


_ARENAS = """
import ctypes, os, tempfile, threading
from index.platform import share_one_arena
{first}
there = threading.Barrier(5)
def work():
    kept = [bytes(5_000) for _ in range(200)]
    there.wait(20)
threads = [threading.Thread(target=work) for _ in range(5)]
[thread.start() for thread in threads]; [thread.join() for thread in threads]
libc = ctypes.CDLL(None)
libc.fopen.restype = ctypes.c_void_p
with tempfile.NamedTemporaryFile() as file:
    told = ctypes.c_void_p(libc.fopen(file.name.encode(), b"w"))
    libc.malloc_info(0, told); libc.fclose(told)
    print(file.read().count(b"<heap nr="))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="asks glibc")
def test_all_threads_share_one_arena_where_it_is_asked_for() -> None:
    def arenas(first: str) -> int:
        command = [sys.executable, "-c", _ARENAS.format(first=first)]
        return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)

    assert arenas("") > 1
    assert arenas("share_one_arena()") == 1
    assert arenas("share_one_arena(system='darwin')") > 1
