"""Letters (.eml) with what is attached to them, and web pages saved as one file (.mhtml)."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path

from index.errors import ArticleError
from index.ingest.document import Block, Document, Metadata, Place, Problem, Reader, Removed
from index.ingest.encodings import decode
from index.ingest.limits import DEFAULT_LIMITS, Limits
from index.ingest.problems import EMBEDDED_FILE
from index.ingest.web.html import read_page, whole_page

_DEEPEST = 3
_FAR_MORE = 2
"""How many times as long the page of a letter is beside a plain text that only says that there is one."""


def read_mail(
    path: Path, limits: Limits = DEFAULT_LIMITS, readers: Mapping[str, Reader] | None = None
) -> Document:
    """Read a letter; attached files are read after it under their name by ``readers``, others are reported as problems.

    Raises ArticleError where it is none.
    """
    message = _parse(path)
    attachments = _Attachments(readers or {}, limits, [])
    blocks = list(_letter(message, attachments))
    sender, address = parseaddr(str(message.get("From", "")))
    metadata = Metadata(
        title=str(message.get("Subject", "")).strip(),
        date=str(message.get("Date", "")),
        author=sender or address,
    )
    return Document(tuple(blocks), metadata, tuple(attachments.removed), tuple(attachments.problems))


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


@dataclass(frozen=True, slots=True)
class _Attachments:
    """How attached files are read, the codes of what could not be, and what is left out of the whole letter."""

    readers: Mapping[str, Reader]
    limits: Limits
    problems: list[Problem]
    removed: list[Removed] = field(default_factory=list)


def _letter(message: EmailMessage, attachments: _Attachments, depth: int = 0) -> Iterator[Block]:
    """Yield the text of a letter, then what is attached: files under their name, letters under their subject."""
    yield from _body(message, attachments.removed)
    for part in _attached(message):
        if part.get_content_type() == "message/rfc822":
            if depth >= _DEEPEST:
                attachments.problems.append((EMBEDDED_FILE, Place()))
                continue
            for inner in part.iter_parts():
                if isinstance(inner, EmailMessage):
                    subject = str(inner.get("Subject", "")).strip()
                    yield from (Block("heading", subject),) if subject else ()
                    yield from _letter(inner, attachments, depth + 1)
        else:
            yield from _file(part, attachments)


def _attached(message: EmailMessage) -> Iterator[EmailMessage]:
    """Yield what is attached to a letter, however deep some programs put it."""
    for part in message.iter_parts() if message.is_multipart() else ():
        if not isinstance(part, EmailMessage):
            continue
        kind = part.get_content_type()
        if kind == "message/rfc822" or part.get_filename() or part.is_attachment():
            yield part
        elif part.get_content_maintype() == "multipart":
            yield from _attached(part)


def _file(part: EmailMessage, attachments: _Attachments) -> Iterator[Block]:
    name = part.get_filename() or ""
    suffix = Path(name).suffix.lower()
    reader = attachments.readers.get(suffix)
    data = part.get_payload(decode=True)
    if reader is None or not isinstance(data, bytes):
        is_attachment = name and part.get_content_maintype() != "image"
        attachments.problems.extend([(EMBEDDED_FILE, Place())] if is_attachment else [])
        return
    attached = _read_attached(data, suffix, reader, attachments.limits)
    if attached is None:
        attachments.problems.append((EMBEDDED_FILE, Place()))
        return
    yield Block("heading", name)
    yield from attached.blocks
    attachments.problems.extend(attached.problems)
    attachments.removed.extend(attached.removed)


def _body(message: EmailMessage, removed: list[Removed]) -> Iterator[Block]:
    """Yield the text of a letter: the plain one, unless the other form has tables or says far more."""
    bodies = {
        kind: _text(data, part.get_content_charset())
        for kind in ("plain", "html")
        if (part := message.get_body((kind,))) is not None
        and isinstance(data := part.get_payload(decode=True), bytes)
    }
    html, plain = bodies.get("html", ""), bodies.get("plain", "").replace("\r\n", "\n")
    page, hidden = whole_page(html) if html else ([], [])
    if page and ("<table" in html.lower() or sum(len(block.text) for block in page) > _FAR_MORE * len(plain)):
        removed += hidden
        yield from page
    else:
        for paragraph in plain.split("\n\n"):
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
