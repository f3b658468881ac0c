"""Answers as they are kept: only the passages that were read, as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from typing import Any, TypeVar

from index.excerpt import passage_only
from index.ingest.document import Place
from index.schema import Article, Chunk, Filters, Hit, Mark, StoredTable
from rag.schema import Answer, Citation, Extract, Seconds, Statement

_Quote = TypeVar("_Quote", Citation, Extract)


def excerpt(answer: Answer) -> Answer:
    """Cut every article down to the passage that was read, moving all offsets with it.

    What is kept with a conversation then holds no more of an article than the user was shown.
    """
    read = [*answer.passages, *(citation.hit for citation in answer.citations)]
    read += [found.hit for found in (answer.extract, answer.closest) if found]
    kept = {hit: replace(hit, chunk=passage_only(hit.chunk)) for hit in read}
    return replace(
        answer,
        passages=tuple(kept.values()),
        citations=tuple(_moved(citation, kept) for citation in answer.citations),
        extract=_moved(answer.extract, kept) if answer.extract else None,
        closest=_moved(answer.closest, kept) if answer.closest else None,
    )


def _moved(quote: _Quote, kept: Mapping[Hit, Hit]) -> _Quote:
    moved = kept[quote.hit].chunk.start - quote.hit.chunk.start
    return replace(quote, hit=kept[quote.hit], start=quote.start + moved, end=quote.end + moved)


def to_json(answer: Answer) -> str:
    """Write an excerpted answer as one JSON object; a quote names its passage by its place in the list."""
    return json.dumps(to_fields(answer), ensure_ascii=False)


def found_to_json(standalone: str, passages: Sequence[Hit], extract: Extract | None) -> str:
    """Write what was found for a question whose answer is still being made, cut to the passages."""
    kept = {hit: replace(hit, chunk=passage_only(hit.chunk)) for hit in passages}
    moved = _moved(extract, kept) if extract and extract.hit in kept else None
    found = [*kept.values()]
    fields = {
        "standalone": standalone,
        "passages": [_hit_fields(hit) for hit in found],
        "extract": moved and _extract_fields(moved, found),
    }
    return json.dumps(fields, ensure_ascii=False)


def found_from_json(record: str) -> tuple[str, tuple[Hit, ...], Extract | None]:
    """Read what ``found_to_json`` wrote."""
    fields: dict[str, Any] = json.loads(record)
    passages = tuple(_read_hit(hit) for hit in fields["passages"])
    return fields["standalone"], passages, _read_extract(fields["extract"], passages)


def scope_to_json(filters: Filters) -> str:
    """Write what a search was bounded to."""
    days = {"from": filters.from_date, "to": filters.to_date}
    fields = {name: day.isoformat() for name, day in days.items() if day}
    return json.dumps(
        {**fields, **({"sources": filters.sources} if filters.sources else {})}, ensure_ascii=False
    )


def scope_from_json(record: str) -> Filters:
    """Read what ``scope_to_json`` wrote."""
    fields: dict[str, Any] = json.loads(record)
    days = [date.fromisoformat(fields[name]) if name in fields else None for name in ("from", "to")]
    return Filters(days[0], days[1], tuple(fields.get("sources", ())))


def to_fields(answer: Answer) -> dict[str, Any]:
    """Give the fields of an excerpted answer as JSON values."""
    citations = [
        {
            "mark": citation.mark,
            "passage": answer.passages.index(citation.hit),
            "start": citation.start,
            "end": citation.end,
            "quote": citation.quote,
            "score": citation.score,
        }
        for citation in answer.citations
    ]
    extract = answer.extract and _extract_fields(answer.extract, answer.passages)
    closest = answer.closest and _extract_fields(answer.closest, answer.passages)
    return {
        "question": answer.question,
        "standalone": answer.standalone,
        "text": answer.text,
        "refused": answer.refused,
        "statements": [asdict(statement) for statement in answer.statements],
        "citations": citations,
        "passages": [_hit_fields(hit) for hit in answer.passages],
        "seconds": asdict(answer.seconds),
        "llm": answer.llm,
        "encoder": answer.encoder,
        "prompt_tokens": answer.prompt_tokens,
        "output_tokens": answer.output_tokens,
        "dropped_marks": answer.dropped_marks,
        "stopped": answer.stopped,
        "cut": answer.cut,
        "confidence": answer.confidence,
        "extract": extract,
        "closest": closest,
        "short_span": answer.short_span,
        "reader": answer.reader,
        "quoted": answer.quoted,
        "unanswered": answer.unanswered,
        "manner": answer.manner,
        "kind": answer.kind,
        "remark": answer.remark,
        "still_reading": answer.still_reading,
    }


def from_json(record: str) -> Answer:
    """Read what ``to_json`` wrote; raises KeyError or ValueError on anything else.

    What older versions did not write, ``cut``, ``confidence``, ``extract``, ``short_span``, ``reader``,
    ``quoted``, ``unanswered``, ``manner``, ``kind``, ``remark``, ``still_reading`` and ``closest``, may be missing.
    """
    fields: dict[str, Any] = json.loads(record)
    passages = tuple(_read_hit(hit) for hit in fields["passages"])
    return Answer(
        question=fields["question"],
        standalone=fields["standalone"],
        text=fields["text"],
        refused=fields["refused"],
        statements=tuple(
            Statement(item["start"], item["end"], tuple(item["marks"])) for item in fields["statements"]
        ),
        citations=tuple(
            Citation(item["mark"], passages[item["passage"]], item["start"], item["end"], item["score"])
            for item in fields["citations"]
        ),
        passages=passages,
        seconds=Seconds(**fields["seconds"]),
        llm=fields["llm"],
        encoder=fields["encoder"],
        prompt_tokens=fields["prompt_tokens"],
        output_tokens=fields["output_tokens"],
        dropped_marks=fields["dropped_marks"],
        stopped=fields["stopped"],
        cut=fields.get("cut", False),
        confidence=fields.get("confidence"),
        extract=_read_extract(fields.get("extract"), passages),
        short_span=_read_span(fields.get("short_span")),
        reader=fields.get("reader", ""),
        quoted=fields.get("quoted", False),
        unanswered=tuple(fields.get("unanswered", ())),
        manner=fields.get("manner", "not_told" if fields["refused"] else "sure"),
        kind=fields.get("kind", "question"),
        remark=fields.get("remark", ""),
        still_reading=fields.get("still_reading", False),
        closest=_read_extract(fields.get("closest"), passages),
    )


def _extract_fields(extract: Extract, passages: Sequence[Hit]) -> dict[str, Any]:
    return {
        "passage": passages.index(extract.hit),
        "start": extract.start,
        "end": extract.end,
        "text": extract.text,
        "confidence": extract.confidence,
    }


def _read_extract(fields: Mapping[str, Any] | None, passages: Sequence[Hit]) -> Extract | None:
    if fields is None:
        return None
    return Extract(passages[fields["passage"]], fields["start"], fields["end"], fields["confidence"])


def _read_span(fields: Sequence[int] | None) -> tuple[int, int] | None:
    if fields is None:
        return None
    start, end = fields
    return start, end


def _hit_fields(hit: Hit) -> dict[str, Any]:
    article = hit.chunk.article
    return {
        "article": article.id,
        "title": article.title,
        "date": article.date.isoformat() if article.date else None,
        "source": article.source,
        "place": article.place,
        "author": article.author,
        "url": article.url,
        "position": hit.chunk.position,
        "text": article.text,
        "start": hit.chunk.start,
        "tables": [
            {"header_rows": table.header_rows, "rows": table.rows, "groups": table.groups}
            for table in article.tables
        ],
        "marks": [
            [mark.start, mark.place.page, mark.place.sheet, mark.place.row, mark.confidence]
            for mark in article.marks
        ],
        "score": hit.score,
        "rank": hit.rank,
        "dense": hit.dense,
        "lexical": hit.lexical,
    }


def _read_hit(fields: Mapping[str, Any]) -> Hit:
    article = Article(
        id=fields["article"],
        source=fields["source"],
        title=fields["title"],
        text=fields["text"],
        date=date.fromisoformat(fields["date"]) if fields["date"] else None,
        author=fields["author"],
        place=fields["place"],
        url=fields["url"],
        tables=tuple(_read_table(table) for table in fields.get("tables", ())),
        marks=tuple(
            Mark(start, Place(page, sheet, row), sure)
            for start, page, sheet, row, sure in fields.get("marks", ())
        ),
    )
    chunk = Chunk(article, fields["position"], fields.get("start", 0), len(article.text))
    return Hit(chunk, fields["score"], fields["rank"], fields["dense"], fields["lexical"])


def _read_table(fields: Mapping[str, Any]) -> StoredTable:
    rows = tuple(tuple((start, end) for start, end in row) for row in fields["rows"])
    return StoredTable(rows, fields["header_rows"], tuple(fields.get("groups", ())))
