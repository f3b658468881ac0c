"""Files that are a zip of XML parts (Word, PowerPoint, OpenDocument, EPUB): their parts, in bounded memory."""

from __future__ import annotations

import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO
from urllib.parse import unquote

from lxml import etree

from index.ingest.limits import Limits, locked_by_password, unpacks_too_large

DAMAGED = (
    zipfile.BadZipFile,
    etree.LxmlError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    OverflowError,
    RecursionError,
    AssertionError,
    NotImplementedError,
    EOFError,
    OSError,
    struct.error,
    zlib.error,
)
"""What zip, XML and the libraries on them raise where a file is damaged."""


class Package:
    """The parts of a zipped file by name; what is read of them together is bounded by ``limits.unpacked_bytes``."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self._zip = zipfile.ZipFile(path)
        self._left = limits.unpacked_bytes
        self._limits = limits
        self.names = self._zip.namelist()

    def __enter__(self) -> Package:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()

    def __contains__(self, name: str) -> bool:
        return name in self._zip.NameToInfo

    def read(self, name: str) -> bytes:
        """Read a part whole; raises ArticleError where it unpacks to more than is left of the limit."""
        with self.open(name) as stream:
            return stream.read()

    def open(self, name: str) -> IO[bytes]:
        """Open a part to read it bit by bit; it counts as a whole."""
        info = self._zip.getinfo(name)
        if info.flag_bits & 1:
            raise locked_by_password()
        self._left -= info.file_size
        if self._left < 0:
            raise unpacks_too_large(self._limits)
        return self._zip.open(info)

    def check(self) -> None:
        """Raise ArticleError where all parts together, pictures aside, unpack to more than the limit."""
        infos = self._zip.infolist()
        if sum(info.file_size for info in infos if info.compress_size < info.file_size / 4) > self._left:
            raise unpacks_too_large(self._limits)
        if any(info.flag_bits & 1 for info in infos):
            raise locked_by_password()

    def xml(self, name: str) -> etree._Element:
        """Parse a part; entities are not resolved and nothing is fetched."""
        return parse_xml(self.read(name))

    def root_part(self, kind: str) -> str:
        """The name of the part of that kind that the file itself leads to, ``""`` without one."""
        return next((name for of, name in self.related("").values() if of == kind), "")

    def related(self, part: str) -> dict[str, tuple[str, str]]:
        """Map relationship ids of a part to (last word of their type, name of the part that they lead to)."""
        folder, name = posixpath.split(part)
        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        if rels not in self:
            return {}
        return {
            relation.get("Id", ""): (
                relation.get("Type", "").rpartition("/")[2],
                posixpath.normpath(posixpath.join("/", folder, unquote(relation.get("Target", "")))).lstrip(
                    "/"
                ),
            )
            for relation in self.xml(rels)
            if isinstance(relation.tag, str) and relation.get("TargetMode") != "External"
        }


def parse_xml(data: bytes) -> etree._Element:
    """Parse XML without resolving entities or fetching anything."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return etree.fromstring(data, parser)


def local(element: etree._Element) -> str:
    """The name of an element without its namespace, ``""`` for comments and entities."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def attribute(element: etree._Element | None, name: str, otherwise: str = "") -> str:
    """The value of an attribute by its name without namespace (the same in both kinds of Office Open XML)."""
    if element is None:
        return otherwise
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return otherwise


def child(element: etree._Element | None, *path: str) -> etree._Element | None:
    """The first child of that name, and of it the first of the next name, and so on."""
    for name in path:
        if element is None:
            return None
        element = next((item for item in element if local(item) == name), None)
    return element


def drawn_lines(element: etree._Element) -> Iterator[str]:
    """The paragraphs of a drawing (text boxes, diagrams) that hold text."""
    for paragraph in descendants(element, "p"):
        if text := "".join(run.text or "" for run in descendants(paragraph, "t")).strip():
            yield text


def descendants(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    """All elements below of these names, in order."""
    return (item for item in element.iter() if local(item) in names)
