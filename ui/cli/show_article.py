"""One article on the terminal: what it tells of itself, its text, and what of its file was left out."""

from __future__ import annotations

import argparse
from contextlib import closing

from index.ingest.problems import unread_parts
from index.schema import Article
from index.store.store import Store
from index.sync.report import article_object
from ui.cli.terminal import print_json, print_line
from ui.strings import words_in
from ui.views.errors import unread_file
from ui.views.formatting import format_removal

_LABELS = {
    "date": "ngày",
    "number": "số",
    "author": "tác giả",
    "place": "nơi",
    "url": "địa chỉ",
    "source": "nguồn",
}


def show(args: argparse.Namespace) -> int:
    """Print an article of the store, with ``--removed`` what was left out in place of its text."""
    with closing(Store.open(args.store)) as store:
        article = store.database.article(args.article)
    if args.json:
        print_json(article_object(article) | ({} if args.removed else {"text": article.text}))
    elif args.removed:
        print_line(f"{article.title}: đã bỏ {len(article.removed)} dòng")
        for item in article.removed:
            print_line(f"- {item.text}\n    ({format_removal(item, words_in('vi'))})")
    else:
        print_line(_head(article))
        print_line(article.text)
        if article.problems:
            message = unread_file(unread_parts(article.source, article.problems), words_in("vi"))
            print_line(f"\n({message})")
        if article.removed:
            print_line(
                f"\n(đã bỏ {len(article.removed)} dòng; xem bằng: hoidap show {article.id!r} --removed)"
            )
    return 0


def _head(article: Article) -> str:
    fields = article_object(article)
    lines = [article.title, *(f"{label}: {fields[key]}" for key, label in _LABELS.items() if fields[key])]
    return "\n".join(lines) + "\n"
