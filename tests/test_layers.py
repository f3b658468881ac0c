"""The folders import one way: index <- rag <- {ui, eval}."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HEAVY = {"torch", "sentence_transformers", "transformers", "openvino", "llama_cpp", "gradio", "faiss"}
ALLOWED = {
    "index": {"index"},
    "rag": {"index", "rag"},
    "eval": {"index", "rag", "eval"},
    "ui": {"index", "rag", "ui"},
}
OPEN_TO_ALL = {Path("ui/cli/__init__.py"), Path("ui/cli/parser.py")}
FOLDERS = sorted(ALLOWED)
FILES = sorted(path.relative_to(ROOT) for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))


def imports(tree: ast.AST) -> Iterator[tuple[str, ast.stmt]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, node


@pytest.mark.parametrize("path", FILES, ids=str)
def test_imports_run_one_way(path: Path) -> None:
    own = path.parts[0]
    for module, node in imports(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        folder = module.split(".")[0]
        if folder not in ALLOWED:
            continue
        assert folder in ALLOWED[own] or path in OPEN_TO_ALL, f"{path}:{node.lineno} imports {module}"
        assert isinstance(node, ast.ImportFrom), (
            f"{path}:{node.lineno} rebinds a name: use 'from {module} import'"
        )


@pytest.mark.parametrize("path", FILES, ids=str)
def test_importing_loads_no_model_library(path: Path) -> None:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    for node in tree.body:
        for module, _ in imports(node) if isinstance(node, ast.Import | ast.ImportFrom) else ():
            heavy = module.split(".")[0] in HEAVY
            assert not heavy or path.parts[0] == "ui", f"{path}:{node.lineno} imports {module} at once"
