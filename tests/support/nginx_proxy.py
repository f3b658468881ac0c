"""nginx of the tests' own, with blocks that the documents or ``deploy/`` tell."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest


def free_port() -> int:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@contextmanager
def running_nginx(home: Path, blocks: str, port: int) -> Iterator[None]:
    """Run nginx with the blocks of its ``http`` until the block ends; it answers on a port.

    Tests are skipped where it is not installed.
    """
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/bin")
    if nginx is None:
        pytest.skip("needs nginx, for example Debian's package nginx-light")
    (home / "nginx.conf").write_text(
        f"daemon off; pid {home}/pid; error_log {home}/error.log; worker_processes 1;\n"
        "events { worker_connections 1024; }\n"
        f"http {{ access_log off; client_body_temp_path {home}/body; proxy_temp_path {home}/proxy;\n"
        f"fastcgi_temp_path {home}/f; uwsgi_temp_path {home}/u; scgi_temp_path {home}/s;\n{blocks}}}\n",
        encoding="utf-8",
    )
    with subprocess.Popen([nginx, "-c", home / "nginx.conf", "-e", home / "error.log"]) as running:
        try:
            for _ in range(200):
                with closing(socket.socket()) as trying:
                    if trying.connect_ex(("127.0.0.1", port)) == 0:
                        break
                assert running.poll() is None, (home / "error.log").read_text(encoding="utf-8")
                time.sleep(0.05)
            yield
        finally:
            running.terminate()
