"""Old office files (.doc, .xls, .ppt): read as what they really are, or converted by LibreOffice."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from index.errors import ArticleError
from index.ingest.document import Document, Reader
from index.ingest.limits import Limits
from index.ingest.programs import find_office

NEWER = {".doc": ".docx", ".xls": ".xlsx", ".ppt": ".pptx"}
INSTALL = "sudo apt-get install libreoffice-writer-nogui libreoffice-calc-nogui libreoffice-impress-nogui"
_OLE = b"\xd0\xcf\x11\xe0"
_PAGE_BEGINS = rb"(?:html|head|title|meta|link|style|script|body|div|table|center|font|p|h\d)\b"
_SIGNATURES = (
    (re.compile(rb"\{\\rtf"), ".rtf"),
    (re.compile(rb"(?:<\?xml[^>]*\?>\s*)?<(?:!|%b)" % _PAGE_BEGINS, re.IGNORECASE), ".html"),
    (re.compile(rb"From:|MIME-Version:"), ".mhtml"),
)
"""How other formats begin; the XML of Office 2003 is none of them."""


def read_old(
    path: Path, limits: Limits, readers: Mapping[str, Reader], program: str | None = None
) -> Document:
    """Read an old file; programs also write RTF, web pages and new files under the old endings.

    ``program`` is LibreOffice, found on the system where it is ``None``.  Raises ArticleError with the command that
    installs it where it is needed and missing.
    """
    suffix = path.suffix.lower()
    with path.open("rb") as file:
        head = file.read(512).lstrip(b"\xef\xbb\xbf\r\n\t ")
    if head.startswith(b"PK"):
        return readers[NEWER[suffix]](path, limits)
    for signature, real in _SIGNATURES:
        if signature.match(head) and real in readers:
            return readers[real](path, limits)
    if not head.startswith(_OLE):
        raise ArticleError(f"it is no {suffix} file; save it as {NEWER[suffix]}")
    program = program or find_office()
    if program is None:
        remedy = f"run: {INSTALL}, or save it as {NEWER[suffix]}"
        raise ArticleError(f"{suffix} files are read through LibreOffice; {remedy}", code="needs-libreoffice")
    with tempfile.TemporaryDirectory() as folder:
        return readers[NEWER[suffix]](_convert(path, Path(folder), program, limits.seconds), limits)


def _convert(path: Path, folder: Path, program: str, seconds: float) -> Path:
    """Convert a file in a profile of its own, so that several conversions and an open LibreOffice do not meet."""
    kind = NEWER[path.suffix.lower()].lstrip(".")
    copy = folder / f"a{path.suffix.lower()}"
    shutil.copyfile(path, copy)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [
        program,
        profile,
        "--headless",
        "--norestore",
        "--convert-to",
        kind,
        "--outdir",
        str(folder),
        str(copy),
    ]
    try:
        subprocess.run(command, capture_output=True, timeout=seconds, check=True, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.SubprocessError) as error:
        raise ArticleError(f"LibreOffice could not convert it ({error}); save it as .{kind}") from error
    made = copy.with_suffix(f".{kind}")
    if not made.exists():
        raise ArticleError(f"LibreOffice could not convert it; open it there and save it as .{kind}")
    return made
