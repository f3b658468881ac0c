"""Draw the packages and which uses which: ``python -m scripts.architecture`` writes ``docs/architecture.svg``.

The arrows are the imports themselves, so the drawing cannot be older than the code; a test compares them.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from markupsafe import escape

ROOT = Path(__file__).parents[1]
DRAWING = ROOT / "docs" / "architecture.svg"
LAYERS = (("ui", "eval"), ("rag",), ("index",))
"""From the top, where people are, to the bottom."""

_WIDTH, _HEIGHT, _GAP, _MARGIN = 132, 58, 18, 24
_LAYER_GAP = 110


def packages() -> dict[str, int]:
    """Count the files of every package; what lies in no folder of a layer is the package of the layer's name."""
    count: dict[str, int] = defaultdict(int)
    for path in _files():
        count[_package(path)] += 1
    return dict(sorted(count.items()))


def imports() -> set[tuple[str, str]]:
    """Which package uses which other one."""
    names = packages()
    return {
        (_package(path), used)
        for path in _files()
        for module in _imported(path)
        if (used := _package_of(module, names)) is not None and used != _package(path)
    }


def drawing() -> str:
    """The drawing as SVG: an arrow from each package to those that it uses on the layers below."""
    names = packages()
    places = _places(names)
    width = max(x for x, _ in places.values()) + _WIDTH + _MARGIN
    height = max(y for _, y in places.values()) + _HEIGHT + _MARGIN
    arrows = [
        _arrow(places[user], places[used])
        for user, used in sorted(imports())
        if places[user][1] < places[used][1]
    ]
    boxes = [_box(name, names[name], *place) for name, place in places.items()]
    style = (
        "text{font:13px sans-serif;fill:#1c2b33}.files{font-size:11px;fill:#5b6b73}"
        "rect{fill:#f4f7f6;stroke:#2f6f5e}.layer{fill:#d6e6e0}path{fill:none;stroke:#2f6f5e;stroke-opacity:.28}"
    )
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">',
            "<title>Hỏi Đáp: packages, and which uses which</title>",
            f"<style>{style}</style>",
            f'<rect width="{width}" height="{height}" style="fill:#fff;stroke:none"/>',
            *arrows,
            *boxes,
            "</svg>",
            "",
        ]
    )


def _files() -> Iterator[Path]:
    for layer in LAYERS:
        for top in layer:
            yield from sorted((ROOT / top).rglob("*.py"))


def _package(path: Path) -> str:
    parts = path.relative_to(ROOT).parts
    return ".".join(parts[:2]) if len(parts) > 2 else parts[0]


def _package_of(module: str, names: Mapping[str, int]) -> str | None:
    parts = module.split(".")
    return next((package for package in (".".join(parts[:2]), parts[0]) if package in names), None)


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from (f"{node.module}.{name.name}" for name in node.names)


def _places(names: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    """The upper left corner of every package's box; the packages of a layer lie side by side."""
    places = {}
    for row, layer in enumerate(LAYERS):
        held = [name for top in layer for name in names if name.split(".")[0] == top]
        for column, name in enumerate(held):
            places[name] = (_MARGIN + column * (_WIDTH + _GAP), _MARGIN + row * (_HEIGHT + _LAYER_GAP))
    return places


def _box(name: str, files: int, x: int, y: int) -> str:
    kind = "" if "." in name else ' class="layer"'
    return (
        f'<g><rect{kind} x="{x}" y="{y}" width="{_WIDTH}" height="{_HEIGHT}" rx="6"/>'
        f'<text x="{x + 10}" y="{y + 25}">{escape(name.replace(".", "/"))}</text>'
        f'<text class="files" x="{x + 10}" y="{y + 44}">{files} files</text></g>'
    )


def _arrow(user: tuple[int, int], used: tuple[int, int]) -> str:
    x, y = user[0] + _WIDTH // 2, user[1] + _HEIGHT
    to_x, to_y = used[0] + _WIDTH // 2, used[1]
    middle = (y + to_y) // 2
    return f'<path d="M{x} {y}C{x} {middle} {to_x} {middle} {to_x} {to_y}"/>'


if __name__ == "__main__":
    DRAWING.write_text(drawing(), encoding="utf-8")
