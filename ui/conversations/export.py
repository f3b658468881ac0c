"""Conversations and ratings become files to take along."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from index.schema import Article
from index.sync.report import location_object
from rag.citation_marks import without_marks
from rag.schema import Citation, Extract
from ui.conversations.entries import Exchange
from ui.conversations.records import to_fields
from ui.search_scope import in_words, shown_source
from ui.strings import Words
from ui.views.extractive_answer import closest_line, extract_beside, in_sentence, sureness
from ui.views.formatting import citations_by_mark, day, format_place, shortcomings
from ui.views.markup import web_address

MOST_WRITTEN = 300
"""Questions of a conversation that a file to be read holds, the newest ones; the one of data holds them all."""
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~])")


def to_markdown(title: str, items: Sequence[Exchange], words: Words) -> str:
    """Write a conversation to be read: every answer with its sources and the sentences quoted from them."""
    parts = [f"# {_plain(title)}"]
    parts += [f"_{note}_" for note in left_out(items, words)]
    for item in items[-MOST_WRITTEN:]:
        answer = item.answer
        parts.append(f"## {_plain(answer.question)}")
        if bounds := in_words(item.filters, words, answer.passages):
            parts.append(f"_{_plain(words.asked_within.format(scope=bounds))}_")
        if beside := extract_beside(answer):
            parts.append(_quoted_extract(beside, words))
        parts.append(_plain(answer.text, keep_marks=True))
        parts += [f"_{_plain(note)}_" for note in shortcomings(answer, words)]
        if answer.closest:
            parts.append(f"> {_plain(closest_line(answer.closest, words))}")
        if answer.citations:
            parts.append(f"**{words.sources_heading}**")
            parts.append("\n".join(_source_line(citation, words) for citation in citations_by_mark(answer)))
        parts.append(
            f"_{item.asked.astimezone():%Y-%m-%d %H:%M} · {_plain(answer.llm)} · {_plain(answer.encoder)}_"
        )
    return "\n\n".join(parts) + "\n"


def left_out(items: Sequence[Exchange], words: Words) -> list[str]:
    """Say that a file to be read does not hold everything, where it does not."""
    left = len(items) - MOST_WRITTEN
    return [words.export_newest.format(kept=MOST_WRITTEN, left=left)] if left > 0 else []


def to_json(title: str, items: Sequence[Exchange]) -> str:
    """Write a conversation with everything that is kept of it, as one JSON object.

    A citation carries its ``location`` (page, sheet, row, ``recognised``) as the interface for programs gives it.
    """
    exchanges = []
    for item in items:
        fields = to_fields(item.answer)
        for citation_fields, citation in zip(fields["citations"], item.answer.citations, strict=True):
            citation_fields["location"] = location_object(citation.hit.chunk.article.mark_at(citation.start))
        exchange_fields = {"asked": item.asked.isoformat(), "software": item.software}
        exchanges.append({**exchange_fields, **fields, "rating": _rating(item)})
    return json.dumps({"title": title, "exchanges": exchanges}, ensure_ascii=False, indent=2) + "\n"


def to_questions(rated: Iterable[tuple[Sequence[str], Exchange]]) -> str:
    """Write ratings as evaluation questions, one JSON object a line.

    An answer that was found good is the accepted one; one that was found bad gives a question only when
    its user wrote the right answer.  A refusal found good is a question that the articles cannot answer.
    """
    lines = [_question(follows, item) for follows, item in rated]
    return "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines if line)


def _question(follows: Sequence[str], item: Exchange) -> dict[str, Any] | None:
    answer, rating = item.answer, item.rating
    if rating is None or not (rating.good or rating.correction):
        return None
    absent = rating.good and answer.refused
    accepted = "" if absent else _accepted(item)
    line: dict[str, Any] = {
        "id": f"user-{item.id}",
        "kind": "absent" if absent else "follow_up" if follows else "fact",
        "split": "dev",
        "question": answer.question,
    }
    if line["kind"] == "follow_up":
        line |= {"follows": list(follows), "standalone": answer.standalone}
    line |= {
        "answers": [[accepted]] if accepted else [],
        "evidence": [] if absent else _evidence(item, accepted),
    }
    if absent:
        line["note"] = rating.comment or "A user agreed that the articles do not tell."
    return line


def _accepted(item: Exchange) -> str:
    if item.rating is not None and not item.rating.good:
        return item.rating.correction
    return without_marks(item.answer.text).strip().rstrip(".")


def _evidence(item: Exchange, accepted: str) -> list[dict[str, str]]:
    """Quote what the answer cites; for a corrected one, the passages' lines that hold the right answer."""
    if item.rating is not None and item.rating.good:
        quoted = [
            (citation.hit.chunk.article.id, citation.quote.strip())
            for citation in citations_by_mark(item.answer)
        ]
    else:
        quoted = [
            (hit.chunk.article.id, line.strip())
            for hit in item.answer.passages
            for line in hit.chunk.text.splitlines()
            if accepted.lower() in line.lower()
        ]
    return [{"article": article, "quote": quote} for article, quote in dict.fromkeys(quoted)]


def _rating(item: Exchange) -> dict[str, Any] | None:
    rating = item.rating
    if rating is None:
        return None
    return {"good": rating.good, "comment": rating.comment, "correction": rating.correction}


def _source_line(citation: Citation, words: Words) -> str:
    about = _about(citation.hit.chunk.article, citation.start, words)
    return f"- [{citation.mark}] {about}: “{_plain(citation.quote.strip())}”"


def _quoted_extract(extract: Extract, words: Words) -> str:
    before, found, after = (_plain(part) for part in in_sentence(extract))
    about = _about(extract.hit.chunk.article, extract.start, words)
    label = f"{words.extract_label} ({sureness(extract, words)})"
    return f"> {label}: “{before}**{found}**{after}” — {about}"


def _about(article: Article, offset: int, words: Words) -> str:
    about = [_plain(article.title), day(article.date, words), _plain(shown_source(article.source))]
    if stands := format_place(article.mark_at(offset), words):
        about.append(_plain(stands))
    address = web_address(article.url)
    if address:
        about.append(f"<{address}>")
    return ", ".join(about)


def _plain(text: str, *, keep_marks: bool = False) -> str:
    """Escape what Markdown would take for markup, so that an article's text stays text."""
    lines = [_SPECIAL.sub(r"\\\1", line) for line in text.splitlines()]
    written = "\n".join(lines) if keep_marks else " ".join(lines)
    return re.sub(r"\\\[(\d{1,3})\\\]", r"[\1]", written) if keep_marks else written
