"""Programs of the system that some files are read with, where they are installed."""

from __future__ import annotations

import shutil

from index.ingest.pdf.ocr import find_recogniser


def find_office() -> str | None:
    """Find LibreOffice, which reads old office files."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def installed_programs() -> str:
    """Name the programs that are installed now: what could not be read without one is read again once it is there."""
    find_recogniser.cache_clear()  # it may have been installed since this process began
    found = {"tesseract": find_recogniser(), "libreoffice": find_office()}
    return " ".join(name for name, program in found.items() if program)
