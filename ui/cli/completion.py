"""``hoidap completion``: the shell fills in commands and options."""

from __future__ import annotations

import argparse

from ui.cli.terminal import print_line

_HOW = "bash: hoidap completion bash > ~/.local/share/bash-completion/completions/hoidap"


def add_completion_command(parsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Describe the command."""
    completion = parsers.add_parser(
        "completion", help="print a script that lets the shell fill in commands", epilog=_HOW
    )
    completion.add_argument("shell", choices=["bash", "zsh", "tcsh"])
    completion.set_defaults(run=run_completion, debug=False)


def run_completion(args: argparse.Namespace) -> int:
    """Print the script for a shell."""
    import shtab

    from ui.cli.parser import build_parser

    print_line(shtab.complete(build_parser(), shell=args.shell))
    return 0
