"""Every command of the README's code is run as it is written, with stand-ins in place of the models."""

from __future__ import annotations

import argparse
import json
import os
import re
import runpy
import shlex
import shutil
import subprocess
import warnings
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import pytest
from answer_maker import answer, ask
from fakes import FakeEncoder, FakeGenerator, FakeMessages
from postgres_server import PostgresServer
from serve_app import QUESTION, REPLY, assistant, served

from index.store.database.binding import bound_to
from index.store.store import Store
from rag.config import Config
from rag.retrieval.retrieve import Retriever
from scripts.setup.install import Setup, Wanted
from scripts.setup.main import main as start
from ui.cli import main as hoidap
from ui.cli.parser import build_parser
from ui.conversations.history import History
from ui.window.main import private_folder

ROOT = Path(__file__).parents[1]


def commands(document: str) -> list[str]:
    """The commands of a document's shell code, in their order."""
    text = (ROOT / document).read_text(encoding="utf-8")
    lines = [line for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) for line in block.splitlines()]
    return [line for line in lines if line.split()[:1] and "=" not in line.split()[0]]


def words(command: str) -> list[str]:
    """What a shell makes of a command."""
    return [os.path.expanduser(word) for word in shlex.split(command, comments=True)]


def names_a_database(command: str) -> bool:
    """Whether a command takes the file in which the address of a database stands."""
    return any(word.endswith(".toml") for word in words(command))


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
    monkeypatch.setattr("index.sync.watch.FolderWatch.run", interrupted)
    monkeypatch.setattr("ui.serve.main.ApiServer.serve", end_at_once)
    monkeypatch.setattr("eval.commands.cli.run", lambda args: 0)  # its own tests run it
    return tmp_path


README = [
    (document, command)
    for document in ("README.md", "README.vi.md")
    for command in commands(document)
    if words(command)[0] == "hoidap" and not names_a_database(command)
]


@pytest.mark.parametrize(("document", "command"), README, ids=lambda value: value[:40])
def test_a_command_of_the_readme_works(
    home: Path, capsys: pytest.CaptureFixture[str], document: str, command: str
) -> None:
    assert hoidap(["sync", str(home / "my-articles")]) == 0
    capsys.readouterr()
    code = hoidap(words(command)[1:])
    captured = capsys.readouterr()
    missing_models = words(command)[1] == "doctor"
    assert code == (1 if missing_models else 0), captured.err
    assert captured.out or words(command)[1] == "eval" or (home / "answers.jsonl").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("document", "config", "old"),
    [("README.md", "office.toml", "old-store"), ("README.vi.md", "co-quan.toml", "kho-cu")],
)
def test_the_commands_over_a_database_work(
    home: Path,
    postgres: PostgresServer,
    capsys: pytest.CaptureFixture[str],
    document: str,
    config: str,
    old: str,
) -> None:
    def empty_office() -> str:
        url = postgres.new_database()
        (home / config).write_text(f'[database]\nurl = "{url}"\n', encoding="utf-8")
        shutil.rmtree(home / Path(config).stem, ignore_errors=True)
        return url

    read, looked, copied, talked = (one for one in commands(document) if names_a_database(one))
    assert hoidap(["sync", str(home / "my-articles"), "--store", str(home / old)]) == 0
    ask(History(private_folder(home / old) / "conversations.sqlite3"), answer())
    url = empty_office()
    assert hoidap(words(read)[1:]) == 0
    assert bound_to(home / Path(config).stem) == url
    capsys.readouterr()
    assert hoidap(words(looked)[1:]) == 1, "the stand-ins of the models are not installed"
    assert "PostgreSQL" in capsys.readouterr().out
    url = empty_office()
    for command in (copied, talked):
        assert hoidap(words(command)[1:]) == 0, capsys.readouterr().err
    assert bound_to(home / Path(config).stem) == url
    capsys.readouterr()
    assert hoidap(["verify", "--store", str(home / Path(config).stem)]) == 0
    assert [talk.title for talk in History(url).conversations()] == [answer().question]


def called_in_sentences(document: str) -> set[str]:
    """The commands that stand in the running text of a document."""
    text = re.sub(r"```.*?```", "", (ROOT / document).read_text(encoding="utf-8"), flags=re.DOTALL)
    found = re.findall(r"`(?:[A-Z_]+=\S+ )?((?:hoidap|python3?|make|pip install)\s[^`]+)`", text)
    return {" ".join(one.split()) for one in found}


NOT_RUN = {
    "hoidap mcp": "it speaks on standard input until that ends: tests/ui/serve/test_serve_mcp.py",
    "hoidap ui": "it serves until it is ended: tests/test_packaging.py, tests/ui/window",
    "hoidap store copy": "it takes two stores, which the documents tell elsewhere: the tests over a database, below",
    "hoidap sync --ray": "it takes a cluster: tests/index/cluster",
    "hoidap eval retrieval": "it takes the questions' own articles: tests/eval",
    "make eval": "it measures for an hour",
    "make test": "it would run this test",
    "pip install": "it takes the network; the extra is there",
    "python -m": "it measures for minutes, some over files of one's own; module and options are there",
    "python3 start.py": "it installs; below it is run as far as that",
}
"""The beginnings of commands in running text that are not run here, and why, or what runs them."""
IN_SENTENCES = [
    (document, called)
    for document in ("README.md", "README.vi.md")
    for called in sorted(called_in_sentences(document))
    if not called.startswith(tuple(NOT_RUN)) and "--ray" not in called
]


@pytest.mark.parametrize(("document", "called"), IN_SENTENCES, ids=lambda value: value[:40])
def test_what_a_sentence_of_the_readme_names_works(
    home: Path, capsys: pytest.CaptureFixture[str], document: str, called: str
) -> None:
    """The words in capitals stand for what a reader puts there."""
    first, *rest = words(called)
    if first == "make":
        # Called by `make test`, this make would be one below it and tell which folder it enters.
        completed = subprocess.run(
            ["make", "--no-print-directory", *rest, "PYTHON=echo"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        folders = [word.removeprefix("FOLDER=") for word in rest[1:]]
        assert all(completed.stdout.split()[:2] == ["start.py", folder] for folder in folders)
        return
    assert hoidap(["sync", str(home / "my-articles")]) == 0
    capsys.readouterr()
    put = {
        "FOLDER": str(home / "my-articles"),
        "THƯ_MỤC": str(home / "my-articles"),
        "eval/corpus": str(home / "bai-viet"),
    }
    put |= {"ARTICLE": "kim-lien.txt", "BÀI": "kim-lien.txt", "…": QUESTION}
    assert hoidap([put.get(word, word) for word in rest]) == 0, capsys.readouterr().err
    reports = [word for word in rest if word.endswith(".json")]
    assert all(json.loads((home / name).read_text(encoding="utf-8")) for name in reports)


def test_every_reason_for_not_running_a_command_is_needed() -> None:
    called = {one for document in ("README.md", "README.vi.md") for one in called_in_sentences(document)}
    needed = {begin for begin in NOT_RUN if any(one.startswith(begin) for one in called)}
    assert needed | {"hoidap sync --ray"} == set(NOT_RUN)
    assert any("--ray" in one for one in called)


CALLED = [
    (document, called)
    for document in (
        "README.md", "README.vi.md", "CONTRIBUTING.md", "models.md", "docs/operation.md", "docs/programs.md",
        "docs/scale.md",
    )
    for called in sorted(called_in_sentences(document))
]  # fmt: skip


def parser_of(words: list[str]) -> tuple[argparse.ArgumentParser, list[str]]:
    """The parser of a command, and the words that it would be given."""
    parser = build_parser()
    while True:
        inner = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
        if not (inner and words and words[0] in inner[0].choices):
            return parser, words
        parser, words = inner[0].choices[words[0]], words[1:]


def help_of(module: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    """What ``python -m MODULE --help`` prints."""
    monkeypatch.setattr("sys.argv", [module, "--help"])
    with pytest.raises(SystemExit) as left, warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # the module may be imported already
        runpy.run_module(module, run_name="__main__")
    assert left.value.code == 0
    return capsys.readouterr().out


@pytest.mark.parametrize(("document", "called"), CALLED)
def test_what_a_sentence_names_can_be_called(
    document: str, called: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Commands in running text are not run, but there is such a command with such options."""
    first, *rest = shlex.split(called)
    if first == "hoidap":
        parser, given = parser_of(rest)
        assert given != rest, called
        assert {word for word in given if word.startswith("-")} <= set(parser._option_string_actions)
    elif first == "make":
        assert re.search(rf"^{rest[0]}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    elif first == "pip":
        (extra,) = re.findall(r"hoidap\[(\w+)\]", called)
        assert f"\n{extra} = [" in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    elif rest[:2] == ["-m", "pytest"]:
        assert (ROOT / rest[2]).is_file()
    elif rest[0] == "-m":
        assert find_spec(rest[1]) is not None
        if options := {word for word in rest[2:] if word.startswith("-")}:
            assert options <= set(re.findall(r"--?[a-z][\w-]*", help_of(rest[1], monkeypatch, capsys)))
    else:
        assert (ROOT / rest[0]).is_file()


@pytest.mark.parametrize("document", ["README.md", "README.vi.md"])
def test_the_start_of_the_readme_works(home: Path, document: str, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[tuple[str, object]] = []

    def install(setup: Setup, wanted: Wanted) -> None:
        done.append(("install", wanted.extras))

    def window(
        python: Path, root: Path, console: object, system: object, arguments: list[str], **_: object
    ) -> int:
        done.append(("window", arguments[0] if arguments[0] != "--store" else ""))
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
    folders = [arguments for what, arguments in done if what == "window"]
    folder = {"README.md": "my-articles", "README.vi.md": "bai-viet"}[document]
    assert folders == ["", str(home / folder)], "the first start asks in the window"
    assert [arguments for what, arguments in done if what == "install"] == [("fast",)] * 2


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
    completed = subprocess.run(
        command, shell=True, cwd=folder, env={**os.environ, **variables}, capture_output=True, text=True
    )
    assert completed.returncode == 0, completed.stderr
    return completed.stdout


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
            output = run_shell(f'{here} -H "Authorization: Bearer $TOKEN"', tmp_path, {"TOKEN": token})
            assert not output or "error" not in json.loads(str(output)), command
    assert store.database.counts().articles == 5  # one added, one removed
