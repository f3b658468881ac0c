"""The commands that let other programs ask: serve, mcp and token."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from rag.config import read_config
from ui.cli.terminal import print_json, print_line, tell
from ui.cli.tools import count_up_to

_MOST_REQUESTS = 1_000_000
"""A minute of one asker: as good as no limit."""


def add_serving_commands(
    parsers: argparse._SubParsersAction[argparse.ArgumentParser],
    common: argparse.ArgumentParser,
    of_action: argparse.ArgumentParser,
) -> None:
    """Describe them; ``common`` gives --store, --json, --config and --debug, ``of_action`` the same after an action."""
    serve = parsers.add_parser(
        "serve", parents=[common], help="answer other programs: OpenAI's interface, MCP, our own"
    )
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    serve.add_argument("--port", type=int, help="port to listen on (default: the first free from 8600)")
    serve.add_argument(
        "--name", action="append", default=[], metavar="HOST",
        help="another host name to be asked by, such as host.docker.internal; repeatable",
    )  # fmt: skip
    serve.add_argument(
        "--address", metavar="URL",
        help="the address of a proxy before it, such as https://office.example: links to articles begin with it",
    )  # fmt: skip
    serve.add_argument(
        "--rate",
        type=count_up_to(_MOST_REQUESTS),
        default=120,
        metavar="N",
        help="requests a minute from one asker (default 120)",
    )
    serve.add_argument(
        "--log", action="store_true",
        help="tell every question and request, as [log] level = \"info\" does",
    )  # fmt: skip
    serve.set_defaults(run=run_serve)

    mcp = parsers.add_parser(
        "mcp", parents=[common], help="speak MCP on standard input and output, for programs that start it"
    )
    mcp.set_defaults(run=run_mcp)

    token = parsers.add_parser("token", parents=[common], help="make, list or remove tokens of the server")
    actions = token.add_subparsers(title="actions", required=True, metavar="ACTION")
    new = actions.add_parser("new", parents=[of_action], help="make a token; its secret is shown this once")
    new.add_argument("name", nargs="?", default="default", metavar="NAME", help="who will use it")
    new.add_argument("--write", action="store_true", help="it may change the articles too")
    new.set_defaults(run=new_token)
    listed = actions.add_parser("list", parents=[of_action], help="list the tokens")
    listed.set_defaults(run=list_tokens)
    remove = actions.add_parser("remove", parents=[of_action], help="take a token away")
    remove.add_argument("name", metavar="NAME")
    remove.set_defaults(run=remove_token)


def run_serve(args: argparse.Namespace) -> int:
    """Serve until interrupted."""
    from ui.operation.logs import set_up_log
    from ui.serve.access.rate_limits import limits_of
    from ui.serve.main import serve

    config = read_config(args.config)
    if args.log and config.log.level in ("warning", "error"):
        config = config.model_copy(update={"log": config.log.model_copy(update={"level": "info"})})
    set_up_log(config.log)
    limits = limits_of(config, requests_per_minute=args.rate)
    serve(
        config, args.store, args.host, args.port,
        names=tuple(args.name), public=args.address, limits=limits, say=print_line,
    )  # fmt: skip
    return 0


def run_mcp(args: argparse.Namespace) -> int:
    """Speak MCP until the other side ends it."""
    from ui.operation.logs import set_up_log
    from ui.serve.main import serve_stdio

    config = read_config(args.config)
    set_up_log(config.log)  # the standard output is the protocol's
    serve_stdio(config, args.store)
    return 0


def new_token(args: argparse.Namespace) -> int:
    """Make a token and show its secret."""
    from ui.serve.access.tokens import Right, open_tokens

    right: Right = "write" if args.write else "read"
    secret = open_tokens(args.store).new(args.name, right)
    if args.json:
        print_json({"name": args.name, "right": right, "token": secret})
    else:
        print_line(secret)
        tell("keep it now: it is not shown again")
    return 0


def list_tokens(args: argparse.Namespace) -> int:
    """List names, rights and days, never secrets."""
    from ui.serve.access.tokens import open_tokens

    for token in open_tokens(args.store).all():
        if args.json:
            fields = asdict(token)
            del fields["sha256"]
            print_json(fields)
        else:
            print_line(f"{token.name:20} {token.right:6} {token.made}")
    return 0


def remove_token(args: argparse.Namespace) -> int:
    """Take a token away."""
    from ui.serve.access.tokens import open_tokens

    open_tokens(args.store).remove(args.name)
    return 0
