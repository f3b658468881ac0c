"""Extras stay extras: what lacks is named with its install command, and who does not use one does not load it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from index.cluster.ray_cluster import check_ray
from index.encoding.encoder import choose_backend
from index.store.database.postgres import Postgres
from index.store.milvus.connection import Connection, MilvusAt
from rag.training.gguf_files import read_qwen2
from scripts.setup.environment.project import name_of, requirements
from ui.cli import main
from ui.operation.metrics import INSTALL

ROOT = Path(__file__).parents[1]
LACKING: dict[str, tuple[str, Callable[[], object]]] = {
    "fast": ("openvino", lambda: choose_backend("openvino", None)),
    "milvus": (
        "pymilvus",
        lambda: Connection(MilvusAt("http://127.0.0.1:9")).write(lambda client, seconds: None),
    ),
    "postgres": ("psycopg", lambda: Postgres("postgresql://127.0.0.1:9/x")),
    "ray": ("ray", check_ray),
    "train": ("gguf", lambda: read_qwen2(Path("model.gguf"))),
}
"""The package that is not there, and what needs it; ``metrics`` is a page: tests/ui/operation/test_metrics.py."""


@pytest.mark.parametrize("extra", LACKING)
def test_what_lacks_is_named_with_its_command(extra: str, monkeypatch: pytest.MonkeyPatch) -> None:
    package, use = LACKING[extra]
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(Exception, match=rf"pip install 'hoidap\[{extra}\]'") as caught:
        use()
    assert not isinstance(caught.value, ImportError), "an error that the commands catch"


@pytest.mark.parametrize(
    ("package", "extra", "settings", "words"),
    [
        ("psycopg", "postgres", '[database]\nurl = "postgresql://127.0.0.1:9/x"\n', []),
        ("ray", "ray", "", ["--ray", "local"]),
    ],
)
def test_a_command_tells_it_in_one_sentence(
    package: str,
    extra: str,
    settings: str,
    words: list[str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    (tmp_path / "c.toml").write_text(settings, encoding="utf-8")
    (tmp_path / "bai-viet").mkdir()
    (tmp_path / "bai-viet" / "tin.txt").write_text("Tin\n\nXã Tân Sơn có điện.", encoding="utf-8")
    places = ["--store", str(tmp_path / "store"), "--config", str(tmp_path / "c.toml")]
    assert main(["sync", str(tmp_path / "bai-viet"), *places, *words]) == 1
    told = capsys.readouterr().err
    assert f"pip install 'hoidap[{extra}]'" in told and "Traceback" not in told


def test_the_core_touches_none_of_them() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    core = {name_of(one) for one in requirements(project, ())}
    extras = {name_of(one) for one in requirements(project, (*LACKING, "metrics"))} - core
    loaded = {"openvino", "pymilvus", "milvus_lite", "prometheus_client", "gguf", "psycopg", "pyarrow", "ray"}
    assert {name.replace("-", "_") for name in extras} == loaded
    code = "import sys, index, rag, ui, rag.assemble, ui.cli.parser, ui.window.main, ui.serve.main\n"
    code += f"print(sorted({loaded} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_the_page_of_figures_names_its_extra() -> None:
    assert re.fullmatch(r"pip install 'hoidap\[metrics\]'", INSTALL)
