"""What the style of a paragraph of a Word file says: whether it is a heading, and which list it belongs to."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from index.ingest.office.package import attribute, child, local
from index.ingest.word.numbers import Numbering

_HEADING = re.compile(r"(?:heading|tiêu đề|đầu đề)\s*\d|title|tiêu đề", re.IGNORECASE)
_BODY_LEVEL = "9"
_LONGEST_CHAIN = 20


@dataclass(frozen=True, slots=True)
class Style:
    """A style of paragraphs; empty where the one that it is based on decides."""

    name: str
    based_on: str
    outline: str
    list_: str
    depth: str


@dataclass(frozen=True, slots=True)
class Styles:
    """The styles of a file by id; ``default`` is that of paragraphs that name none."""

    by_id: dict[str, Style]
    default: str = ""

    def is_heading(self, paragraph: etree._Element) -> bool:
        """Whether a paragraph is a heading or the title, by its own outline level or its style."""
        direct_level = attribute(child(paragraph, "pPr", "outlineLvl"), "val")
        if direct_level:
            return direct_level != _BODY_LEVEL
        for style in self._chain(paragraph):
            if style.outline:
                return style.outline != _BODY_LEVEL
            if _HEADING.fullmatch(style.name.strip()):
                return True
        return False

    def list_of(self, paragraph: etree._Element, numbering: Numbering) -> tuple[str, int] | None:
        """The list and level of a paragraph, ``None`` outside of lists."""
        direct = child(paragraph, "pPr", "numPr")
        list_, depth = attribute(child(direct, "numId"), "val"), attribute(child(direct, "ilvl"), "val")
        chain = self._chain(paragraph)
        for style in chain:
            if list_ and depth:
                break
            depth = depth or (style.depth if not list_ else "")
            list_ = list_ or style.list_
        if not list_ or list_ == "0":
            return None
        if not depth and direct is None:
            bound = [numbering.styled.get(id_) for id_ in self._ids(paragraph)]
            depth = next((str(found[1]) for found in bound if found is not None), "")
        return list_, int(depth) if depth.isdigit() else 0

    def _ids(self, paragraph: etree._Element) -> list[str]:
        ids = [attribute(child(paragraph, "pPr", "pStyle"), "val") or self.default]
        while ids[-1] in self.by_id and self.by_id[ids[-1]].based_on and len(ids) < _LONGEST_CHAIN:
            ids.append(self.by_id[ids[-1]].based_on)
        return ids

    def _chain(self, paragraph: etree._Element) -> list[Style]:
        return [self.by_id[id_] for id_ in self._ids(paragraph) if id_ in self.by_id]


def read_styles(root: etree._Element | None) -> Styles:
    """Read the part ``styles.xml``."""
    found: dict[str, Style] = {}
    default = ""
    for item in root if root is not None else ():
        if local(item) != "style" or attribute(item, "type") != "paragraph":
            continue
        properties = child(item, "pPr")
        id_ = attribute(item, "styleId")
        found[id_] = Style(
            name=attribute(child(item, "name"), "val"),
            based_on=attribute(child(item, "basedOn"), "val"),
            outline=attribute(child(properties, "outlineLvl"), "val"),
            list_=attribute(child(properties, "numPr", "numId"), "val"),
            depth=attribute(child(properties, "numPr", "ilvl"), "val"),
        )
        if attribute(item, "default") in ("1", "true"):
            default = id_
    return Styles(found, default)
