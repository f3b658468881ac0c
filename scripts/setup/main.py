"""``python start.py [FOLDER]``, ``start.py install``, ``start.py models``, ``start.py test``."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from index.platform import speak_utf8
from scripts.setup import system as here
from scripts.setup.commands import Commands, cause
from scripts.setup.console import Console
from scripts.setup.environment.packages import install_test_packages
from scripts.setup.environment.project import ROOT
from scripts.setup.install import Setup, Wanted
from scripts.setup.lock import alone
from scripts.setup.suite import run_tests
from scripts.setup.window import open_window, show_opened
from scripts.setup.words import SetupError, note

SMALL_LLM = "qwen2.5-coder-0.5b-instruct-q4_k_m"
_ACTIONS = ("install", "models", "test")
_LAST_PORT = 65_535
_STYLE = (("ruff", "check", "."), ("ruff", "format", "--check", "."))
_TYPES = {"types": ("mypy",)}


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what is asked; 0: done, 1: failed, the error is printed with its remedy, 130: interrupted."""
    speak_utf8(sys.stdout, sys.stderr)
    options = _parser().parse_args(arguments)
    console = Console()
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        with alone(ROOT / ".hoidap" / "start.lock"):
            return _run(options, console)
    except SetupError as error:
        if error.code == "busy" and not _is_action(options):
            system, browser = here.this_system(), not options.no_browser
            if show_opened(options.store.absolute(), console, system, browser=browser):
                return 0
        console.close()
        sys.stderr.write(f"{error}\n")
        return 1
    except OSError as error:  # a folder that may not be written to, a full disk
        if (known := cause(str(error))) is None:
            raise
        console.close()
        sys.stderr.write(f"{SetupError(known[0], reason=error)}\n")
        return 1
    except KeyboardInterrupt:
        console.close()
        sys.stderr.write(f"\n{note('again')}\n")
        return 130
    finally:
        console.close()


def _interrupt(number: int, frame: FrameType | None) -> None:
    """End what was started here too, as Ctrl-C does."""
    raise KeyboardInterrupt


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="start.py",
        description="Cài đặt, đọc thư mục bài viết rồi mở cửa sổ hỏi đáp. "
        "Install, read a folder of articles, and open the window.",
    )
    parser.add_argument(
        "folder", nargs="?", metavar="FOLDER",
        help="thư mục bài viết (mặc định: như lần trước; lần đầu thì chọn trong cửa sổ); hoặc install, models, test · "
        "folder of articles (default: those of the last time; at first the window asks); or install, models, test",
    )  # fmt: skip
    parser.add_argument(
        "--store",
        type=Path,
        default=ROOT / ".hoidap" / "store",
        metavar="DIR",
        help="nơi giữ những gì đã đọc · where what was read lies",
    )
    parser.add_argument("--port", type=_port, help="cổng của cửa sổ · port of the window")
    parser.add_argument("--no-browser", action="store_true", help="không tự mở trình duyệt · open no browser")
    parser.add_argument(
        "--compile",
        action="store_true",
        help="biên dịch riêng cho bộ xử lý máy này · compile the engine for this very processor",
    )
    parser.add_argument(
        "--dev",
        action="store_true",
        help="cùng với install: cả những gì cần để kiểm thử · with install: what the tests need too",
    )
    return parser


def _port(typed: str) -> int:
    """Read a port; a wrong one is told before minutes are spent on the installation."""
    if not typed.isdecimal() or int(typed) > _LAST_PORT:
        raise argparse.ArgumentTypeError(
            f"{typed} không phải cổng (1–{_LAST_PORT}) · is no port from 1 to {_LAST_PORT}"
        )
    return int(typed)


def _run(options: argparse.Namespace, console: Console) -> int:
    setup = _setup(console)
    if _is_action(options):
        return _act(options, setup)
    return _start(options, setup)


def _is_action(options: argparse.Namespace) -> bool:
    """Whether the word stands for something to do, and not for a folder of that name."""
    return options.folder in _ACTIONS and not Path(options.folder).is_dir()


def _setup(console: Console) -> Setup:
    system = here.this_system()
    if sys.maxsize < 2**32:
        raise SetupError("python_bits")
    environment = here.environment_place(ROOT, system, os.environ)
    if environment != ROOT / ".venv" and not environment.exists():
        console.say(note("elsewhere", place=environment))
    commands = Commands(ROOT, ROOT / ".hoidap" / "install.log")
    return Setup(ROOT, environment, commands, console, system)


def _act(options: argparse.Namespace, setup: Setup) -> int:
    """Only install, only fetch models, or run the tests."""
    testing = options.folder == "test"
    extras = ("dev", "fast") if testing or options.dev else ("fast",)
    models = (SMALL_LLM,) if testing else ()
    setup.run(Wanted(extras, models, options.compile, fetch=options.folder != "install"))
    if testing or options.dev:
        install_test_packages(setup.commands, setup.console)
    if testing:
        for check in _STYLE:
            if code := subprocess.call([setup.python, "-m", *check], cwd=ROOT):
                return code
        return run_tests(setup.commands, setup.python, ROOT, _TYPES)
    return 0


def _start(options: argparse.Namespace, setup: Setup) -> int:
    """Install what is missing and open the window, which reads the folder that is named, or what has changed since.

    Where nothing was read yet, it asks for a folder.
    """
    folder = Path(options.folder).expanduser().absolute() if options.folder else None
    if folder is not None:
        if not folder.is_dir():
            raise SetupError("no_folder", folder=folder)
        if here.in_cloud(folder, os.environ):
            setup.console.say(note("cloud_folder"))
    setup.run(Wanted(compile_here=options.compile))
    arguments = [str(folder)] if folder is not None else []
    arguments += ["--store", str(options.store.absolute())]
    arguments += ["--port", str(options.port)] if options.port is not None else []
    return open_window(
        setup.python, ROOT, setup.console, setup.system, arguments, browser=not options.no_browser
    )
