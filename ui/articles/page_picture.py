"""Draw one page of a PDF: ``python -m ui.articles.page_picture FILE PAGE`` writes the count of pages, then JPEG.

It runs as a process of its own: PDFium takes no two threads at a time, and a hostile file harms nothing but it.
"""

from __future__ import annotations

import sys
from contextlib import closing
from io import BytesIO

MOST_ACROSS, MOST_DOWN = 1240, 1754
"""Pixels of a picture, those of an A4 page with 150 dots an inch."""
_LARGEST_SCALE = 4.0
_QUALITY = 85


def draw(path: str, number: int) -> tuple[int, bytes]:
    """Give the count of pages and the picture of one, counted from 1; raises ValueError when there is none such."""
    import pypdfium2 as pdfium

    with closing(pdfium.PdfDocument(path)) as document:
        if not 1 <= number <= len(document):
            raise ValueError(f"There is no page {number}.")
        page = document[number - 1]
        width, height = page.get_size()
        scale = min(MOST_ACROSS / max(width, 1), MOST_DOWN / max(height, 1), _LARGEST_SCALE)
        image = page.render(scale=scale).to_pil().convert("RGB")
        held = BytesIO()
        image.save(held, "JPEG", quality=_QUALITY)
        return len(document), held.getvalue()


def main() -> int:
    """Draw what the command names."""
    _limit_memory()
    path, number = sys.argv[1:]
    pages, picture = draw(path, int(number))
    sys.stdout.buffer.write(b"%d\n" % pages + picture)
    return 0


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits; the time limit stands there too
        return
    resource.setrlimit(resource.RLIMIT_AS, (2_000_000_000, 2_000_000_000))


if __name__ == "__main__":
    sys.exit(main())
