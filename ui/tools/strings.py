"""What the page of tools, and the commands of the same, say in Vietnamese and in English."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from ui.strings import Language, read_words


@dataclass(frozen=True, slots=True)
class ToolWords:
    """The copy of one language; a name in braces is filled in by ``str.format``."""

    nav: str
    title: str
    table_title: str
    table_text: str
    questions_label: str
    questions_hint: str
    questions_example: str
    tabulate: str
    limits: str
    limit_articles: str
    limit_passages: str
    limits_hint: str
    table_step: str
    table_none: str
    table_counts: str
    silent: str
    column_article: str
    column_place: str
    column_day: str
    column_certainty: str
    column_quote: str
    column_source: str
    export_xlsx: str
    export_csv: str
    check_title: str
    check_text: str
    text_label: str
    text_hint: str
    check: str
    check_step: str
    check_none: str
    check_counts: str
    supported: str
    contradicted: str
    not_found: str
    told_otherwise: str
    nearest: str
    stopped: str
    waiting: str
    may_be_wrong: str
    too_long: str


@cache
def tool_words(language: Language) -> ToolWords:
    """Give the words of a language."""
    return read_words(ToolWords, "ui.tools", language)
