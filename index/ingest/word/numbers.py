"""The automatic numbers of a Word file ("Điều 1.", "a)", "II."), which stand in no text of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from index.ingest.office.package import attribute, child, local

_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
          (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_LONGEST_LIST = 100_000
"""Letters repeat (aa, bb …); beyond this a number is an accident."""


@dataclass(frozen=True, slots=True)
class Level:
    """A level of a list: how its number is written and where it begins."""

    format: str
    text: str
    start: int
    legal: bool
    restart_after: int
    """The level (from 0) whose numbers begin this one anew; -1: it never begins anew."""
    suffix: str


@dataclass(slots=True)
class Numbering:
    """The lists of a file and where each stands; ``number`` moves on, so paragraphs are asked in their order."""

    lists: dict[str, str]
    """List to its abstract list: lists of one abstract list count together."""
    levels: dict[tuple[str, int], Level]
    """By abstract list and level; overridden ones by list and level with ``#`` before the list."""
    starts: dict[tuple[str, int], int]
    """By list and level: where a list begins anew although its abstract list has been counted already."""
    styled: dict[str, tuple[str, int]]
    """By style of paragraph: the abstract list and level that are bound to it."""
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _begun: set[tuple[str, int]] = field(default_factory=set)

    def number(self, list_: str, depth: int) -> str | None:
        """The next number of a list at a level as it is printed, ``-`` for a bullet, ``None`` without such a level."""
        abstract = self.lists.get(list_)
        level = self._level(list_, depth)
        if abstract is None or level is None:
            return None
        counts = self._counts.setdefault(abstract, {})
        anew = self.starts.get((list_, depth))
        if anew is not None and (list_, depth) not in self._begun:
            counts[depth] = anew
        else:
            counts[depth] = counts[depth] + 1 if depth in counts else level.start
        self._begun.add((list_, depth))
        for deeper in [number for number in counts if number > depth]:
            below = self._level(list_, deeper)
            if below is None or below.restart_after >= depth:
                del counts[deeper]
        if level.format == "bullet":
            return "- "
        return self._written(list_, level, counts)

    def _written(self, list_: str, level: Level, counts: dict[int, int]) -> str:
        def value(match: re.Match[str]) -> str:
            depth = int(match[1]) - 1
            of = self._level(list_, depth)
            if of is None:
                return ""
            return format_number("decimal" if level.legal else of.format, counts.get(depth, of.start))

        text = re.sub(r"%(\d)", value, level.text)
        return text if level.suffix == "nothing" or not text else f"{text} "

    def _level(self, list_: str, depth: int) -> Level | None:
        overridden = self.levels.get((f"#{list_}", depth))
        return overridden or self.levels.get((self.lists.get(list_, ""), depth))


def read_numbering(root: etree._Element | None) -> Numbering:
    """Read the part ``numbering.xml``; without one there are no lists."""
    made = Numbering({}, {}, {}, {})
    if root is None:
        return made
    links: dict[str, str] = {}
    by_style: dict[str, str] = {}
    for item in root:
        if local(item) == "abstractNum":
            id_ = attribute(item, "abstractNumId")
            _read_levels(item, id_, made)
            if (style := attribute(child(item, "styleLink"), "val")) != "":
                by_style[style] = id_
            if (link := attribute(child(item, "numStyleLink"), "val")) != "":
                links[id_] = link
        elif local(item) == "num":
            list_ = attribute(item, "numId")
            abstract = attribute(child(item, "abstractNumId"), "val")
            made.lists[list_] = by_style.get(links.get(abstract, ""), abstract)
            for override in item:
                if local(override) == "lvlOverride":
                    depth = int(attribute(override, "ilvl", "0"))
                    _read_levels(override, f"#{list_}", made)
                    if (start := attribute(child(override, "startOverride"), "val")).isdigit():
                        made.starts[list_, depth] = int(start)
    return made


def _read_levels(parent: etree._Element, key: str, into: Numbering) -> None:
    for item in parent:
        if local(item) != "lvl":
            continue
        depth = int(attribute(item, "ilvl", "0"))
        start = attribute(child(item, "start"), "val", "0")
        restart = attribute(child(item, "lvlRestart"), "val")
        into.levels[key, depth] = Level(
            format=attribute(child(item, "numFmt"), "val", "decimal"),
            text=attribute(child(item, "lvlText"), "val"),
            start=int(start) if start.lstrip("-").isdigit() else 1,
            legal=child(item, "isLgl") is not None,
            restart_after=depth - 1 if not restart else -1 if restart == "0" else int(restart) - 1,
            suffix=attribute(child(item, "suff"), "val", "tab"),
        )
        if (style := attribute(child(item, "pStyle"), "val")) != "":
            into.styled[style] = (key, depth)


def format_number(kind: str, value: int) -> str:
    """Write a number in a format of Office Open XML (decimal, lowerLetter, upperRoman …)."""
    if not 0 < value < _LONGEST_LIST or kind in ("decimal", ""):
        return str(value)
    if kind == "decimalZero":
        return f"{value:02}"
    if kind in ("lowerLetter", "upperLetter"):
        letters = chr(ord("a") + (value - 1) % 26) * min((value - 1) // 26 + 1, 10)
        return letters.upper() if kind == "upperLetter" else letters
    if kind in ("lowerRoman", "upperRoman"):
        roman = _roman(value)
        return roman.upper() if kind == "upperRoman" else roman
    return "" if kind == "none" else str(value)


def _roman(value: int) -> str:
    written = ""
    for size, letters in _ROMAN:
        written += letters * (value // size)
        value %= size
    return written
