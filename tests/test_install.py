"""What the installer decides, and that each obstacle is one sentence with its remedy."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from scripts.install import (
    InstallError,
    brings_cuda,
    check_compiler,
    check_python,
    is_current,
    last_line,
    requirement,
    source_digest,
    tile_flags,
)


def report(*names: str) -> dict[str, object]:
    return {"install": [{"metadata": {"name": name}} for name in names]}


def test_a_build_for_graphics_cards_is_known_by_what_it_brings() -> None:
    assert not brings_cuda(report("torch", "numpy", "sympy"))
    assert brings_cuda(report("torch", "nvidia-cublas-cu12"))
    assert brings_cuda(report("torch", "nvidia_cudnn"))
    assert brings_cuda(report("torch", "triton"))


def test_an_old_python_is_told_with_the_remedy() -> None:
    check_python((3, 10, 0))
    with pytest.raises(InstallError, match=r"this is 3\.9; install a newer one"):
        check_python((3, 9, 18))


def test_a_missing_compiler_is_told_with_the_remedy() -> None:
    check_compiler(lambda name: f"/bin/{name}" if name in ("gcc", "g++") else None, {})
    check_compiler(lambda name: None, {"CC": "my-cc", "CXX": "my-c++"})
    with pytest.raises(InstallError, match=r"No compiler for C and C\+\+ .* build-essential"):
        check_compiler(lambda name: None, {})
    with pytest.raises(InstallError, match=r"No compiler for C\+\+ was found"):
        check_compiler(lambda name: "/bin/cc" if name == "cc" else None, {})


def test_nothing_is_done_while_the_sources_and_extras_are_the_same() -> None:
    installed = {"digest": "abc", "extras": ["dev", "fast"]}
    assert is_current(installed, "abc", ["fast"])
    assert not is_current(installed, "abd", ["fast"])
    assert not is_current({"digest": "abc", "extras": ["fast"]}, "abc", ["dev", "fast"])
    assert not is_current({}, "abc", ["fast"])
    assert len(source_digest()) == 64


def test_the_reason_is_the_last_error_of_a_tool() -> None:
    assert last_line("Looking\nERROR: no such package\nnotice: a new pip\n") == "ERROR: no such package"
    assert last_line("a\nb\n\n") == "b"
    assert last_line("") == "no reason given"


def test_an_obstacle_is_one_line_and_exit_code_1(tmp_path: Path) -> None:
    root = Path(__file__).parents[1]
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "install.py").write_bytes((root / "scripts" / "install.py").read_bytes())
    (tmp_path / "pyproject.toml").write_text("")

    result = subprocess.run(
        [sys.executable, str(tmp_path / "scripts" / "install.py")],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert result.returncode == 1
    assert result.stderr.startswith("No compiler for C and C++ was found")
    assert result.stderr.count("\n") == 1


def test_the_tiles_of_a_processor_change_the_flags_of_gcc_alone() -> None:
    gcc = "c++ (Debian 12.2.0) 12.2.0\nCopyright (C) 2022 Free Software Foundation, Inc."
    with_tiles = "flags : avx512f amx_bf16 amx_tile amx_int8"
    assert tile_flags(with_tiles, gcc) == {"CXXFLAGS": "-fno-dse -fno-tree-dse"}
    assert tile_flags(with_tiles, gcc, "-O2")["CXXFLAGS"] == "-O2 -fno-dse -fno-tree-dse"
    assert tile_flags("flags : avx2", gcc) == {}
    assert tile_flags(with_tiles, "clang version 17.0.1") == {}


def test_a_package_is_asked_for_with_the_range_of_the_project() -> None:
    assert requirement("llama-cpp-python").startswith("llama-cpp-python>=")
    with pytest.raises(InstallError, match="does not name nothing-such"):
        requirement("nothing-such")
