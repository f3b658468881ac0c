"""The folders import one way, index <- rag <- {ui, eval}, and each room uses only what its line of the table allows."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HEAVY = {
    "torch", "sentence_transformers", "transformers", "openvino", "llama_cpp", "gradio", "faiss", "ray", "pyarrow",
}  # fmt: skip
ALLOWED = {
    "index": {"index"},
    "rag": {"index", "rag"},
    "eval": {"index", "rag", "eval"},
    "ui": {"index", "rag", "ui"},
}
ROOMS = {
    "index": "index/*",
    "index/text": "index",
    "index/cluster": "index index/ingest index/models index/store index/text",
    "index/models": "index",
    "index/ingest": "index index/models index/text",
    "index/store": "index index/ingest index/models index/text",
    "rag": "index index/* rag/collection rag/proof rag/query rag/reader rag/several rag/writer",
    "rag/collection": "index index/* rag rag/proof rag/query",
    "rag/proof": "index index/* rag rag/query rag/reader",
    "rag/query": "index index/* rag rag/collection rag/proof",
    "rag/reader": "index index/* rag rag/proof",
    "rag/several": "index index/* rag rag/proof rag/query rag/reader",
    "rag/training": "index index/* rag rag/*",
    "rag/writer": "index index/* rag",
    "ui": "index index/* rag ui/views",
    "ui/articles": "index index/* rag ui ui/window",
    "ui/cli": "eval index index/* rag ui ui/*",
    "ui/conversations": "index index/* rag ui ui/operation ui/views",
    "ui/operation": "index index/* rag rag/writer ui ui/articles ui/views",
    "ui/serve": "index index/* rag ui ui/articles ui/conversations ui/operation ui/views ui/window",
    "ui/settings": "index index/* rag ui ui/articles ui/views ui/window",
    "ui/tools": "index index/* rag ui ui/views ui/window",
    "ui/views": "index index/* rag ui ui/articles ui/conversations ui/settings ui/tools",
    "ui/window": "index index/* rag ui ui/*",
    "eval": "eval/* index index/* rag rag/*",
    "eval/benchmarks": "eval eval/* index index/* rag rag/*",
    "eval/metrics": "eval/sets index/text rag",
    "eval/report": "eval eval/benchmarks eval/metrics index rag",
    "eval/sets": "eval eval/metrics index index/*",
}
"""Which rooms each room may use beside itself; a star stands for all rooms of a floor."""
ANSWERS = {"rag.marks", "rag.schema"}
"""What an answer is: all of the product that whoever grades one may know."""
DOORS = ANSWERS | {"rag.assemble", "rag.assistant", "rag.config", "rag.errors"}
"""How the evaluation opens the product and asks it."""
MEASURED = {
    "eval/baselines.py": {"rag.writer.generator"},
    "eval/messages.py": {"rag.query.retrieve", "rag.replying"},
    "eval/tools.py": {
        "rag.check", "rag.query.retrieve", "rag.reader.calibration", "rag.reader.model", "rag.table",
    },
    "eval/benchmarks/ablation.py": {
        "rag.proof.verify", "rag.query.condense", "rag.reader.decode", "rag.reader.model", "rag.writer.generator",
    },
    "eval/benchmarks/reading.py": {"rag.reader.decode", "rag.reader.model", "rag.training"},
    "eval/benchmarks/retrieval.py": {"rag.query.retrieve"},
    "eval/benchmarks/several.py": {"rag.writer.generator"},
    "eval/benchmarks/speed.py": {"rag.query.retrieve", "rag.reader.calibration"},
    "eval/benchmarks/speed_search.py": {"rag.query.retrieve"},
    "eval/benchmarks/unseen.py": {"rag.training.data"},
}  # fmt: skip
"""What a part of the evaluation uses beside the doors: the part of the product that it times, calls or switches off."""
GRADES = ("eval/score.py", "eval/evidence.py", "eval/metrics/", "eval/report/", "eval/sets/")
"""Where answers are graded and the grades are told."""
OPEN_TO_ALL = {Path("ui/cli/__init__.py"), Path("ui/cli/parser.py")}
FOLDERS = sorted(ALLOWED)
FILES = sorted(path.relative_to(ROOT) for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


def imports(tree: ast.AST) -> Iterator[tuple[str, ast.Import | ast.ImportFrom]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, node


@pytest.mark.parametrize("path", FILES, ids=str)
def test_imports_run_one_way(path: Path) -> None:
    own = path.parts[0]
    for module, node in imports(tree_of(path)):
        folder = module.split(".")[0]
        if folder not in ALLOWED:
            continue
        assert folder in ALLOWED[own] or path in OPEN_TO_ALL, f"{path}:{node.lineno} imports {module}"
        assert isinstance(node, ast.ImportFrom), (
            f"{path}:{node.lineno} rebinds a name: use 'from {module} import'"
        )


def room(path: Path) -> str:
    return "/".join(path.parts[:2]) if len(path.parts) > 2 else path.parts[0]


def test_every_room_has_its_rule() -> None:
    assert {room(path) for path in FILES} == ROOMS.keys()


@pytest.mark.parametrize("path", FILES, ids=str)
def test_a_room_uses_only_those_that_it_may(path: Path) -> None:
    own = room(path)
    for module, node in imports(tree_of(path)):
        names = [module, *(f"{module}.{alias.name}" for alias in node.names)]
        for used in {used_room(name) for name in names} - {own, None}:
            allowed = ROOMS[own].split()
            assert used in allowed or f"{used.split('/')[0]}/*" in allowed, (
                f"{path}:{node.lineno} uses {used}"
            )


EVALUATION = [path for path in FILES if path.parts[0] == "eval"]


@pytest.mark.parametrize("path", EVALUATION, ids=str)
def test_the_evaluation_grades_by_no_rule_of_the_product(path: Path) -> None:
    """Labels judge an answer; whatever proves, reads or words it in the product has no say in its own grade."""
    tree = tree_of(path)
    used = {module for module, _ in imports(tree) if module.split(".")[0] == "rag"}
    grades = path.as_posix().startswith(GRADES)
    own = MEASURED.get(path.as_posix(), set())
    assert used <= (ANSWERS if grades else DOORS | own), f"{path} uses {sorted(used - DOORS - own)}"
    assert own <= used, f"{path} no longer uses {sorted(own - used)}: take it out of the table"


def used_room(name: str) -> str | None:
    """The room of a module or of a name in it."""
    parts = name.split(".")
    if parts[0] not in ALLOWED or len(parts) < 2:
        return None
    return "/".join(parts[:2]) if (ROOT / parts[0] / parts[1]).is_dir() else parts[0]


def used_modules() -> dict[str, set[str]]:
    """For each room the modules and folders in it that other rooms import."""
    used: dict[str, set[str]] = defaultdict(set)
    for path in FILES:
        for module, node in imports(tree_of(path)):
            for name in (module, *(f"{module}.{alias.name}" for alias in node.names)):
                of = used_room(name)
                rest = name.split(".")[len(of.split("/")) :] if of and of != room(path) else []
                place = ROOT.joinpath(*(of or "").split("/"), *rest[:1])
                if rest and (place.is_dir() or place.with_suffix(".py").is_file()):
                    used[of or ""].add(rest[0])
    return used


USED = used_modules()


@pytest.mark.parametrize("own", ROOMS)
def test_a_room_says_what_of_it_others_use(own: str) -> None:
    """The list is ``__all__`` of the room: what is not in it can be changed without looking elsewhere."""
    tree = tree_of(Path(own) / "__init__.py")
    listed = [
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
    ]
    functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert listed and set(listed[0]) - functions == USED[own]


@pytest.mark.parametrize("path", FILES, ids=str)
def test_importing_loads_no_model_library(path: Path) -> None:
    tree = tree_of(path)
    for node in tree.body:
        for module, _ in imports(node) if isinstance(node, ast.Import | ast.ImportFrom) else ():
            heavy = module.split(".")[0] in HEAVY
            assert not heavy or path.parts[0] == "ui", f"{path}:{node.lineno} imports {module} at once"
