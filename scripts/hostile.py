"""Attack the window over the wire: hostile values for every event and route, with and without a password.

Run ``python -m scripts.hostile [--requests 2000] [--seed 7]``.  A finding is whatever gives away, changes or reaches
something that is not the attacker's: a file of the computer, a route that the window does not use, the steps of
another visitor, another server (one listens on the loopback and counts).  Nothing but the loopback is spoken to.
"""

from __future__ import annotations

import argparse
import random
import re
import socket
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import gradio as gr
import httpx
from fastapi import FastAPI

from tests.window_app import Window, opened
from tests.window_attacks import SECRET, events, hostile, takes
from ui.window.gradio_seam import OPEN_ROUTES, routes, windows

PASSWORD = "mật khẩu dài"


def main() -> None:
    """Read the command line, attack, and print what came of it; ends with 1 where something was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    chance, findings, statuses = random.Random(asked.seed), list[str](), Counter[int]()
    began, slowest = time.monotonic(), 0.0
    for password in (None, PASSWORD):
        with attacked(password) as (window, secret, called, own, other):
            before = snapshot(secret.parent)
            for request in chosen(chance, asked.requests // 2, own, secret, called.getsockname()[1]):
                since = time.monotonic()
                told = own.send(own.build_request(**request["sent"]))
                slowest = max(slowest, time.monotonic() - since)
                statuses[told.status_code] += 1
                findings += judged(request, told)
            findings += [f"another's steps: {found}" for found in foreign(own, other)]
            findings += [f"changed: {path}" for path in sorted(before ^ snapshot(secret.parent), key=str)]
            findings += ["another server was reached"] if was_called(called) else []
            assert window.library.held
    seconds = time.monotonic() - began
    sys.stdout.write(f"{sum(statuses.values())} hostile requests, seed {asked.seed}, {seconds:.0f} s, ")
    sys.stdout.write(f"slowest {slowest:.2f} s; statuses {dict(sorted(statuses.items()))}\n")
    sys.stdout.write(f"findings: {len(findings)}\n" + "".join(f"  {one}\n" for one in findings[:20]))
    sys.exit(bool(findings))


@contextmanager
def attacked(
    password: str | None,
) -> Iterator[tuple[Window, Path, socket.socket, httpx.Client, httpx.Client]]:
    """Open a window beside a secret, a server that must never be called, the attacker and another visitor."""
    with ExitStack() as leaving:
        home = Path(leaving.enter_context(tempfile.TemporaryDirectory()))
        (home / "articles").mkdir()
        (home / "articles" / "a.txt").write_text("Tin\n\nHuyện Ba Sen giảm 45 hộ nghèo.", encoding="utf-8")
        (home / "secret.txt").write_text(SECRET, encoding="utf-8")
        called = leaving.enter_context(socket.create_server(("127.0.0.1", 0)))
        window = leaving.enter_context(opened(home, password=password))
        visitors = [
            leaving.enter_context(httpx.Client(base_url=window.address, follow_redirects=True, timeout=20))
            for _ in range(2)
        ]
        for visitor in visitors:
            if password:
                visitor.post("vao", data={"password": password})
            assert visitor.get("").status_code == 200
        yield window, home / "secret.txt", called, *visitors


def chosen(
    chance: random.Random, count: int, own: httpx.Client, secret: Path, port: int
) -> Iterator[dict[str, Any]]:
    """Every event with every value in turn, in a place of its body by chance, and between them every route."""
    values = [*hostile(secret), f"http://127.0.0.1:{port}/x", {"url": f"http://127.0.0.1:{port}/x"}]
    shaped = [(place, event) for place in ("", "en/") for event in events(own, place)]
    pairs = [(place, event, value) for place, event in shaped for value in values]
    chance.shuffle(pairs)
    paths = list(gradio_routes())
    for number in range(count):
        if number % 4 == 3:
            yield route(chance, paths[number // 4 % len(paths)], secret, port)
            continue
        place, event, value = pairs[number % len(pairs)]
        plain: list[Any] = ["x" if kind == "textbox" else None for kind in event["kinds"]]
        at = chance.randrange(len(plain) + 3)
        body: dict[str, Any] = {
            "data": plain,
            "event_data": {chance.choice(["lot", "article", "exchange"]): value},
        }
        if at < len(plain):
            body = {"data": [*plain[:at], value, *plain[at + 1 :]]}
        elif at == len(plain):
            body = {"data": [*plain, value]}
        elif at == len(plain) + 1:
            body = {"data": plain, "event_data": value}
        way = "queue/join" if event["queue"] else "run/predict"
        name = chance.choice(["attacker1", "visitor0001", "../../x", ""])
        sent = {"fn_index": event["id"], "session_hash": name, **body}
        fits = takes(event, body) and name.isalnum()
        yield {"sent": {"method": "POST", "url": f"{place}gradio_api/{way}", "json": sent}, "fits": fits}


def route(chance: random.Random, path: str, secret: Path, port: int) -> dict[str, Any]:
    """One route of Gradio, with something in it that is not the attacker's."""
    named = chance.choice(
        [str(secret), f"..{secret}", f"http:%2f%2f127.0.0.1:{port}%2f", "%2fetc%2fhostname"]
    )
    url = re.sub(r"\{[^}]*\}", lambda _: named, path).lstrip("/")
    sent = {"method": chance.choice(["GET", "POST"]), "url": chance.choice(["", "en/"]) + url}
    return {"sent": sent, "fits": path in OPEN_ROUTES and "{" not in path}


def gradio_routes() -> Iterator[str]:
    """Give every route that Gradio adds."""
    with gr.Blocks() as blocks:
        gr.Textbox()
    for app in windows(gr.mount_gradio_app(FastAPI(), blocks, "/x", mcp_server=False, ssr_mode=False)):
        yield from (path for path, _ in routes(app) if path != "/favicon.ico")


def judged(request: dict[str, Any], told: httpx.Response) -> list[str]:
    """Say what an answer gives away."""
    what = f"{request['sent']['method']} {str(request['sent'])[:160]} -> {told.status_code}"
    if SECRET in told.text:
        return [f"read: {what}"]
    if told.status_code >= 500:
        return [f"failed: {what}"]
    return [] if request["fits"] or told.status_code >= 400 else [f"taken: {what}"]


def foreign(own: httpx.Client, other: httpx.Client) -> list[int]:
    """Ask for the steps of another visitor's event under every name that it may have."""
    looking = next(one for one in events(other) if one["targets"] and one["targets"][0][1] == "watch")
    body = {"fn_index": looking["id"], "data": [None], "session_hash": "stranger0001"}
    assert other.post("gradio_api/queue/join", json=body).status_code == 200
    asked = [own.get("gradio_api/queue/data", params={"session_hash": "stranger0001"}) for _ in range(3)]
    return [told.status_code for told in asked if told.status_code < 400]


def snapshot(home: Path) -> set[tuple[str, bytes]]:
    """Give the files that no request of the attacker may change."""
    kept = [home / "secret.txt", *(home / "articles").rglob("*")]
    return {(str(path), path.read_bytes()) for path in kept if path.is_file()}


def was_called(called: socket.socket) -> bool:
    """Say whether anybody has connected to the server that nobody may reach."""
    called.settimeout(0.2)
    try:
        called.accept()
    except TimeoutError:
        return False
    return True


if __name__ == "__main__":
    main()
