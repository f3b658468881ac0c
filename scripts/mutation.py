"""Change one thing of a module at a time and see whether a test fails: ``python -m scripts.mutation MODULE TESTS…``.

A comparison, a sign of arithmetic, ``and`` and ``or``, a ``not``, a number, a truth value, or what a function
returns is changed in a copy of the project, and the tests are run on it.  What no test notices is printed
with its place: a gap of the tests, or a change that nothing can show.  A run that takes ten times as long as
the unchanged one counts as noticed, since a loop that no longer ends is.
"""

from __future__ import annotations

import argparse
import ast
import copy
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
_LEFT_OUT = shutil.ignore_patterns(".*", "docs", "deploy", "__pycache__", "*.gguf", "*.png")
_COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
_CALCULATED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult, ast.Mod: ast.Add,
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip


def mutants(tree: ast.Module) -> Iterator[tuple[int, str, ast.Module]]:
    """Every tree with one change: its line, what became of it, and the tree itself."""
    types = set(map(id, _types(tree)))
    for place, node in enumerate(ast.walk(tree)):
        for number in range(0 if id(node) in types else _choices(node)):
            changed = copy.deepcopy(tree)
            found = next(one for at, one in enumerate(ast.walk(changed)) if at == place)
            before = ast.unparse(found)
            _change(found, number)
            yield getattr(node, "lineno", 0), f"{before}  →  {ast.unparse(found)}", changed


def _types(tree: ast.Module) -> Iterator[ast.AST]:
    """What only the type checker reads."""
    for node in ast.walk(tree):
        for told in (getattr(node, "annotation", None), getattr(node, "returns", None)):
            if told is not None:
                yield from ast.walk(told)


def _choices(node: ast.AST) -> int:
    """How many things of one node can be changed."""
    if isinstance(node, ast.Compare):
        return sum(type(operator) in _COMPARED for operator in node.ops)
    if isinstance(node, ast.BinOp):
        return int(type(node.op) in _CALCULATED)
    if isinstance(node, ast.Constant):
        return int(isinstance(node.value, int | float))
    if isinstance(node, ast.Return):
        return int(node.value is not None and not isinstance(node.value, ast.Constant))
    return int(isinstance(node, ast.BoolOp | ast.IfExp) or _denies(node))


def _denies(node: ast.AST) -> bool:
    return isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)


def _change(node: ast.AST, number: int) -> None:
    match node:
        case ast.Compare():
            node.ops[number] = _COMPARED[type(node.ops[number])]()
        case ast.BinOp():
            node.op = _CALCULATED[type(node.op)]()
        case ast.Constant():
            node.value = not node.value if isinstance(node.value, bool) else node.value + 1  # type: ignore[operator]
        case ast.BoolOp():
            node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        case ast.IfExp():
            node.body, node.orelse = node.orelse, node.body
        case ast.UnaryOp():
            node.operand = ast.UnaryOp(ast.Not(), node.operand)
        case ast.Return():
            node.value = ast.Constant(None)
    ast.fix_missing_locations(node)


def passes(folder: Path, tests: list[str], seconds: float) -> bool:
    """Whether all tests pass in a copy of the project within so many seconds."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests]
    try:
        return subprocess.run(command, cwd=folder, capture_output=True, timeout=seconds).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def main() -> int:
    """Try every change and print what was not noticed; 1 where the tests fail on the module as it is."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.mutation", description=(__doc__ or "").split("\n\n")[0]
    )
    parser.add_argument("module", type=Path, help="a file of the project, such as index/text/values.py")
    parser.add_argument("tests", nargs="+", help="tests that should notice")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(shutil.copytree(ROOT, Path(place) / "project", ignore=_LEFT_OUT))
        began = time.monotonic()
        if not passes(folder, args.tests, 600):
            sys.stderr.write("The tests fail on the module as it is.\n")
            return 1
        seconds = max(30.0, 10 * (time.monotonic() - began))
        tree = ast.parse((ROOT / args.module).read_text(encoding="utf-8"))
        tried = unnoticed = 0
        for line, told, changed in mutants(tree):
            (folder / args.module).write_text(ast.unparse(changed), encoding="utf-8")
            tried += 1
            if passes(folder, args.tests, seconds):
                unnoticed += 1
                sys.stdout.write(f"{args.module}:{line}  {told}\n")
                sys.stdout.flush()
        sys.stdout.write(f"{args.module}: {tried - unnoticed} of {tried} changes were noticed.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
