"""What happens when a person makes a table or checks a text in the window."""

from __future__ import annotations

import json
import threading
from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from typing import Any

import gradio as gr

from rag.tools.check_text import CheckedText
from rag.tools.table import MOST_COLUMNS, Table
from ui.assistant_protocol import Surveys
from ui.strings import Words
from ui.tools import page as tools_page
from ui.tools.export import CSV, XLSX, to_csv, to_xlsx
from ui.tools.jobs import Job, Jobs
from ui.tools.page import LONGEST_TEXT, SortOrder
from ui.tools.strings import ToolWords, tool_words
from ui.views.errors import error_text, notice
from ui.views.markup import Html, element
from ui.window.events import Press, visitor_of
from ui.window.panes import PaneSet, Updates, pane


class ToolRunner:
    """Makes tables and checks texts for the windows of all languages, one after another."""

    def __init__(self, surveys: Surveys) -> None:
        turn = threading.Lock()
        self.surveys = surveys
        self.tables: Jobs[Table] = Jobs(turn)
        self.checks: Jobs[CheckedText] = Jobs(turn)


@dataclass(frozen=True, slots=True)
class ToolPanes(PaneSet):
    """The components of the page of tools."""

    sorting: gr.State
    saved: gr.Textbox
    table_message: gr.HTML
    table: gr.HTML
    check_message: gr.HTML
    checked: gr.HTML


@dataclass(frozen=True, slots=True)
class ToolForms:
    """The components that are drawn once: a form keeps what was typed into it."""

    table: gr.HTML
    check: gr.HTML


def tools_panes(words: Words) -> tuple[ToolForms, ToolPanes]:
    """Lay out the page inside the Blocks that is open; must be called in a ``with`` block."""
    copy = tool_words(words.language)
    sorting, saved = gr.State(SortOrder()), gr.Textbox(visible=False)
    with gr.Row(elem_id="tools-page", equal_height=False), gr.Column(elem_id="tools", min_width=0):
        pane("tools-lead", tools_page.lead(copy))
        with gr.Column(elem_id="table-tool", min_width=0):
            table_form = pane("table-form", tools_page.table_form(copy), "tabulate")
            table_message = pane("table-message", "", "stop", "follow")
            table = pane("table-result", "", "sort", "export")
        with gr.Column(elem_id="check-tool", min_width=0):
            check_form = pane("check-form", tools_page.check_form(copy), "check")
            check_message = pane("check-message", "", "stop", "follow")
            checked = pane("check-result", "")
    panes = ToolPanes(sorting, saved, table_message, table, check_message, checked)
    return ToolForms(table_form, check_form), panes


class Tools:
    """The page of tools: every public method is the handler of one event."""

    def __init__(self, runner: ToolRunner, words: Words, panes: ToolPanes) -> None:
        self._runner = runner
        self._words = words
        self._copy: ToolWords = tool_words(words.language)
        self._panes = panes

    def open_page(self, sorting: SortOrder, request: gr.Request) -> Updates:
        """Show what this visitor began last, and go on telling of what is under way."""
        visitor = visitor_of(request)
        return {**self._table(visitor, sorting, fresh=True), **self._check(visitor, fresh=True)}

    def tabulate(self, event: gr.EventData, request: gr.Request) -> Updates:
        """Begin a table; each line of the question is a column."""
        press = Press(event)
        asked = [line.strip() for line in press.text("questions").splitlines() if line.strip()]
        if not asked:
            return {self._panes.table_message: Html()}
        surveys = self._runner.surveys
        limits = tools_page.limits_of(press.number("articles"), press.number("passages"))
        self._runner.tables.start(
            visitor_of(request),
            lambda on_progress, stop: surveys.table(
                asked[:MOST_COLUMNS], limits=limits, on_progress=on_progress, stop=stop
            ),
        )
        return {
            self._panes.sorting: SortOrder(),
            **self._table(visitor_of(request), SortOrder(), fresh=True),
        }

    def check(self, event: gr.EventData, request: gr.Request) -> Updates:
        """Begin to check a text."""
        text = Press(event).text("text")
        if len(text) > LONGEST_TEXT:
            message = self._copy.too_long.format(limit=LONGEST_TEXT)
            return {self._panes.check_message: element("p", message, class_="notice", role="alert")}
        surveys = self._runner.surveys
        self._runner.checks.start(
            visitor_of(request),
            lambda on_progress, stop: surveys.check(text, on_progress=on_progress, stop=stop),
        )
        return self._check(visitor_of(request), fresh=True)

    def sort(self, sorting: SortOrder, event: gr.EventData, request: gr.Request) -> Updates:
        """Order the table by a column, the other way round at the second press."""
        chosen = Press(event).text("column")
        changed = replace(sorting, column=chosen, backward=chosen == sorting.column and not sorting.backward)
        return {self._panes.sorting: changed, **self._table(visitor_of(request), changed)}

    def export(self, sorting: SortOrder, event: gr.EventData, request: gr.Request) -> Updates:
        """Give the table as a file, in the order on show."""
        job = self._runner.tables.of(visitor_of(request))
        if job is None or job.result is None:
            return {self._panes.saved: ""}
        table = replace(job.result, rows=tuple(tools_page.ordered(job.result.rows, sorting)))
        xlsx = Press(event).text("kind") == "xlsx"
        data = (to_xlsx if xlsx else to_csv)(table, self._copy)
        file = {
            "name": "bang.xlsx" if xlsx else "bang.csv",
            "type": XLSX if xlsx else CSV,
            "data": b64encode(data).decode(),
        }
        return {self._panes.saved: json.dumps(file)}

    def stop_table(self, sorting: SortOrder, request: gr.Request) -> Updates:
        """End the table; what was read by then stays."""
        return self._stopped(self._runner.tables, request, lambda visitor: self._table(visitor, sorting))

    def stop_check(self, request: gr.Request) -> Updates:
        """End the check; what was checked by then stays."""
        return self._stopped(self._runner.checks, request, self._check)

    async def follow_table(self, sorting: SortOrder, request: gr.Request) -> AsyncIterator[Updates]:
        """Show how far the table is until it is done."""
        visitor = visitor_of(request)
        job = self._runner.tables.of(visitor)
        while job is not None and await job.changes():
            yield self._table(visitor, sorting)
        yield self._table(visitor, sorting)

    async def follow_check(self, request: gr.Request) -> AsyncIterator[Updates]:
        """Show how far the check is until it is done."""
        visitor = visitor_of(request)
        job = self._runner.checks.of(visitor)
        while job is not None and await job.changes():
            yield self._check(visitor)
        yield self._check(visitor)

    def _stopped(self, jobs: Jobs[Any], request: gr.Request, drawn: Callable[[str], Updates]) -> Updates:
        visitor = visitor_of(request)
        if (job := jobs.of(visitor)) is not None:
            job.stop.set()
        return drawn(visitor)

    def _table(self, visitor: str, sorting: SortOrder, *, fresh: bool = False) -> Updates:
        job = self._runner.tables.of(visitor)
        made = job.result if job is not None else None
        drawn = tools_page.table(made, sorting, self._words, self._copy) if made is not None else Html()
        message = self._message(job, self._copy.table_step, fresh=fresh)
        return {self._panes.table_message: message, self._panes.table: drawn}

    def _check(self, visitor: str, *, fresh: bool = False) -> Updates:
        job = self._runner.checks.of(visitor)
        made = job.result if job is not None else None
        drawn = tools_page.checked(made, self._words, self._copy) if made is not None else Html()
        message = self._message(job, self._copy.check_step, fresh=fresh)
        return {self._panes.check_message: message, self._panes.checked: drawn}

    def _message(self, job: Job[Any] | None, text: str, *, fresh: bool) -> Html:
        if job is None:
            return Html()
        if job.error is not None:
            return notice(error_text(job.error, self._words), self._words)
        if not job.running:
            return Html()
        return tools_page.progress(
            text, job.done, job.total, self._words, self._copy, fresh=fresh, stopping=job.stop.is_set()
        )
