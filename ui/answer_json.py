"""Answers and passages as the JSON that other programs rely on, whichever way they ask."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from index.schema import Article, Filters, Hit
from index.sync.report import location_object
from rag.schema import Answer, Citation, Extract
from rag.suggestions.narrower import Narrowing, narrowings
from rag.tools.check_text import CheckedSentence, CheckedText
from rag.tools.table import Cell, Table


def answer_object(answer: Answer, filters: Filters = Filters()) -> dict[str, Any]:
    """Give an answer in the form that ``hoidap ask --json`` prints; offsets count in the stored article.

    ``filters`` is what the search was bounded to; each of ``narrower`` is a question with its scope to ask next.

    ``closest`` is the sentence that comes closest where the articles do not tell: no answer, but worth a look.
    ``location`` of a citation, extract or passage tells page, sheet and row in the file where it begins, and
    ``recognised`` the confidence of text recognition; what is not known is left out.
    """
    return {
        "question": answer.question,
        "standalone": answer.standalone,
        "answer": answer.text,
        "refused": answer.refused,
        "confidence": None if answer.confidence is None else round(answer.confidence, 6),
        "extract": _extract_object(answer.extract) if answer.extract else None,
        "closest": _extract_object(answer.closest) if answer.closest else None,
        "short_answer": _short_object(answer),
        "citations": [_citation_object(citation) for citation in answer.citations],
        "passages": [hit_object(hit) for hit in answer.passages],
        "statements": [
            {"start": statement.start, "end": statement.end, "marks": list(statement.marks)}
            for statement in answer.statements
        ],
        "seconds": {
            name: None if seconds is None else round(seconds, 4)
            for name, seconds in asdict(answer.seconds).items()
        },
        "prompt_tokens": answer.prompt_tokens,
        "output_tokens": answer.output_tokens,
        "dropped_marks": answer.dropped_marks,
        "stopped": answer.stopped,
        "cut": answer.cut,
        "manner": answer.manner,
        "kind": answer.kind,
        "remark": answer.remark,
        "quoted": answer.quoted,
        "unanswered": list(answer.unanswered),
        "narrower": [_narrower_object(narrowing) for narrowing in narrowings(answer, filters)],
        "llm": answer.llm,
        "encoder": answer.encoder,
        "reader": answer.reader,
    }


def hit_object(hit: Hit) -> dict[str, Any]:
    """Give a hit as ``hoidap search --json`` prints it; ``text`` is the article from ``start`` to ``end``."""
    article = hit.chunk.article
    return {
        "rank": hit.rank,
        **_about(article),
        "start": hit.chunk.start,
        "end": hit.chunk.end,
        "location": location_object(article.mark_at(hit.chunk.start)),
        "score": round(hit.score, 6),
        "text": hit.chunk.text,
    }


def article_object(article: Article) -> dict[str, Any]:
    """Give a whole article; every offset of a citation counts in ``text``."""
    return {
        "id": article.id,
        "title": article.title,
        "source": article.source,
        "date": article.date.isoformat() if article.date else None,
        "author": article.author,
        "place": article.place,
        "url": article.url,
        "text": article.text,
    }


def table_object(table: Table) -> dict[str, Any]:
    """Give a table as ``hoidap table --json`` prints it: ``null`` where an article does not tell."""
    return {
        "questions": list(table.questions),
        "stopped": table.stopped,
        "rows": [
            {
                **_about(row.article),
                "cells": [_cell_object(cell) if cell else None for cell in row.cells],
            }
            for row in table.rows
        ],
    }


def checked_object(checked: CheckedText) -> dict[str, Any]:
    """Give a checked text as ``hoidap check --json`` prints it; ``start`` and ``end`` count in its ``text``."""
    return {
        "text": checked.text,
        "stopped": checked.stopped,
        "sentences": [_sentence_object(checked.text, sentence) for sentence in checked.sentences],
    }


def _about(article: Article) -> dict[str, Any]:
    """What stands by everything that is taken from an article: which it is, its day and its place."""
    return {
        "article_id": article.id,
        "title": article.title,
        "source": article.source,
        "date": article.date.isoformat() if article.date else None,
        "place": article.place,
    }


def _cell_object(cell: Cell) -> dict[str, Any]:
    evidence = cell.evidence
    return {
        "value": cell.value,
        "certainty": round(cell.certainty, 6),
        "quote": cell.quote,
        "start": evidence.start,
        "end": evidence.end,
    }


def _sentence_object(text: str, sentence: CheckedSentence) -> dict[str, Any]:
    source = sentence.source
    return {
        "sentence": text[sentence.start : sentence.end],
        "start": sentence.start,
        "end": sentence.end,
        "verdict": sentence.verdict,
        "said": sentence.claimed,
        "told": sentence.stated,
        "source": source
        and {
            **_about(source.article),
            "quote": source.article.text[source.start : source.end],
            "start": source.start,
            "end": source.end,
        },
    }


def _narrower_object(narrowing: Narrowing) -> dict[str, Any]:
    filters = narrowing.filters
    return {
        "by": narrowing.by,
        "value": narrowing.value,
        "question": narrowing.question,
        "scope": {
            "from": filters.from_date.isoformat() if filters.from_date else None,
            "to": filters.to_date.isoformat() if filters.to_date else None,
            "sources": list(filters.sources),
        },
    }


def _short_object(answer: Answer) -> dict[str, Any] | None:
    if answer.short_span is None:
        return None
    start, end = answer.short_span
    return {"text": answer.short, "start": start, "end": end}


def _extract_object(extract: Extract) -> dict[str, Any]:
    article = extract.hit.chunk.article
    return {
        "text": extract.text,
        **_about(article),
        "start": extract.start,
        "end": extract.end,
        "location": location_object(article.mark_at(extract.start)),
        "confidence": round(extract.confidence, 6),
    }


def _citation_object(citation: Citation) -> dict[str, Any]:
    article = citation.hit.chunk.article
    return {
        "mark": citation.mark,
        **_about(article),
        "quote": citation.quote,
        "start": citation.start,
        "end": citation.end,
        "location": location_object(article.mark_at(citation.start)),
        "score": round(citation.score, 6),
    }
