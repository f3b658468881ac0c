"""A server with the real models, as a process of its own."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from time import sleep
from typing import IO, Any

import pytest

from ui.cli import main as hoidap

ARTICLE = Path(__file__).parents[3] / "eval" / "corpus" / "a01-huyen-yen-ha-thu-ngan-sach-2019.txt"
QUESTION = "Năm 2019 tổng thu ngân sách nhà nước trên địa bàn huyện Yên Hạ đạt bao nhiêu?"
OPENING = {
    "protocolVersion": "2025-06-18",
    "capabilities": {},
    "clientInfo": {"name": "test", "version": "1"},
}


def send(stream: IO[str], number: int, method: str, params: dict[str, Any]) -> None:
    stream.write(json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params}) + "\n")
    stream.flush()


@pytest.mark.model
def test_a_program_that_leaves_in_the_midst_of_an_answer_ends_the_server_well(
    real_models: None, tmp_path: Path
) -> None:
    """Ended by Python alone, the thread of the answer died inside of a library, which ended all by a signal."""
    (tmp_path / "articles").mkdir()
    shutil.copy(ARTICLE, tmp_path / "articles")
    assert hoidap(["sync", str(tmp_path / "articles"), "--store", str(tmp_path / "store")]) == 0
    command = [sys.executable, "-m", "ui.cli", "mcp", "--store", str(tmp_path / "store")]
    ask = {"name": "ask_question", "arguments": {"question": QUESTION}}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin is not None and server.stdout is not None
        send(server.stdin, 1, "initialize", OPENING)
        assert json.loads(server.stdout.readline())["id"] == 1
        send(server.stdin, 2, "tools/call", ask)
        assert not json.loads(server.stdout.readline())["result"]["isError"]
        send(server.stdin, 3, "tools/call", ask)
        sleep(0.3)
        server.stdin.close()
        assert server.wait(60) == 0
