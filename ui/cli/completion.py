"""``hoidap completion``: the shell fills in commands and options."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from ui.cli.terminal import print_line

SHELLS = ("bash", "zsh", "fish", "tcsh", "powershell")
_HOW = (
    "bash: hoidap completion bash > ~/.local/share/bash-completion/completions/hoidap; "
    "fish: hoidap completion fish > ~/.config/fish/completions/hoidap.fish; "
    "zsh: a file _hoidap in a folder of $fpath; PowerShell: hoidap completion powershell >> $PROFILE"
)


def add_completion_command(parsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the command."""
    completion = parsers.add_parser(
        "completion", help="print a script that lets the shell fill in commands", epilog=_HOW
    )
    completion.add_argument("shell", choices=SHELLS)
    completion.set_defaults(run=run_completion, debug=False)


def run_completion(args: argparse.Namespace) -> int:
    """Print the script for a shell; where a file or folder is wanted, the shell offers those."""
    import shtab

    from ui.cli.parser import build_parser

    parser = build_parser()
    for action in _actions(parser):
        if action.type is Path or action.metavar == "FILE":
            vars(action)["complete"] = shtab.FILE
    print_line(shtab.complete(parser, shell=args.shell))
    return 0


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """All arguments of a command and of those under it."""
    for action in parser._actions:
        yield action
        if isinstance(action, argparse._SubParsersAction):
            for under in action.choices.values():
                yield from _actions(under)
