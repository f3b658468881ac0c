"""What the tools ask for and give becomes HTML: forms, progress, a table that sorts, a text with its marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from index.schema import Article
from index.text.normalise import fold
from index.text.values import find_values
from rag.tools.check_text import CheckedSentence, CheckedText, Verdict
from rag.tools.table import MOST_ARTICLES, MOST_COLUMNS, MOST_PASSAGES, Cell, Limits, Table, TableRow
from ui.strings import Words
from ui.tools.strings import ToolWords
from ui.views.controls import Icon, button, icon, running
from ui.views.formatting import day, grouped
from ui.views.markup import Html, element, join

LONGEST_TEXT = 8000
"""Characters of a text that the window checks at once: as many as one value of an event may have."""
_VERDICTS: tuple[Verdict, ...] = ("supported", "contradicted", "not_found")
_PICTURES: dict[Verdict, Icon] = {"supported": "check", "contradicted": "close", "not_found": "search"}


@dataclass(frozen=True, slots=True)
class SortOrder:
    """By which column a table is ordered (``""``: as it was made), and whether the other way round."""

    column: str = ""
    backward: bool = False


def lead(copy: ToolWords) -> Html:
    """Head of the page: which tool, each with an address of its own."""
    links = [
        element("a", title, href=f"#cong-cu/{tool}", data_tool=tool, class_="choice")
        for tool, title in (("bang", copy.table_title), ("kiem-tra", copy.check_title))
    ]
    return join(
        element("h2", copy.title, class_="unseen"),
        element("nav", *links, class_="choices", aria_label=copy.title),
    )


def table_form(copy: ToolWords) -> Html:
    """Ask what the table shall be of."""
    hint = copy.questions_hint.format(columns=MOST_COLUMNS)
    box = element(
        "textarea",
        name="questions",
        rows=2,
        maxlength=2000,
        placeholder=copy.questions_example,
        required=True,
    )
    limits = element(
        "details",
        element("summary", copy.limits),
        _number("articles", copy.limit_articles, Limits().articles, MOST_ARTICLES),
        _number("passages", copy.limit_passages, Limits().passages, MOST_PASSAGES),
        element("p", copy.limits_hint, class_="note"),
        class_="limits",
    )
    return _form(
        "tabulate", copy.table_title, copy.table_text, copy.questions_label, box, hint, copy.tabulate, limits
    )


def _number(name: str, label: str, value: int, most: int) -> Html:
    box = element("input", type="number", name=name, value=value, min=1, max=most, step=1, required=True)
    return element("label", element("span", label.format(most=most)), box)


def limits_of(articles: int | None, passages: int | None) -> Limits:
    """The limits that a form was sent with, brought between one and the most; the usual ones for what is absent."""
    usual = Limits()
    return Limits(
        min(max(articles or usual.articles, 1), MOST_ARTICLES),
        min(max(passages or usual.passages, 1), MOST_PASSAGES),
    )


def check_form(copy: ToolWords) -> Html:
    """Ask for the text to check."""
    box = element("textarea", name="text", rows=8, maxlength=LONGEST_TEXT, required=True)
    hint = copy.text_hint.format(limit=f"{LONGEST_TEXT:,}".replace(",", "."))
    return _form("check", copy.check_title, copy.check_text, copy.text_label, box, hint, copy.check, Html())


def _form(act: str, title: str, text: str, label: str, box: Html, hint: str, send: str, more: Html) -> Html:
    return element(
        "form",
        element("h3", title),
        element("p", text, class_="lead"),
        element("label", element("span", label), box),
        more,
        element(
            "p", element("span", hint, class_="note"), element("button", send, type="submit", class_="button")
        ),
        data_act=act,
        class_="tool-form",
    )


def progress(
    template: str, done: int, total: int, words: Words, copy: ToolWords, *, fresh: bool, stopping: bool
) -> Html:
    """Tell how far the work is, with the way to end it; ``fresh`` asks for what comes."""
    counted = (
        template.format(done=grouped(done, words), total=grouped(total, words)) if total else copy.waiting
    )
    share = round(100 * done / total) if total else 0
    message = words.stopping if stopping else counted
    stop = button(words.stop, "stop", picture="close", disabled=stopping)
    return running(message, share, stop, label=message, fresh=fresh)


def table(made: Table, sorting: SortOrder, words: Words, copy: ToolWords) -> Html:
    """Show the rows that tell something, and name the articles that do not."""
    telling = ordered([row for row in made.rows if row.has_answer], sorting)
    silent = [row for row in made.rows if not row.has_answer]
    notes = [element("p", copy.stopped, class_="notice")] if made.stopped else []
    if not telling:
        return join(*notes, element("p", copy.table_none, class_="notice"), _silent(silent, words, copy))
    counts = copy.table_counts.format(told=grouped(len(telling), words), read=grouped(len(made.rows), words))
    tools = element(
        "p",
        element("span", counts, class_="note"),
        button(copy.export_xlsx, "export", picture="download", data_kind="xlsx"),
        button(copy.export_csv, "export", picture="download", data_kind="csv"),
        class_="table-tools",
    )
    single = len(made.questions) == 1
    heads = [("article", copy.column_article), ("place", copy.column_place), ("day", copy.column_day)]
    heads += [(f"cell{number}", question) for number, question in enumerate(made.questions)]
    labels = [name for _, name in heads]
    if single:
        heads.append(("certainty", copy.column_certainty))
    top = [_head(column, name, sorting) for column, name in heads]
    if single:
        top.append(element("th", copy.column_quote, scope="col"))
    body = [_row(row, labels, words, copy, single=single) for row in telling]
    return join(
        *notes,
        tools,
        element(
            "div",
            element("table", element("thead", element("tr", *top)), element("tbody", *body)),
            class_="wide-table single" if single else "wide-table",
            tabindex=0,
            role="region",
            aria_label=copy.table_title,
        ),
        _silent(silent, words, copy),
        element("p", copy.may_be_wrong, class_="may-be-wrong"),
    )


def ordered(rows: Sequence[TableRow], sorting: SortOrder) -> list[TableRow]:
    """Order rows by a column, numbers by their size; empty values come last in both directions."""
    if not sorting.column:
        return list(rows)
    known = [(key, row) for row in rows if (key := _key(row, sorting.column)) is not None]
    unknown = [row for row in rows if _key(row, sorting.column) is None]
    known.sort(key=lambda pair: pair[0], reverse=sorting.backward)
    return [*(row for _, row in known), *unknown]


def _key(row: TableRow, column: str) -> tuple[float, str] | None:
    article = row.article
    if column == "day":
        return (float(article.date.toordinal()), "") if article.date else None
    if column == "place":
        return (0.0, fold(article.place)) if article.place else None
    if column == "article":
        return 0.0, fold(article.title)
    if column == "certainty":
        cell = row.cells[0]
        return (cell.certainty, "") if cell else None
    number = column.removeprefix("cell")
    cell = row.cells[int(number)] if number.isdigit() and int(number) < len(row.cells) else None
    return _size(cell) if cell else None


def _size(cell: Cell) -> tuple[float, str]:
    """A number by its size, before all words."""
    for value in find_values(cell.value):
        if value.kind in ("number", "percent", "money"):
            return float(value.canonical.partition(" ")[0]), ""
    return float("inf"), fold(cell.value)


def _head(column: str, name: str, sorting: SortOrder) -> Html:
    chosen = column == sorting.column
    arrow = (" ↓" if sorting.backward else " ↑") if chosen else ""
    sorter = element(
        "button", name, arrow, type="button", class_="sorter", data_act="sort", data_column=column
    )
    return element(
        "th",
        sorter,
        scope="col",
        aria_sort=("descending" if sorting.backward else "ascending") if chosen else None,
    )


def _row(row: TableRow, labels: Sequence[str], words: Words, copy: ToolWords, *, single: bool) -> Html:
    article = row.article
    when = day(article.date, words) if article.date else ""
    cells = [
        element("td", _link(article), data_label=labels[0], class_="article"),
        element("td", article.place or "", data_label=labels[1]),
        element("td", when, data_label=labels[2], class_="when"),
    ]
    for label, cell in zip(labels[3:], row.cells, strict=True):
        cells.append(element("td", _value(cell, copy, quoted=not single), data_label=label, class_="value"))
    if single:
        cell = row.cells[0]
        sure = f"{_percent(cell)}%" if cell else ""
        cells.append(element("td", sure, data_label=copy.column_certainty, class_="count"))
        cells.append(element("td", cell.quote if cell else "", data_label=copy.column_quote, class_="quote"))
    return element("tr", *cells)


def _value(cell: Cell | None, copy: ToolWords, *, quoted: bool) -> Html:
    if cell is None:
        return Html()
    value = element("strong", cell.value)
    if not quoted:
        return value
    shown = element(
        "details",
        element("summary", f"{copy.column_quote} · {_percent(cell)}%"),
        element("p", cell.quote, class_="quote"),
    )
    return join(value, shown)


def _percent(cell: Cell) -> int:
    return min(99, round(100 * cell.certainty))


def _silent(rows: Sequence[TableRow], words: Words, copy: ToolWords) -> Html:
    if not rows:
        return Html()
    listed = [element("li", _link(row.article)) for row in rows]
    summary = copy.silent.format(count=grouped(len(rows), words))
    return element("details", element("summary", summary), element("ul", *listed), class_="silent")


def checked(made: CheckedText, words: Words, copy: ToolWords) -> Html:
    """Show each sentence with its mark, what the articles say, and the sentence that shows it."""
    notes = [element("p", copy.stopped, class_="notice")] if made.stopped else []
    if not made.sentences:
        return join(*notes, element("p", copy.check_none, class_="notice"))
    count = {
        verdict: sum(sentence.verdict == verdict for sentence in made.sentences) for verdict in _VERDICTS
    }
    counted = copy.check_counts.format(**{name: grouped(number, words) for name, number in count.items()})
    listed = [_checked_sentence(made.text, sentence, words, copy) for sentence in made.sentences]
    return join(
        *notes,
        element("p", counted, class_="note", role="status"),
        element("ol", *listed, class_="checked"),
        element("p", copy.may_be_wrong, class_="may-be-wrong"),
    )


def _checked_sentence(text: str, checked: CheckedSentence, words: Words, copy: ToolWords) -> Html:
    labels = {
        "supported": copy.supported,
        "contradicted": copy.contradicted,
        "not_found": copy.not_found,
    }
    sentence = text[checked.start : checked.end]
    before, wrong_part, after = sentence.partition(checked.claimed) if checked.claimed else (sentence, "", "")
    marked = element("mark", wrong_part, class_="wrong") if wrong_part else Html()
    mark = element(
        "span", icon(_PICTURES[checked.verdict]), element("span", labels[checked.verdict]), class_="verdict"
    )
    parts = [element("p", before, marked, after, class_="claim"), mark]
    if checked.stated and checked.claimed:
        parts.append(
            element(
                "p", copy.told_otherwise.format(told=checked.stated, said=checked.claimed), class_="otherwise"
            )
        )
    if checked.source is not None:
        lead_in = [element("span", copy.nearest, class_="note")] if checked.verdict == "not_found" else []
        article = checked.source.article
        about = " · ".join(filter(None, (article.place, day(article.date, words) if article.date else "")))
        written = article.text[checked.source.start : checked.source.end]
        parts.append(
            element(
                "figure",
                *lead_in,
                element("blockquote", written),
                element("figcaption", _link(article), element("span", about, class_="meta")),
            )
        )
    return element("li", *parts, class_=checked.verdict)


def _link(article: Article) -> Html:
    """Lead to the article on the page of articles."""
    return element("a", article.title, href=f"#kho/{quote(article.id, safe='')}")
