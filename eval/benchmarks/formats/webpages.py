"""How much of a web page's article is read, beside trafilatura alone.

``python -m eval.benchmarks.formats.webpages ARCHIVE``.
The archive (``webpages-dev.tar.xz``) holds real pages and a list of pieces of text that must, and that must not, be
read of each.  A piece counts as read when it stands in the text, spaces and forms of letters aside.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tarfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.command_options import bar, command_parser, print_text, run_command
from eval.report.tables import align
from index.errors import ArticleError
from index.ingest.document_to_article import to_article
from index.ingest.encodings import decode
from index.ingest.web.html import main_text, read_page
from index.text.normalise import normalise


@dataclass(frozen=True, slots=True)
class Page:
    """A page and the pieces of text that must and must not be read of it."""

    html: str
    wanted: tuple[str, ...]
    unwanted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PageScore:
    """Pieces over all pages; ``precision`` and ``recall`` are of pieces, ``empty`` counts pages without text."""

    kept: int
    missed: int
    let_in: int
    empty: int

    @property
    def precision(self) -> float:
        """Of the pieces read, the share that was wanted."""
        return self.kept / max(1, self.kept + self.let_in)

    @property
    def recall(self) -> float:
        """Of the wanted pieces, the share that was read."""
        return self.kept / max(1, self.kept + self.missed)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.kept / max(1, 2 * self.kept + self.let_in + self.missed)


def pages(archive: Path) -> Iterator[Page]:
    """Read the pages of an archive."""
    with tarfile.open(archive) as files:
        held = {
            Path(member.name).name: data.read()
            for member in files
            if member.isfile() and (data := files.extractfile(member)) is not None
        }
    for line in held["pages.jsonl"].decode().splitlines():
        row = json.loads(line)
        yield Page(decode(held[row["file"]]), tuple(row["with"]), tuple(row["without"]))


def score(read: Callable[[str], str], of: Sequence[Page]) -> PageScore:
    """Read every page and count the pieces."""
    kept = missed = let_in = empty = 0
    for page in bar(of, "pages"):
        text = _plain(read(page.html))
        empty += not text.strip()
        found = sum(_plain(piece) in text for piece in page.wanted)
        kept, missed = kept + found, missed + len(page.wanted) - found
        let_in += sum(_plain(piece) in text for piece in page.unwanted)
    return PageScore(kept, missed, let_in, empty)


def our_text(html: str) -> str:
    """Read a page as a sync does; ``""`` where it holds no text."""
    try:
        return to_article(read_page(html), "a.html", "a.html", crawled=True).text
    except ArticleError:
        return ""


def _plain(text: str) -> str:
    return re.sub(r"[\s|]+", " ", normalise(text))


def _measure(args: argparse.Namespace) -> None:
    held = list(pages(args.archive))
    table = [["reader", "precision", "recall", "F1", "missed", "let in", "empty"]]
    for name, read in (("trafilatura", main_text), ("hoidap", our_text)):
        found = score(read, held)
        shares = (f"{found.precision:.3f}", f"{found.recall:.3f}", f"{found.f1:.4f}")
        table.append([name, *shares, str(found.missed), str(found.let_in), str(found.empty)])
    print_text(align(table))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print one line a reader."""
    parser = command_parser("eval.benchmarks.formats.webpages", __doc__)
    parser.add_argument("archive", type=Path)
    return run_command(_measure, parser.parse_args(arguments))


if __name__ == "__main__":
    sys.exit(main())
