"""Title and author that an office file carries, where people and not programs wrote them."""

from __future__ import annotations

import re

from index.ingest.document import Metadata
from index.ingest.office.package import Package, local

_MADE_UP_TITLE = re.compile(
    r"microsoft (?:word|excel|powerpoint)\b.*|powerpoint presentation|slide 1|untitled.*|\(anonymous\)|document\s*\d*|"
    r"word document|không có tiêu đề|.*\.(?:docx?|xlsx?|pptx?|pdf|rtf|odt|s?x?html?|txt|csv)|(?:https?|file)://.*|[\W\d]*",
    re.IGNORECASE,
)
_MADE_UP_AUTHOR = re.compile(
    r"(?:admin(?:istrator)?|user|owner|windows user|microsoft(?: office)?(?: user)?|python-docx|python-pptx|openpyxl|"
    r"steve canny|pc|hp|dell|asus|acer|lenovo|sony|vaio|samsung|home|office|computer|may ?tinh|unknown|"
    r"\(?anonymous\)?|un-?named|\(?unspecified\)?|.*\b(?:pc|laptop|tech|desktop)\b.*|[\W\d]*)\d*",
    re.IGNORECASE,
)


def read_properties(package: Package) -> Metadata:
    """Read the properties of an Office Open XML file."""
    name = package.root_part("core-properties")
    if name not in package:
        return Metadata()
    properties = {local(item): (item.text or "").strip() for item in package.xml(name)}
    return metadata(properties.get("title", ""), properties.get("creator", ""))


def metadata(title: str, author: str) -> Metadata:
    """Keep a title and an author unless a program or a computer's name stands there."""
    title, author = title.strip(), author.strip()
    return Metadata(
        title="" if _MADE_UP_TITLE.fullmatch(title) else title,
        author="" if _MADE_UP_AUTHOR.fullmatch(author) else author,
    )
