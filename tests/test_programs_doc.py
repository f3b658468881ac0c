"""What docs/programs.md shows works as it is written."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from fakes import FakeGenerator
from serve_app import assistant, served

from index.store.store import Store
from rag.config import Config
from ui.cli.parser import build_parser

ROOT = Path(__file__).parents[1]
DOCUMENT = (ROOT / "docs" / "programs.md").read_text(encoding="utf-8")
REPLY = "Trong 9 tháng, tỷ lệ hộ nghèo của huyện còn 1,29%."
LED = "Tại huyện Ba Sen (10/2020): "


def blocks(language: str) -> Sequence[str]:
    return re.findall(rf"```{language}\n(.*?)```", DOCUMENT, re.DOTALL)


def printed(code: str, capsys: pytest.CaptureFixture[str]) -> list[str]:
    exec(compile(code, "docs/programs.md", "exec"), {})
    return capsys.readouterr().out.splitlines()


def test_the_python_of_openai_s_client_runs_as_written(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    (code,) = (block for block in blocks("python") if "openai" in block)
    narrowed = code.replace('"sources": ["tin-huyen/"]', '"sources": ["ba-sen.txt"]')
    with served(store, REPLY) as server:
        output = printed(narrowed.replace("http://127.0.0.1:8600", server.address), capsys)
    assert output[0] == f"{LED}{REPLY} [1]"
    assert output[1].startswith(f"Huyện Ba Sen giảm nghèo {server.address}/articles/ba-sen.txt?start=")


def test_the_python_of_the_facade_runs_as_written(
    store: Store, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = []

    def open_with_fakes(config: Config, folder: Path) -> object:
        opened.append(folder)
        return assistant(store, FakeGenerator(REPLY))

    monkeypatch.setattr("rag.assemble.open_assistant", open_with_fakes)
    (code,) = (block for block in blocks("python") if "from rag import" in block)
    output = printed(code, capsys)
    assert opened == [Path("my-store")]
    assert output == [
        f"{LED}{REPLY} [1]",
        "Huyện Ba Sen giảm nghèo — Trong 9 tháng, huyện giảm 45 hộ nghèo, đưa tỷ lệ hộ nghèo còn 1,29%.",
    ]


def test_importing_rag_loads_nothing() -> None:
    code = "import sys, rag; print(sorted(name for name in sys.modules if name.startswith(('rag.', 'index', 'numpy'))))"
    completed = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert completed.stdout.strip() == "[]"


def test_the_settings_of_other_programs_name_commands_that_exist() -> None:
    for block in blocks("json"):
        (servers,) = json.loads(block).values()
        server = servers["hoidap"]
        if "command" in server:
            assert server["command"] == "hoidap"
            assert build_parser().parse_args(server["args"]).run.__name__ == "run_mcp"
        else:
            assert server["url"].endswith("/mcp")
