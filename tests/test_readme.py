"""Every command of the README's code is run as it is written, with stand-ins in place of the models."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from fakes import FakeEncoder, FakeGenerator, FakeMessages
from serve_app import QUESTION, REPLY, assistant, served

from index.store.store import Store
from rag.config import Config
from rag.query.retrieve import Retriever
from scripts.setup.install import Setup, Wanted
from scripts.setup.main import main as start
from ui.cli import main as hoidap

ROOT = Path(__file__).parents[1]


def commands(document: str) -> list[str]:
    """The commands of a document's shell code, in their order."""
    text = (ROOT / document).read_text(encoding="utf-8")
    lines = [line for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) for line in block.splitlines()]
    return [line for line in lines if line.split()[:1] and "=" not in line.split()[0]]


def words(command: str) -> list[str]:
    """What a shell makes of a command."""
    return [os.path.expanduser(word) for word in shlex.split(command, comments=True)]


@pytest.fixture
def home(tmp_path: Path, articles_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user with two folders of articles and a file of questions; the models are stand-ins."""
    for name in ("my-articles", "bai-viet"):
        shutil.copytree(articles_folder, tmp_path / name)
    asked = json.dumps({"question": QUESTION}, ensure_ascii=False)
    (tmp_path / "questions.jsonl").write_text(asked, encoding="utf-8")
    (tmp_path / "ban-thao.txt").write_text("Toàn huyện kết nạp 82 đảng viên mới.", encoding="utf-8")
    for variable in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "HOIDAP_MODELS"):
        monkeypatch.setenv(variable, str(tmp_path))
    monkeypatch.chdir(tmp_path)

    def open_retriever(config: Config, store: Path) -> Retriever:
        return Retriever(Store.open(store), FakeEncoder(), FakeMessages())

    def open_assistant(config: Config, store: Path) -> object:
        return assistant(Store.open(store), FakeGenerator(*[REPLY] * 3))

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    async def end_at_once(*_: object) -> None:
        return None

    for module in ("ui.cli.commands", "ui.cli.doctor"):
        monkeypatch.setattr(f"{module}.open_encoder", lambda config: FakeEncoder())
    monkeypatch.setattr("ui.cli.commands.open_retriever", open_retriever)
    for module in ("ui.cli.commands", "ui.cli.tools", "ui.serve.main"):
        monkeypatch.setattr(f"{module}.open_assistant", open_assistant)
    monkeypatch.setattr("index.watch.FolderWatch.run", interrupted)
    monkeypatch.setattr("ui.serve.main.ApiServer.serve", end_at_once)
    monkeypatch.setattr("eval.cli.run", lambda args: 0)  # its own tests run it
    return tmp_path


README = [
    (document, command)
    for document in ("README.md", "README.vi.md")
    for command in commands(document)
    if words(command)[0] == "hoidap"
]


@pytest.mark.parametrize(("document", "command"), README, ids=lambda value: value[:40])
def test_a_command_of_the_readme_works(
    home: Path, capsys: pytest.CaptureFixture[str], document: str, command: str
) -> None:
    assert hoidap(["sync", str(home / "my-articles")]) == 0
    capsys.readouterr()
    code = hoidap(words(command)[1:])
    told = capsys.readouterr()
    missing_models = words(command)[1] == "doctor"
    assert code == (1 if missing_models else 0), told.err
    assert told.out or words(command)[1] == "eval" or (home / "answers.jsonl").read_text(encoding="utf-8")


@pytest.mark.parametrize("document", ["README.md", "README.vi.md"])
def test_the_start_of_the_readme_works(home: Path, document: str, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[tuple[str, object]] = []

    def install(setup: Setup, wanted: Wanted) -> None:
        done.append(("install", wanted.extras))

    def window(
        python: Path, root: Path, console: object, system: object, told: list[str], **_: object
    ) -> int:
        done.append(("window", told[0] if told[0] != "--store" else ""))
        return 0

    monkeypatch.setattr(Setup, "run", install)
    monkeypatch.setattr("scripts.setup.main.open_window", window)
    monkeypatch.setattr("scripts.setup.main.ROOT", home / "clone")
    (home / "clone" / "eval" / "corpus").mkdir(parents=True)
    started = [words(command) for command in commands(document) if "start.py" in command]
    assert len(started) == 2
    for command in started:
        assert command[:2] == ["python3", "start.py"]
        assert start(command[2:]) == 0
    folders = [told for what, told in done if what == "window"]
    own = {"README.md": "my-articles", "README.vi.md": "bai-viet"}[document]
    assert folders == ["", str(home / own)], "the first start asks in the window"
    assert [told for what, told in done if what == "install"] == [("fast",)] * 2


def test_the_tokens_of_the_documents_are_made_in_their_order(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert hoidap(["sync", str(home / "my-articles")]) == 0
    for command in commands("docs/programs.md"):
        if words(command)[0] == "hoidap":
            assert hoidap(words(command)[1:]) == 0, command
    capsys.readouterr()
    assert hoidap(["token", "list"]) == 0
    assert capsys.readouterr().out.startswith("dong-bo ")


def run_shell(command: str, folder: Path, variables: dict[str, str]) -> Sequence[object]:
    told = subprocess.run(
        command, shell=True, cwd=folder, env={**os.environ, **variables}, capture_output=True, text=True
    )
    assert told.returncode == 0, told.stderr
    return told.stdout


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_requests_of_the_documents_are_answered(store: Store, tmp_path: Path) -> None:
    (tmp_path / "tin.txt").write_text("Tin mới\n\nXã Tân Sơn có điện ngày 2/9.", encoding="utf-8")
    asked = [command for command in commands("docs/programs.md") if command.startswith("curl")]
    assert len(asked) == 9
    with served(store, REPLY) as server:
        token = server.tokens.new("ghi", "write")
        address = server.address.removeprefix("http://")
        for command in asked:
            here = command.replace("localhost:8600", address).replace("articles/ID", "articles/che.txt")
            said = run_shell(f'{here} -H "Authorization: Bearer $TOKEN"', tmp_path, {"TOKEN": token})
            assert not said or "error" not in json.loads(str(said)), command
    assert store.database.counts().articles == 5  # one added, one removed
