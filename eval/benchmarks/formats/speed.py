"""How long reading takes, by format: ``python -m eval.benchmarks.formats.speed ARTICLES.jsonl.gz``.

News rows are read as they are, and written as web pages, Word files and PDFs that are read too; nothing is encoded.
``--against TREE`` reads the same files by turns with another revision (``git worktree add TREE REVISION``).  Times are
of the processor, so that other work on the machine counts little.
"""

from __future__ import annotations

import argparse
import html
import json
import subprocess
import sys
import tempfile
import textwrap
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from eval.command_options import bar, command_parser, positive, print_text, run_command
from eval.errors import EvaluationError
from eval.files import ROOT, read_lines
from eval.report.tables import align

_READ = """
import sys, time
from pathlib import Path
try:
    from index.ingest.read_files import read_folder
except ImportError:
    try:
        from index.ingest.files import read_folder
    except ImportError:
        from index.articles import read_folder
began = time.process_time()
read = [len(article.text) for article in read_folder(Path(sys.argv[1])) if hasattr(article, "text")]
print(time.process_time() - began, len(read), sum(read))
"""
"""Run in a tree of the project, new or old; a library is loaded by its reader, and counts."""
_FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf")
_MENU = "".join(f'<li><a href="/muc-{number}">Chuyên mục {number}</a></li>' for number in range(40))
_OTHERS = "".join(
    f'<li><a href="/tin-{number}">Tin khác số {number} trong ngày</a></li>' for number in range(30)
)
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


@dataclass(frozen=True, slots=True)
class News:
    """A title and the paragraphs below it."""

    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of the processor for a folder, and how many articles and letters were read."""

    seconds: float
    articles: int
    letters: int


def news(path: Path, limit: int) -> Iterator[News]:
    """Read the first rows of a packed file."""
    for line in read_lines(path, limit):
        row = json.loads(line)
        yield News(row["title"], tuple(filter(None, map(str.strip, row["text"].split("\n")))))


def write_rows(articles: Sequence[News], folder: Path) -> None:
    """Write all into one file of rows."""
    rows = ({"title": article.title, "text": "\n\n".join(article.paragraphs)} for article in articles)
    lines = (json.dumps(row, ensure_ascii=False) for row in rows)
    (folder / "news.jsonl").write_text("\n".join(lines), encoding="utf-8")


def write_pages(articles: Sequence[News], folder: Path) -> None:
    """Write each as a web page with a menu, other headlines and a footer."""
    for number, article in enumerate(articles):
        title, text = (
            html.escape(article.title),
            "".join(f"<p>{html.escape(part)}</p>" for part in article.paragraphs),
        )
        page = (
            f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{title}</title></head><body><nav><ul>{_MENU}</ul>"
            f"</nav><div class='content'><h1>{title}</h1><p>03/05/2021 08:05</p><div>{text}</div></div>"
            f"<aside><ul>{_OTHERS}</ul></aside><footer><p>Bản quyền thuộc về báo.</p></footer></body></html>"
        )
        (folder / f"{number:05}.html").write_text(page, encoding="utf-8")


def write_words(articles: Sequence[News], folder: Path) -> None:
    """Write each as a Word file."""
    relation = f'<Relationship Id="r" Type="{_OFFICE}" Target="word/document.xml"/>'
    links = f'<Relationships xmlns="{_PACKAGE}/relationships">{relation}</Relationships>'
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    types = (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.'
        f'openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{kind}"/></Types>'
    )
    for number, article in enumerate(articles):
        body = "".join(
            f'<w:p><w:r><w:t xml:space="preserve">{html.escape(part)}</w:t></w:r></w:p>'
            for part in (article.title, *article.paragraphs)
        )
        with zipfile.ZipFile(folder / f"{number:05}.docx", "w", zipfile.ZIP_DEFLATED) as file:
            file.writestr("[Content_Types].xml", types)
            file.writestr("_rels/.rels", links)
            document = f'<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>'
            file.writestr("word/document.xml", document)


def write_pdfs(articles: Sequence[News], folder: Path) -> None:
    """Write each as a PDF; raises EvaluationError where the font is missing."""
    from reportlab.pdfbase import pdfmetrics  # type: ignore[import-untyped]
    from reportlab.pdfbase.ttfonts import TTFont  # type: ignore[import-untyped]
    from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

    if not _FONT.is_file():
        raise EvaluationError(f"{_FONT} is missing; install fonts-dejavu-core.")
    pdfmetrics.registerFont(TTFont("Serif", str(_FONT)))
    for number, article in enumerate(articles):
        made = Canvas(str(folder / f"{number:05}.pdf"))
        lines = [
            line for part in (article.title, *article.paragraphs) for line in (*textwrap.wrap(part, 80), "")
        ]
        for start in range(0, len(lines), 45):
            made.setFont("Serif", 11)
            for place, line in enumerate(lines[start : start + 45]):
                made.drawString(60, 780 - 16 * place, line)
            made.showPage()
        made.save()


WRITERS: dict[str, Callable[[Sequence[News], Path], None]] = {
    "rows": write_rows,
    "html": write_pages,
    "docx": write_words,
    "pdf": write_pdfs,
}


def measure(folder: Path, tree: Path) -> Timing:
    """Read a folder with the code of a tree, in a process of its own; raises EvaluationError where that fails."""
    done = subprocess.run(
        [sys.executable, "-c", _READ, str(folder)],
        cwd=tree,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise EvaluationError(f"{tree} could not read {folder}: {done.stderr.strip()[-300:]}.")
    seconds, articles, letters = done.stdout.split()[-3:]
    return Timing(float(seconds), int(articles), int(letters))


def table_row(kind: str, where: str, of: Sequence[Timing]) -> list[str]:
    """One line of the table: what was read of a format with the code of a tree."""
    each = [1000 * timing.seconds / max(1, timing.articles) for timing in of]
    counts = (sum(timing.articles for timing in of), sum(timing.letters for timing in of))
    seconds = f"{sum(timing.seconds for timing in of):.1f}"
    return [kind, where, *map(str, counts), seconds, f"{median(each):.2f} ({min(each):.2f}–{max(each):.2f})"]


def _measure(args: argparse.Namespace) -> None:
    trees = {"here": ROOT} | ({"there": args.against} if args.against else {})
    table = [["format", "code", "articles", "letters", "seconds", "ms an article"]]
    for kind, write in WRITERS.items():
        held = list(news(args.articles, args.rows if kind == "rows" else args.files))
        timings: dict[str, list[Timing]] = {where: [] for where in trees}
        for part in bar(range(args.parts), kind):
            with tempfile.TemporaryDirectory() as folder:
                write(held[part :: args.parts], Path(folder))
                for where, tree in trees.items():
                    timings[where].append(measure(Path(folder), tree))
        table += [table_row(kind, where, of) for where, of in timings.items()]
    print_text(align(table))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line for each format and tree."""
    parser = command_parser("eval.benchmarks.formats.speed", __doc__)
    add = parser.add_argument
    add("articles", type=Path, help="news as rows, .jsonl.gz with title and text")
    add("--rows", type=positive, default=10_000, help="articles that are read as rows")
    add("--files", type=positive, default=1_000, help="articles that are read as files of each format")
    add("--parts", type=positive, default=3, help="parts that are read by turns")
    add("--against", type=Path, help="a tree of another revision")
    return run_command(_measure, parser.parse_args(arguments))


if __name__ == "__main__":
    sys.exit(main())
