"""The shells fill in commands, options and files by what ``hoidap completion`` prints (bash: test_packaging.py)."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from ui.cli import main
from ui.cli.completion import SHELLS

FILLED = {
    "hoidap ": ("ask", "doctor", "sync"),
    "hoidap se": ("search", "serve"),
    "hoidap token ": ("new", "list", "remove"),
    "hoidap sync --re": ("--rebuild", "--report"),
    "hoidap sync bai": ("bai-viet/",),
    "hoidap ask --config hoi": ("hoidap.toml",),
}
"""What is typed before the tabulator, and what is offered."""
ZSH = """
zmodload zsh/zpty
zpty inner zsh -f -i
zpty -w inner "fpath=($PWD $fpath); autoload -Uz compinit; compinit -u -D; bindkey '^I' list-choices; print rea''dy"
zpty -r inner out '*ready*'
while (( $# )); do
  zpty -w -n inner "$1"$'\\t'
  zpty -r inner out "*$2*" && print -r -- "$2"
  zpty -w -n inner $'\\x15'
  shift 2
done
"""
"""A zsh in a terminal of its own: what is typed, then a word that must be offered (it waits until it is)."""


@pytest.fixture
def typing(tmp_path: Path) -> Path:
    """A folder to type in, with a ``hoidap`` that the shell finds."""
    (tmp_path / "bai-viet").mkdir()
    (tmp_path / "hoidap.toml").touch()
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "hoidap").write_text("#!/bin/sh\n", encoding="utf-8")
    (tmp_path / "bin" / "hoidap").chmod(0o755)
    return tmp_path


def shell(command: list[str], folder: Path) -> str:
    """What a shell prints that reads no settings but those of the folder."""
    variables = {**os.environ, "HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "TERM": "xterm"}
    variables["PATH"] = f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
    completed = subprocess.run(
        command, cwd=folder, env=variables, capture_output=True, text=True, check=True, timeout=120
    )
    return completed.stdout


def script(capsys: pytest.CaptureFixture[str], name: str) -> str:
    """The script for a shell."""
    assert main(["completion", name]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("name", SHELLS)
def test_every_script_knows_commands_and_options(capsys: pytest.CaptureFixture[str], name: str) -> None:
    printed = script(capsys, name)
    assert all(word in printed for word in ("hoidap", "doctor", "serve", "watch", "copy-conversations"))


@pytest.mark.skipif(shutil.which("fish") is None, reason="fish is not installed")
def test_fish_offers_them(typing: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = typing / "fish" / "completions"
    place.mkdir(parents=True)
    (place / "hoidap.fish").write_text(script(capsys, "fish"), encoding="utf-8")
    for typed, offered in FILLED.items():
        lines = shell(["fish", "-c", f"complete -C '{typed}'"], typing).splitlines()
        assert {line.split("\t")[0] for line in lines} >= set(offered), typed
    assert "answer a question, or a file of them" in shell(["fish", "-c", "complete -C 'hoidap a'"], typing)


@pytest.mark.skipif(shutil.which("zsh") is None, reason="zsh is not installed")
def test_zsh_offers_them(typing: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (typing / "_hoidap").write_text(script(capsys, "zsh"), encoding="utf-8")
    # A single file is written out, not offered; the words that stand there are all that is not typed already.
    (typing / "bai-hat").mkdir()
    (typing / "hoi.toml").touch()
    pairs = [(typed, offered[-1]) for typed, offered in FILLED.items()]
    printed = shell(["zsh", "-f", "-c", ZSH, "zsh", *(word for pair in pairs for word in pair)], typing)
    assert printed.splitlines() == [word for _, word in pairs]


@pytest.mark.skipif(shutil.which("tcsh") is None, reason="tcsh is not installed")
def test_tcsh_takes_the_script(typing: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (typing / "hoidap.tcsh").write_text(script(capsys, "tcsh"), encoding="utf-8")
    (rule,) = shell(["tcsh", "-f", "-c", "source hoidap.tcsh; complete"], typing).splitlines()
    assert rule.startswith("hoidap\t") and "doctor" in rule and "rebuild" in rule
