"""What became of each file of a folder, as data: read or not, its articles, and what of it is left out and why."""

from __future__ import annotations

from typing import Any

from index.ingest.document import Place
from index.schema import Article, Mark
from index.store.database.database import Database
from index.sync.sync import SyncReport


def report_object(report: SyncReport, database: Database) -> dict[str, Any]:
    """Give the fate of every file after a sync, also of those that an earlier sync has read."""
    fates = dict.fromkeys(report.files.added, "new") | dict.fromkeys(report.files.changed, "changed")
    fates |= {new: "moved" for _, new in report.files.moved}
    problems: dict[str, list[dict[str, Any]]] = {}
    files = sorted(database.files())
    for problem in report.problems:
        whole = problem.source in fates or problem.source in files
        file = problem.source if whole else problem.source.rpartition("#")[0] or problem.source
        codes = list(dict.fromkeys(code for code, _ in problem.problems))
        problems.setdefault(file, []).append(
            {"source": problem.source, "reason": problem.reason, "codes": codes}
        )
    file_fates = [
        {
            "source": source,
            "fate": _fate(
                fates.get(source, "unchanged"), articles := database.articles_of(source), source in problems
            ),
            "articles": [article_object(article) for article in articles],
            "problems": problems.pop(source, []),
        }
        for source in files
    ]
    file_fates += [
        {"source": source, "fate": "not read", "articles": [], "problems": of}
        for source, of in problems.items()
    ]
    return {
        "files": file_fates,
        "passed_over": [{"source": item.source, "kind": item.kind} for item in report.passed_over],
        "removed": list(report.files.removed),
        "left_out": report.left_out,
        "articles": report.articles,
        "passages": report.chunks,
    }


def article_object(article: Article) -> dict[str, Any]:
    """Give what an article tells of itself and what of its file is not in it."""
    return {
        "id": article.id,
        "source": article.source,
        "title": article.title,
        "date": article.date.isoformat() if article.date else None,
        "author": article.author,
        "place": article.place,
        "number": article.number,
        "lead": article.lead,
        "url": article.url,
        "tables": len(article.tables),
        "removed": [
            {"text": item.text, "reason": item.reason, **place_object(item.place)} for item in article.removed
        ],
        "problems": [{"code": code, **place_object(place)} for code, place in article.problems],
    }


def location_object(mark: Mark) -> dict[str, Any]:
    """Give where in its file a text stands, and with what confidence it was recognised; only what is known."""
    sure = {} if mark.confidence is None else {"recognised": round(mark.confidence, 4)}
    return place_object(mark.place) | sure


def place_object(place: Place) -> dict[str, Any]:
    """Give page, sheet, row and picture, those that the format has."""
    numbers = {"page": place.page, "sheet": place.sheet, "row": place.row, "picture": place.picture}
    return {key: value for key, value in numbers.items() if value is not None}


def _fate(fate: str, articles: list[Article], has_problems: bool) -> str:
    return "not read" if has_problems and not articles else fate
