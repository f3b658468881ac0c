"""Letters (.eml) with what is attached to them, and web pages saved as one file (.mhtml)."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path

from index.errors import ArticleError
from index.ingest.document import Block, Document, Metadata, Place, Reader
from index.ingest.encodings import decode
from index.ingest.limits import DEFAULT_LIMITS, Limits
from index.ingest.problems import EMBEDDED_FILE
from index.ingest.web.html import read_page, whole_page


def read_mail(
    path: Path, limits: Limits = DEFAULT_LIMITS, readers: Mapping[str, Reader] | None = None
) -> Document:
    """Read a letter; attached files are read after it under their name by ``readers``, others are told.

    Raises ArticleError where it is none.
    """
    message = _parse(path)
    blocks = list(_body(message))
    problems: list[tuple[str, Place]] = []
    for part in message.iter_attachments() if message.is_multipart() else ():
        name = part.get_filename() or ""
        reader = (readers or {}).get(Path(name).suffix.lower())
        data = part.get_payload(decode=True)
        if reader is None or not isinstance(data, bytes):
            problems += [(EMBEDDED_FILE, Place())] if name and part.get_content_maintype() != "image" else []
            continue
        attached = _read_attached(data, Path(name).suffix.lower(), reader, limits)
        if attached is None:
            problems.append((EMBEDDED_FILE, Place()))
        else:
            blocks += [Block("heading", name), *attached.blocks]
            problems += attached.problems
    sender, address = parseaddr(str(message.get("From", "")))
    said = Metadata(
        title=str(message.get("Subject", "")).strip(),
        date=str(message.get("Date", "")),
        author=sender or address,
    )
    return Document(tuple(blocks), said, (), tuple(problems))


def read_mhtml(path: Path, limits: Limits = DEFAULT_LIMITS) -> Document:
    """Read a saved web page; raises ArticleError where it holds none."""
    message = _parse(path)
    for part in message.walk():
        data = part.get_payload(decode=True)
        if part.get_content_type() in ("text/html", "application/xhtml+xml") and isinstance(data, bytes):
            document = read_page(_text(data, part.get_content_charset()))
            url = str(message.get("Snapshot-Content-Location") or part.get("Content-Location") or "")
            return replace(
                document, metadata=replace(document.metadata, url=document.metadata.url or url.strip())
            )
    raise ArticleError("it holds no web page; save it from the browser again")


def _parse(path: Path) -> EmailMessage:
    try:
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
    except (MessageError, ValueError, IndexError, RecursionError) as error:
        raise ArticleError(f"it cannot be read as a letter ({error}); save it again") from error
    if not isinstance(message, EmailMessage) or not message.keys():
        raise ArticleError("it is no letter and no saved page; save it again")
    return message


def _body(message: EmailMessage) -> Iterator[Block]:
    """Yield the text of a letter: the plain one, unless the other form has tables."""
    bodies = {
        kind: _text(data, part.get_content_charset())
        for kind in ("plain", "html")
        if (part := message.get_body((kind,))) is not None
        and isinstance(data := part.get_payload(decode=True), bytes)
    }
    html = bodies.get("html", "")
    if html and ("<table" in html.lower() or "plain" not in bodies):
        yield from whole_page(html)
    else:
        for paragraph in bodies.get("plain", "").replace("\r\n", "\n").split("\n\n"):
            if paragraph.strip():
                yield Block("paragraph", paragraph.strip())


def _text(data: bytes, charset: str | None) -> str:
    try:
        return data.decode(charset or "utf-8")
    except (LookupError, UnicodeDecodeError):
        return decode(data)


def _read_attached(data: bytes, suffix: str, reader: Reader, limits: Limits) -> Document | None:
    """Read an attached file, ``None`` where it cannot be read."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a{suffix}"
        path.write_bytes(data)
        try:
            return reader(path, limits)
        except ArticleError:
            return None
