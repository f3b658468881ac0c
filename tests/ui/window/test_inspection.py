"""The window as the command opens it, without its models, tells whoever runs it how it does, and nobody else."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from ui.serve.access.tokens import TokenFile

_COMMAND = "import sys; from ui.cli import main; sys.exit(main(sys.argv[1:]))"


@contextmanager
def window(home: Path, **variables: str) -> Iterator[str]:
    """Open the window on a store that does not exist, with no model on the computer; gives its address."""
    (home / "c.toml").write_text("", encoding="utf-8")
    asked = ["ui", "--store", str(home / "store"), "--config", str(home / "c.toml"), "--port", "0"]
    process = subprocess.Popen(
        [sys.executable, "-u", "-c", _COMMAND, *asked],
        env={**os.environ, "HOIDAP_MODELS": str(home / "models"), "PYTHONUTF8": "1", **variables},
        cwd=Path(__file__).parents[3],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
    )
    assert process.stdout is not None
    try:
        match = re.search(r"http://[\d.:]+", process.stdout.readline())
        assert match is not None
        end = time.monotonic() + 120
        while not httpx.get(
            f"{match[0]}/health", timeout=20
        ).text:  # the page that stands in has no such path
            assert time.monotonic() < end, "the window did not open"
            time.sleep(0.2)
        yield match[0]
    finally:
        process.kill()
        process.communicate()


def test_a_window_for_this_computer_tells_what_is_wrong_in_words(tmp_path: Path) -> None:
    with window(tmp_path) as address:
        response = httpx.get(f"{address}/health")
        page = httpx.get(f"{address}/health", headers={"accept": "text/html"})
        ready = httpx.get(f"{address}/ready")
        assert httpx.get(f"{address}/metrics").status_code in (200, 501)
    problems = response.json()["problems"]
    assert (response.status_code, ready.status_code, response.json()["status"]) == (503, 503, "failing")
    assert [(one["name"], one["state"]) for one in problems] == [("model", "fault")]
    assert "hoidap models fetch" in problems[0]["detail"]
    assert problems[0]["vi"] in page.text and "default-src" in page.headers["content-security-policy"]


def test_a_window_with_a_password_tells_strangers_nothing_but_that_it_runs(tmp_path: Path) -> None:
    with window(tmp_path, HOIDAP_PASSWORD="mở ra") as address:
        assert httpx.get(f"{address}/health").json() == {"status": "failing", "loading": False}
        assert httpx.get(f"{address}/metrics").status_code == 403
        assert httpx.get(f"{address}/health", headers={"host": "evil.example"}).status_code == 403
        token = {"authorization": f"Bearer {TokenFile(tmp_path / 'store').new('prometheus', 'read')}"}
        assert httpx.get(f"{address}/metrics", headers=token).status_code in (200, 501)
        assert "problems" in httpx.get(f"{address}/health", headers=token).json()
        assert httpx.get(f"{address}/", headers=token).status_code == 401, "a token opens no window"
