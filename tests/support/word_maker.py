"""Word files written part by part, as offices and their programs write them."""

from __future__ import annotations

import zipfile
from pathlib import Path

_NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
_TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
CHANGE = 'w:id="1" w:author="An" w:date="2021-01-01T00:00:00Z"'


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(content: str, properties: str = "") -> str:
    """A paragraph; content without a tag is its text."""
    inner = content if content.startswith("<") else run(content)
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{inner}</w:p>"


def cell(text: str, properties: str = "") -> str:
    inner = text if text.startswith("<") else "".join(paragraph(line) for line in text.split("\n"))
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def row(*cells: str, properties: str = "") -> str:
    inner = "".join(text if text.startswith("<w:tc>") else cell(text) for text in cells)
    return f"<w:tr>{f'<w:trPr>{properties}</w:trPr>' if properties else ''}{inner}</w:tr>"


def table(*rows: str) -> str:
    return f"<w:tbl><w:tblPr/>{''.join(rows)}</w:tbl>"


def make_word(path: Path, body: str, **parts: str | bytes) -> Path:
    """Write a file of this body; ``parts`` are named by the type of their relationship, which is also their id.

    A number after the type makes several of one type (``header1``); text is the content of the part's root element.
    """
    relations, written = [], {}
    for name, content in parts.items():
        kind = name.rstrip("0123456789")
        target = f"{name}.png" if kind == "image" else f"{name}.xml"
        relations.append(f'<Relationship Id="{name}" Type="{_TYPE}/{kind}" Target="{target}"/>')
        root = {"header": "hdr", "footer": "ftr"}.get(kind, kind)
        written[target] = (
            content if isinstance(content, bytes) else f"<w:{root} {_NAMESPACES}>{content}</w:{root}>"
        )
    links = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        office = f'<Relationship Id="r" Type="{_TYPE}/officeDocument" Target="word/document.xml"/>'
        file.writestr("_rels/.rels", f"<Relationships {links}>{office}</Relationships>")
        file.writestr(
            "word/_rels/document.xml.rels", f"<Relationships {links}>{''.join(relations)}</Relationships>"
        )
        file.writestr("word/document.xml", f"<w:document {_NAMESPACES}><w:body>{body}</w:body></w:document>")
        for name, content in written.items():
            file.writestr(f"word/{name}", content)
    return path
