"""The text of a paragraph of a Word file as it is printed, and what hangs on it: notes, text boxes, pictures."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from lxml import etree

from index.ingest.document import Removed
from index.ingest.encodings import in_font
from index.ingest.office.package import attribute, child, descendants, local

_UNSEEN = frozenset({"rPr", "pPr", "instrText", "delInstrText", "sdtPr", "sdtEndPr", "smartTagPr", "customXmlPr",
                     "proofErr", "bookmarkStart", "bookmarkEnd", "ffData", "rt", "fldData"})  # fmt: skip
_PLAIN = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "softHyphen": ""}
_NOT_READ = {"hidden": ("vanish",), "struck-out": ("strike", "dstrike")}
"""By reason: what in the properties of a run says that it is no part of the text."""
_PAGE_FIELDS = ("PAGE", "NUMPAGES", "SECTIONPAGES")
_WINGDINGS = {0x6F: "☐", 0x71: "☐", 0x76: "-", 0xA7: "-", 0xA8: "☐", 0xB7: "-", 0xD8: "-", 0xE0: "→", 0xF0: "→",
              0xFB: "☒", 0xFC: "☑", 0xFD: "☒", 0xFE: "☑", 0x4A: "☺", 0x28: "☎", 0x2A: "✉"}  # fmt: skip
_SYMBOL = {0xB7: "-", 0xB3: "≥", 0xA3: "≤", 0xB1: "±", 0xB4: "×", 0xB8: "÷", 0xB0: "°", 0xAE: "→", 0xB9: "≠",
           0x61: "α", 0x62: "β", 0x67: "γ", 0x64: "δ", 0x44: "Δ", 0x6C: "λ", 0x6D: "μ", 0x70: "π", 0x53: "Σ",
           0x73: "σ", 0x57: "Ω", 0xA5: "∞", 0xD6: "√", 0x2D: "−"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture by its relationship, with the size it is printed at, in millimetres (0: unknown)."""

    relation: str
    width: float
    height: float


@dataclass(slots=True)
class Line:
    """What was read of one paragraph."""

    text: str = ""
    notes: list[tuple[Literal["footnote", "endnote"], str]] = field(default_factory=list)
    boxes: list[etree._Element] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    diagrams: list[str] = field(default_factory=list)
    removed: list[Removed] = field(default_factory=list)
    embedded: bool = False


@dataclass(slots=True)
class _Field:
    code: str = ""
    shown: bool = False

    @property
    def hides(self) -> bool:
        words = self.code.split()
        return not self.shown or (bool(words) and words[0].upper() in _PAGE_FIELDS)


class TextReader:
    """Reads paragraph after paragraph of one part; a field may begin in one and end in another."""

    def __init__(self) -> None:
        self._fields: list[_Field] = []
        self._font = ""

    def read(self, paragraph: etree._Element) -> Line:
        """Read one paragraph: insertions and moved text are in, deletions and hidden text are ``removed``."""
        line = Line()
        self._into(paragraph, line)
        return line

    def _into(self, parent: etree._Element, line: Line) -> None:
        for item in parent:
            name = local(item)
            if name in _UNSEEN or not name:
                if name in ("instrText", "delInstrText") and self._fields:
                    self._fields[-1].code += item.text or ""
            elif name == "r":
                self._run(item, line)
            elif name in ("del", "moveFrom"):
                text = "".join(
                    part.text or _PLAIN.get(local(part), "")
                    for part in descendants(item, "delText", "t", "tab", "br")
                )
                if text.strip():
                    line.removed.append(Removed(text, "tracked-deletion"))
            elif name == "AlternateContent":
                self._alternatives(item, line)
            elif name == "sdt" and child(item, "sdtPr", "showingPlcHdr") is not None:
                line.removed.append(Removed(self._aside(item), "placeholder"))
            elif name == "fldSimple":
                words = attribute(item, "instr").split()
                if not words or words[0].upper() not in _PAGE_FIELDS:
                    self._into(item, line)
            elif name == "f" and child(item, "num") is not None:
                line.text += f"{self._aside(item, 'num')}/{self._aside(item, 'den')}"
            elif name == "sSup" and child(item, "sup") is not None:
                line.text += f"{self._aside(item, 'e')}^{self._aside(item, 'sup')}"
            elif name == "txbxContent":
                line.boxes.append(item)
            else:
                self._leaf(item, name, line)

    def _run(self, run: etree._Element, line: Line) -> None:
        for reason, marks in _NOT_READ.items():
            if any(_is_on(child(run, "rPr", mark)) for mark in marks):
                if text := _plain_text(run).strip():
                    line.removed.append(Removed(text, reason))
                return
        raised = attribute(child(run, "rPr", "vertAlign"), "val") == "superscript"
        if raised and line.text[-1:].isdigit() and _plain_text(run)[:1].isdigit():
            line.text += "^"  # 10 with a raised 6 is not 106
        before, self._font = self._font, attribute(child(run, "rPr", "rFonts"), "ascii")
        self._into(run, line)
        self._font = before

    def _leaf(self, item: etree._Element, name: str, line: Line) -> None:
        if name == "fldChar":
            self._field(item, line)
        elif any(of.hides for of in self._fields):
            return
        elif name == "t":
            line.text += in_font(item.text or "", self._font)
        elif name in _PLAIN:
            line.text += _PLAIN[name]
        elif name == "sym":
            line.text += _symbol(attribute(item, "font"), attribute(item, "char"))
        elif name in ("footnoteReference", "endnoteReference"):
            line.notes.append(("footnote" if name.startswith("foot") else "endnote", attribute(item, "id")))
        elif name in ("blip", "imagedata"):
            line.pictures.append(_picture(item))
        elif name == "relIds":
            line.diagrams.append(attribute(item, "dm"))
        elif name == "OLEObject":
            line.embedded = True
        else:
            self._into(item, line)

    def _field(self, item: etree._Element, line: Line) -> None:
        kind = attribute(item, "fldCharType")
        if kind == "begin":
            hidden = any(of.hides for of in self._fields)
            self._fields.append(_Field())
            if not hidden:
                line.text += _form_value(child(item, "ffData"))
        elif kind == "separate" and self._fields:
            self._fields[-1].shown = True
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _alternatives(self, item: etree._Element, line: Line) -> None:
        """Read the choice for new programs; the fallback holds the same once more and counts where it holds more."""
        choice, fallback = child(item, "Choice"), child(item, "Fallback")
        if choice is not None and (fallback is None or _weight(choice) >= _weight(fallback)):
            self._into(choice, line)
        elif fallback is not None:
            self._into(fallback, line)

    def _aside(self, item: etree._Element, *path: str) -> str:
        """The text of an element by itself."""
        found = child(item, *path) if path else item
        line = Line()
        if found is not None:
            TextReader()._into(found, line)
        return line.text


def _is_on(mark: etree._Element | None) -> bool:
    """Whether a property that stands alone, or with a value, is set."""
    return mark is not None and attribute(mark, "val", "1") not in ("0", "false", "off")


def _plain_text(run: etree._Element) -> str:
    return "".join(part.text or _PLAIN.get(local(part), "") for part in descendants(run, "t", "tab", "br"))


def _weight(item: etree._Element) -> int:
    return sum(len(part.text or "") for part in descendants(item, "t")) + sum(
        1 for _ in descendants(item, "blip", "imagedata")
    )


def _form_value(data: etree._Element | None) -> str:
    """What a check box or a drop-down list of a form shows; its text fields hold theirs as text."""
    box = child(data, "checkBox")
    if box is not None:
        state = child(box, "checked")
        value = (
            attribute(state, "val", "1")
            if state is not None
            else attribute(child(box, "default"), "val", "0")
        )
        return "☑" if value in ("1", "true", "on") else "☐"
    choices = child(data, "ddList")
    if choices is not None:
        entries = [attribute(entry, "val") for entry in choices if local(entry) == "listEntry"]
        chosen = attribute(child(choices, "result"), "val", attribute(child(choices, "default"), "val", "0"))
        if chosen.isdigit() and int(chosen) < len(entries):
            return entries[int(chosen)]
    return ""


def _symbol(font: str, char: str) -> str:
    try:
        code = int(char, 16)
    except ValueError:
        return ""
    table = _SYMBOL if font.lower().startswith("symbol") else _WINGDINGS
    if 0xF000 <= code <= 0xF0FF or "wingdings" in font.lower() or font.lower() == "symbol":
        return table.get(code & 0xFF, "•")
    return chr(code) if code < 0x110000 else ""


def _picture(item: etree._Element) -> Picture:
    width = height = 0.0
    for above in item.iterancestors():
        if local(above) in ("inline", "anchor"):
            extent = child(above, "extent")
            width, height = (int(attribute(extent, side, "0")) / 36_000 for side in ("cx", "cy"))
            break
        if local(above) == "shape":
            sizes = dict(
                part.split(":", 1) for part in attribute(above, "style").lower().split(";") if ":" in part
            )
            width, height = (_millimetres(sizes.get(side, "")) for side in ("width", "height"))
            break
    return Picture(attribute(item, "embed") or attribute(item, "id"), width, height)


def _millimetres(size: str) -> float:
    for unit, factor in (("pt", 25.4 / 72), ("in", 25.4), ("cm", 10.0), ("mm", 1.0), ("px", 25.4 / 96)):
        if size.strip().endswith(unit):
            number = size.strip().removesuffix(unit)
            return float(number) * factor if number.replace(".", "", 1).isdigit() else 0.0
    return 0.0
