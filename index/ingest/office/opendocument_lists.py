"""The automatic numbers of OpenDocument lists, which stand in no text of the file."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from index.ingest.office.package import attribute, descendants, local
from index.ingest.word.numbers import format_number

_FORMATS = {
    "1": "decimal",
    "a": "lowerLetter",
    "A": "upperLetter",
    "i": "lowerRoman",
    "I": "upperRoman",
    "": "none",
}


@dataclass(frozen=True, slots=True)
class _Level:
    format: str
    prefix: str
    suffix: str
    shown_levels: int
    start: int


@dataclass(slots=True)
class Lists:
    """The styles of lists by name and level (from 1), and where each list stands."""

    levels: dict[tuple[str, int], _Level | None] = field(default_factory=dict)
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)

    def number(self, style: str, depth: int) -> str:
        """The next number at a level as it is printed, ``- `` for a bullet or an unknown list."""
        level = self.levels.get((style, depth))
        if level is None:
            return "- "
        counts = self._counts.setdefault(style, {})
        counts[depth] = counts[depth] + 1 if depth in counts else level.start
        for deeper in [number for number in counts if number > depth]:
            del counts[deeper]
        shown = []
        for at in range(depth - level.shown_levels + 1, depth + 1):
            of = self.levels.get((style, at))
            if of is not None and of.format != "none":
                shown.append(format_number(of.format, counts.get(at, of.start)))
        text = f"{level.prefix}{'.'.join(shown)}{level.suffix}".strip()
        return f"{text} " if text else ""


def read_lists(*roots: etree._Element | None) -> Lists:
    """Read the list styles of the parts of a file."""
    lists = Lists()
    for root in roots:
        for style in descendants(root, "list-style") if root is not None else ():
            name = attribute(style, "name")
            for item in style:
                if local(item) == "list-level-style-number":
                    depth = int(attribute(item, "level", "1"))
                    lists.levels[name, depth] = _Level(
                        _FORMATS.get(attribute(item, "num-format"), "decimal"),
                        attribute(item, "num-prefix"),
                        attribute(item, "num-suffix"),
                        int(attribute(item, "display-levels", "1")),
                        int(attribute(item, "start-value", "1")),
                    )
    return lists
