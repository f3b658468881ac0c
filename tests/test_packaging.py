"""The built wheel holds everything that runs, and runs from it alone."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import time
import venv
import zipfile
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import httpx
import pytest

from scripts.setup.environment.project import name_of, requirements
from scripts.setup.system import first_address

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
FOLDERS = ("index", "rag", "ui", "eval")
APART = {"huggingface-hub"}  # imported by a process of its own, whose program is a text
DRAWING = {"reportlab"}  # for the PDFs of a benchmark; it comes with what the tests need
ASKED = requirements(
    (ROOT / "pyproject.toml").read_text(encoding="utf-8"),
    ("fast", "metrics", "milvus", "postgres", "ray", "train"),
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of what git keeps, built without reaching for anything."""
    folder = tmp_path_factory.mktemp("wheel")
    kept = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    for name in filter(None, kept.stdout.split("\0")):
        if (ROOT / name).is_file() and (name.split("/")[0] in FOLDERS or "/" not in name):
            (folder / "source" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / "source" / name)
    build = "from hatchling.build import build_wheel; import sys; build_wheel(sys.argv[1])"
    subprocess.run([sys.executable, "-c", build, str(folder)], cwd=folder / "source", check=True)
    return next(folder.glob("*.whl"))


def test_every_file_of_the_four_folders_is_in_it(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
        metadata = archive.read("hoidap-0.1.0.dist-info/METADATA").decode()
        entry_points = archive.read("hoidap-0.1.0.dist-info/entry_points.txt").decode()
    source = wheel.parent / "source"
    wanted = {
        path.relative_to(source).as_posix()
        for folder in FOLDERS
        for path in (source / folder).rglob("*")
        if path.is_file()
    }
    assert wanted - held == set()
    assert {"index/models/catalogue.toml", "rag/reader/weights.safetensors", "ui/py.typed"} <= held
    assert not any(name.startswith(("tests/", "scripts/")) for name in held)
    assert "hoidap = ui.cli:run" in entry_points
    assert metadata.count("Requires-Dist: ") >= len(ASKED)


def test_it_runs_from_the_wheel_alone(wheel: Path, tmp_path: Path) -> None:
    code = "import sys; sys.path.insert(0, sys.argv.pop(1)); from ui.cli import run; import ui; "
    code += "assert '.whl' in ui.__file__ or 'taken' in ui.__file__, ui.__file__; sys.exit(run())"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "taken")
    variables = {**os.environ, "HOIDAP_MODELS": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)}
    for arguments in (["models", "list"], ["token", "new", "a", "--write"], ["completion", "bash"]):
        command = [sys.executable, "-c", code, str(tmp_path / "taken"), *arguments]
        completed = subprocess.run(command, cwd=tmp_path, env=variables, capture_output=True, text=True)
        assert completed.returncode == 0 and completed.stdout, completed.stderr


@pytest.fixture(scope="module")
def tool(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command of the wheel in an environment of its own, as pipx and uv make it; the libraries are those here."""
    folder = tmp_path_factory.mktemp("tool")
    venv.create(folder, with_pip=False)
    variables = {"base": str(folder), "platbase": str(folder)}
    scripts, packages = (Path(sysconfig.get_path(name, "venv", variables)) for name in ("scripts", "purelib"))
    libraries = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (packages / "libraries.pth").write_text("\n".join(libraries), encoding="utf-8")
    pip = [sys.executable, "-m", "pip", "--python", str(folder)]
    subprocess.run([*pip, "install", "--quiet", "--no-index", "--no-deps", str(wheel)], check=True)
    return scripts / "hoidap"


@pytest.fixture
def person(tmp_path: Path) -> dict[str, str]:
    """The variables of somebody who has just installed it, without models or settings."""
    home = {name: str(tmp_path) for name in ("HOME", "LOCALAPPDATA", "XDG_DATA_HOME", "XDG_CONFIG_HOME")}
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return {**variables, **home, "HOIDAP_MODELS": str(tmp_path / "models")}


def test_the_doctor_of_an_installed_tool_tells_what_is_missing(
    tool: Path, person: dict[str, str], tmp_path: Path
) -> None:
    completed = subprocess.run(
        [tool, "doctor", "--json"], cwd=tmp_path, env=person, capture_output=True, text=True
    )
    found = {row["name"]: row for row in json.loads(completed.stdout)}
    assert completed.returncode == 1, completed.stderr
    assert [found[name]["state"] for name in ("libraries", "engine", "model", "store")] == [
        "ok", "ok", "missing", "missing",
    ]  # fmt: skip
    assert found["model"]["remedy"].startswith("run 'hoidap models fetch ")
    assert found["store"]["remedy"] == "run 'hoidap sync FOLDER'"


def test_the_installed_tool_alone_opens_the_window(
    tool: Path, person: dict[str, str], tmp_path: Path
) -> None:
    """Without models and articles: a person gets both from the window."""
    window = subprocess.Popen([tool], cwd=tmp_path, env=person, stdout=subprocess.PIPE, text=True)
    assert window.stdout is not None
    try:
        address = first_address(window.stdout.readline())
        assert address is not None
        end = time.monotonic() + 120
        while (page := httpx.get(address, follow_redirects=True, timeout=60)).status_code == 503:
            assert time.monotonic() < end, "the window does not get ready"
            time.sleep(0.2)
        assert page.status_code == 200
        assert "gradio" in page.text and "Hỏi Đáp" in page.text
        problems = httpx.get(f"{address.partition('?')[0]}health", timeout=60).json()["problems"]
        assert ["hoidap models fetch" in problem["detail"] for problem in problems] == [True]
    finally:
        window.terminate()
        window.wait(30)
        window.stdout.close()


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_the_shell_fills_in_commands_options_and_files(
    tool: Path, person: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "articles").mkdir()
    script = subprocess.run(
        [tool, "completion", "bash"], env=person, capture_output=True, text=True, check=True
    )
    (tmp_path / "completion.sh").write_text(script.stdout, encoding="utf-8")
    asked = {
        "hoidap sy": "sync", "hoidap models ve": "verify", "hoidap ask --st": "--store",
        "hoidap sync art": "articles", "hoidap sync --store art": "articles", "hoidap check com": "completion.sh",
    }  # fmt: skip
    lines = [
        "source ./completion.sh",
        "fill() { COMP_WORDS=($1); COMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 )); COMPREPLY=(); "
        'local name=$(complete -p hoidap); name=${name##*-F }; ${name% *} hoidap "${COMP_WORDS[COMP_CWORD]}"; '
        'echo "${COMPREPLY[@]}"; }',
        *(f"fill '{words}'" for words in asked),
    ]
    filled = subprocess.run(
        ["bash", "--norc", "-c", "\n".join(lines)], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert filled.stdout.splitlines() == [*asked.values()]


def imported(folder: Path) -> Iterator[str]:
    """The names of the packages that are imported somewhere in a folder, at once or when they are needed."""
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from (alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield node.module.partition(".")[0]


def test_all_that_is_imported_is_asked_for_and_nothing_else() -> None:
    names = {name for folder in FOLDERS for name in imported(ROOT / folder)}
    foreign = names - set(FOLDERS) - sys.stdlib_module_names - {"tomllib"}  # which Python 3.10 lacks
    owners = packages_distributions()
    taken = {owner.lower().replace("_", "-") for name in foreign for owner in owners.get(name, [name])}
    assert taken - DRAWING | APART == {name_of(one) for one in ASKED}


def test_the_readme_says_why_each_package_is_needed() -> None:
    section = (ROOT / "README.md").read_text(encoding="utf-8").partition("## Dependencies")[2]
    named = "\n".join(re.findall(r"^\| (.*?) \|", section, re.MULTILINE))
    assert [name for name in map(name_of, ASKED) if not re.search(rf"\b{name}\b", named)] == []
