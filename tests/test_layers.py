"""The folders import one way, index <- rag <- {ui, eval}; each package uses only what its line of the table allows."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import TypeAlias

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
PACKAGES = {
    "index": "index/*",
    "index/text": "",
    "index/cluster": "index index/encoding index/ingest index/store index/sync index/text",
    "index/models": "index",
    "index/ingest": "index index/models index/text",
    "index/store": "index index/encoding index/ingest index/models index/text",
    "index/sync": "index index/encoding index/ingest index/store",
    "index/encoding": "index index/text",
    "rag": "index index/* rag/collection rag/multi_article rag/proof rag/query rag/reader rag/retrieval rag/tools "
    "rag/writer",
    "rag/collection": "index index/* rag rag/proof rag/query rag/retrieval",
    "rag/proof": "index index/* rag rag/query rag/reader",
    "rag/query": "index/* rag rag/proof",
    "rag/reader": "index index/* rag rag/proof",
    "rag/multi_article": "index index/* rag rag/proof rag/query rag/reader",
    "rag/suggestions": "index index/* rag rag/multi_article rag/proof",
    "rag/tools": "index index/* rag rag/proof rag/query rag/reader rag/retrieval",
    "rag/training": "index index/* rag rag/*",
    "rag/writer": "index index/* rag",
    "rag/retrieval": "index index/encoding index/store index/text rag rag/collection rag/proof rag/query",
    "ui": "index index/* rag rag/suggestions rag/tools ui/views",
    "ui/articles": "index index/* ui ui/window",
    "ui/cli": "eval eval/commands index index/* rag rag/suggestions rag/tools ui ui/*",
    "ui/conversations": "index index/* rag rag/suggestions ui ui/operation ui/views",
    "ui/operation": "index index/* rag rag/writer ui ui/articles ui/views",
    "ui/serve": "index index/* rag rag/tools ui ui/articles ui/operation ui/views ui/window",
    "ui/settings": "index index/* rag ui ui/articles ui/views ui/window",
    "ui/tools": "index index/* rag rag/tools ui ui/views ui/window",
    "ui/views": "index index/* rag rag/suggestions ui ui/articles ui/conversations ui/settings ui/tools",
    "ui/window": "index index/* rag rag/suggestions ui ui/*",
    "eval": "eval/* index index/* rag rag/*",
    "eval/commands": "eval eval/* index index/* rag rag/*",
    "eval/benchmarks": "eval eval/* index index/* rag rag/*",
    "eval/metrics": "eval/sets index/text rag",
    "eval/report": "eval eval/benchmarks eval/metrics rag",
    "eval/sets": "eval eval/metrics index index/*",
}
"""Which packages each package may use beside itself; a star stands for all packages of a layer."""
INNER = {
    "eval/benchmarks/cluster": "eval/benchmarks",
    "eval/benchmarks/formats": "eval/benchmarks",
    "eval/benchmarks/speed": "eval/benchmarks",
    "index/ingest/metadata": "index/ingest",
    "index/ingest/office": "index/ingest index/ingest/pdf index/ingest/rows index/ingest/web index/ingest/word",
    "index/ingest/pdf": "index/ingest index/ingest/office index/ingest/pdf/content index/ingest/rows",
    "index/ingest/pdf/content": "",
    "index/ingest/rows": "index/ingest index/ingest/web",
    "index/ingest/web": "index/ingest index/ingest/metadata index/ingest/office index/ingest/rows",
    "index/ingest/word": "index/ingest index/ingest/office index/ingest/pdf index/ingest/rows",
    "index/store/database": "",
    "index/store/local": "index/store index/store/database",
    "index/store/milvus": "index/store index/store/database",
    "rag/multi_article/answers": "rag/multi_article rag/multi_article/values",
    "rag/multi_article/values": "",
    "ui/serve/access": "ui/serve",
    "ui/serve/openai": "ui/serve",
    "ui/serve/routes": "ui/serve ui/serve/openai",
    "ui/window/access": "",
}
"""What a folder inside a package uses of the rest of that package; the package itself uses all its folders."""
ANSWERS = {"rag.citation_marks", "rag.schema"}
"""What an answer is: all of the product that whoever grades one may know."""
PUBLIC = ANSWERS | {"rag.assemble", "rag.assistant", "rag.config", "rag.errors"}
"""How the evaluation opens the product and asks it."""
MEASURED = {
    "eval/baselines.py": {"rag.writer.generator"},
    "eval/benchmarks/messages.py": {"rag.retrieval.retrieve", "rag.other_messages"},
    "eval/benchmarks/tools.py": {
        "rag.retrieval.retrieve", "rag.reader.calibrated_reader", "rag.reader.calibration", "rag.reader.model",
        "rag.tools.check_text", "rag.tools.table",
    },
    "eval/benchmarks/ablation.py": {
        "rag.proof.verify", "rag.query.condense", "rag.reader.decode", "rag.reader.model", "rag.writer.generator",
    },
    "eval/benchmarks/reading.py": {"rag.reader.decode", "rag.reader.model", "rag.training"},
    "eval/benchmarks/retrieval.py": {"rag.retrieval.retrieve"},
    "eval/benchmarks/several.py": {"rag.writer.generator"},
    "eval/benchmarks/speed/__main__.py": {"rag.retrieval.retrieve", "rag.reader.calibration"},
    "eval/benchmarks/speed/search.py": {"rag.query.message_kind", "rag.retrieval.retrieve"},
    "eval/benchmarks/unseen.py": {"rag.training.data"},
}  # fmt: skip
"""What a part of the evaluation uses beside these: the part of the product that it times, calls or switches off."""
GRADES = ("eval/score.py", "eval/evidence.py", "eval/metrics/", "eval/report/", "eval/sets/")
"""Where answers are graded and the grades are told."""
SEAMS = {"ui/window/access/gradio_seam.py", "ui/window/blocks.py"}
"""Where what Gradio does not document is used, each with tests that fail when a new version changes it."""
OPEN_TO_ALL = {Path("ui/cli/__init__.py"), Path("ui/cli/parser.py")}
FOLDERS = sorted(ALLOWED)
FILES = sorted(path.relative_to(ROOT) for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))


Imported: TypeAlias = tuple[str, ast.Import | ast.ImportFrom]
"""The name of a module, and where it is imported."""


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


@cache
def imports_of(path: Path) -> list[Imported]:
    return list(imports(tree_of(path)))


def imports(tree: ast.AST) -> Iterator[Imported]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, node


def every_import() -> Iterator[tuple[Path, str, ast.Import | ast.ImportFrom]]:
    """All imports of all files, with their file."""
    return ((path, module, node) for path in FILES for module, node in imports_of(path))


def names_of(module: str, node: ast.Import | ast.ImportFrom) -> list[str]:
    """A module that is imported, and each name of it, which may be a module too."""
    return [module, *(f"{module}.{alias.name}" for alias in node.names)]


def test_imports_run_one_way() -> None:
    faults = []
    for path, module, node in every_import():
        folder = module.split(".")[0]
        if folder not in ALLOWED:
            continue
        if folder not in ALLOWED[path.parts[0]] and path not in OPEN_TO_ALL:
            faults.append(f"{path}:{node.lineno} imports {module}")
        if not isinstance(node, ast.ImportFrom):
            faults.append(f"{path}:{node.lineno} rebinds a name: use 'from {module} import'")
    assert faults == []


def test_no_file_needs_itself_to_be_imported() -> None:
    """Imports inside functions, and those for the type checker, come later and may lead back."""
    needed = {
        ".".join(path.with_suffix("").parts): {
            name
            for node in tree_of(path).body
            if isinstance(node, ast.ImportFrom) and node.module
            for name in names_of(node.module, node)
            if is_module(name)
        }
        for path in FILES
    }
    in_order = list(TopologicalSorter(needed).static_order())  # raises CycleError, which names the circle
    assert in_order.index("index.schema") < in_order.index("rag.schema") < in_order.index("ui.window.app")


def package(path: Path) -> str:
    return "/".join(path.parts[:2]) if len(path.parts) > 2 else path.parts[0]


def test_every_package_and_every_folder_in_it_has_its_rule() -> None:
    assert {package(path) for path in FILES} == PACKAGES.keys()
    assert {path.parent.as_posix() for path in FILES} - PACKAGES.keys() == INNER.keys()


def test_a_package_uses_only_those_that_it_may() -> None:
    faults = []
    for path, module, node in every_import():
        importer = package(path)
        allowed = PACKAGES[importer].split()
        for used in {used_package(name) for name in names_of(module, node)} - {importer, None}:
            if used not in allowed and f"{used.split('/')[0]}/*" not in allowed:
                faults.append(f"{path}:{node.lineno} uses {used}")
    assert faults == []


def test_a_folder_inside_a_package_uses_only_what_it_may_of_the_package() -> None:
    uses: dict[str, set[str]] = {name: set() for name in INNER}
    for path, module, node in every_import():
        folder = path.parent.as_posix()
        for used in folders_used(module, node) - {folder}:
            if folder.count("/") == 2 and package(Path(used, "x.py")) == package(path):
                uses[folder].add(used)
    assert uses == {folder: set(allowed.split()) for folder, allowed in INNER.items()}


def test_a_folder_inside_a_package_says_what_of_it_is_used() -> None:
    used: dict[str, set[str]] = {name: set() for name in INNER}
    for path, module, node in every_import():
        for name in names_of(module, node):
            own, _, rest = name.rpartition(".")
            folder = own.replace(".", "/")
            if folder in INNER and folder != path.parent.as_posix() and is_module(name):
                used[folder].add(rest)
    assert {own: public_surface(own) or set() for own in INNER} == used


def test_the_evaluation_grades_by_no_rule_of_the_product() -> None:
    """Labels judge an answer; whatever proves, reads or words it in the product has no say in its own grade."""
    faults = []
    for path in (path.as_posix() for path in FILES if path.parts[0] == "eval"):
        used = {module for module, _ in imports_of(Path(path)) if module.split(".")[0] == "rag"}
        allowed = MEASURED.get(path, set())
        if beside := used - (ANSWERS if path.startswith(GRADES) else PUBLIC | allowed):
            faults.append(f"{path} uses {sorted(beside)}")
        if unused := allowed - used:
            faults.append(f"{path} no longer uses {sorted(unused)}: take it out of the table")
    assert faults == []
    assert {path for path in MEASURED if not (ROOT / path).is_file()} == set()


def used_package(name: str) -> str | None:
    """The package of a module or of a name in it."""
    parts = name.split(".")
    if parts[0] not in ALLOWED or len(parts) < 2:
        return None
    return "/".join(parts[:2]) if is_folder(parts[0], parts[1]) else parts[0]


@cache
def is_folder(*parts: str) -> bool:
    return ROOT.joinpath(*parts).is_dir()


@cache
def is_module(name: str) -> bool:
    return ROOT.joinpath(*name.split(".")).with_suffix(".py").is_file()


def folders_used(module: str, node: ast.Import | ast.ImportFrom) -> set[str]:
    """The folders in which the modules lie that an import reads."""
    modules = filter(is_module, names_of(module, node))
    return {name.rpartition(".")[0].replace(".", "/") for name in modules}


def used_modules() -> dict[str, set[str]]:
    """For each package the modules and folders in it that other packages import."""
    used: dict[str, set[str]] = defaultdict(set)
    for path, module, node in every_import():
        for name in names_of(module, node):
            of = used_package(name)
            rest = name.split(".")[len(of.split("/")) :] if of and of != package(path) else []
            place = ROOT.joinpath(*(of or "").split("/"), *rest[:1])
            if rest and (place.is_dir() or place.with_suffix(".py").is_file()):
                used[of or ""].add(rest[0])
    return used


def test_a_package_says_what_of_it_others_use() -> None:
    """The list is ``__all__`` of the package: what is not in it can be changed without looking elsewhere."""
    used = used_modules()
    assert {name: public_surface(name) for name in PACKAGES} == {name: used[name] for name in PACKAGES}


def public_surface(name: str) -> set[str] | None:
    """The modules in ``__all__`` of a folder, without its own functions; ``None`` where it has no list."""
    tree = tree_of(Path(name) / "__init__.py")
    listed = [
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
    ]
    functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    return set(listed[0]) - functions if listed else None


def test_only_the_seams_know_the_insides_of_gradio() -> None:
    inside = {
        path.as_posix()
        for path, module, _ in every_import()
        if module.startswith("gradio.") and module != "gradio.components"
    }
    assert inside == SEAMS


def test_importing_loads_no_model_library() -> None:
    faults = [
        f"{path}:{node.lineno} imports {module} at once"
        for path in FILES
        for node in tree_of(path).body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for module, _ in imports(node)
        if module.split(".")[0] in HEAVY and path.parts[0] != "ui"
    ]
    assert faults == []
