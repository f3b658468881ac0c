"""Questions and kept answers become HTML."""

from __future__ import annotations

from collections.abc import Sequence

from index.schema import Filters, Hit
from rag.schema import SMALL_TALK_KINDS, Answer, Citation
from ui.articles.syncing import Step
from ui.conversations.entries import Entry, Exchange, Rating, Unanswered
from ui.search_scope import in_words, shown_source
from ui.strings import Words
from ui.views.answer_text import checked
from ui.views.articles import time_left
from ui.views.controls import button, icon, running
from ui.views.errors import ErrorText, error_text_of_code, notice
from ui.views.extractive_answer import closest_sentence, extract_beside, extracted
from ui.views.formatting import (
    about_source,
    citations_by_mark,
    decimal,
    grouped,
    may_miss_unread,
    shortcomings,
)
from ui.views.markup import Html, element, join
from ui.views.narrower import narrower

MOST_SHOWN = 30
"""Earlier questions of a conversation that are drawn; those before them wait for a press."""


def entry(item: Entry, words: Words) -> Html:
    """Show a kept question with its answer, or with what stands in its way."""
    return exchange(item, words) if isinstance(item, Exchange) else unanswered(item, words)


def last(item: Entry, conversation: str, words: Words) -> Html:
    """Show the last question of a conversation, which the browser compares with the conversation that was chosen."""
    return element("div", entry(item, words), data_conversation=conversation)


def still_reading(reading: Step, words: Words, *, fresh: bool = False) -> Html:
    """Show how far the syncing is that the last answer may depend on; ``fresh`` asks for updates."""
    return _read_so_far(reading, 0, words, fresh=fresh)


def entries(items: Sequence[Entry], words: Words) -> Html:
    """Show several questions in their order."""
    return join(*(entry(item, words) for item in items))


def past(items: Sequence[Entry], words: Words, *, whole: bool) -> Html:
    """Show what was asked before the last question: the newest of it, with the way to all, or ``whole``."""
    earlier = 0 if whole else max(0, len(items) - MOST_SHOWN)
    offer = button(
        words.earlier_questions.format(count=grouped(earlier, words)), "earlier", class_="button second"
    )
    return join(element("p", offer, class_="earlier") if earlier else Html(), entries(items[earlier:], words))


def unanswered(item: Unanswered, words: Words) -> Html:
    """Show a question that has no answer yet, what went wrong, and the ways on."""
    error = error_text_of_code(item.problem, item.detail, words)
    note = (
        notice(error, words, words.error_title)
        if item.problem
        else element("p", words.waiting, class_="note")
    )
    again = (
        button(words.ask_again, "again", picture="again", data_exchange=item.id) if item.problem else Html()
    )
    return element(
        "article",
        asked(item.question, words, _edit(item.id, words)),
        _bounds(item.filters, words),
        note,
        element("footer", again, class_="tools"),
        class_="exchange",
        data_exchange=item.id,
    )


def _edit(exchange: int, words: Words) -> Html:
    return button(words.edit_question, "edit", picture="edit", bare=True, data_exchange=exchange)


def _bounds(filters: Filters, words: Words, hits: Sequence[Hit] = ()) -> Html:
    """Tell what the search was bounded to."""
    scope = in_words(filters, words, hits)
    return (
        element("p", words.asked_within.format(scope=scope), class_="understood bounds") if scope else Html()
    )


def exchange(item: Exchange, words: Words) -> Html:
    """Show a kept question with its answer and everything one can do with it."""
    answer = item.answer
    parts = [
        asked(answer.question, words, _edit(item.id, words)),
        _bounds(item.filters, words, answer.passages),
        _refusal(item, words) if answer.refused else _answered(item, words),
        _printed_sources(answer, words),
        _tools(item, words),
    ]
    return element("article", *parts, class_="exchange", data_exchange=item.id)


def welcome(
    examples: Sequence[str], articles: int, words: Words, reading: Step | None = None, *, fresh: bool = False
) -> Html:
    """Greet, say what this is, and offer questions that the articles can answer.

    ``reading`` tells how far a reading of the articles is, where that is worth waiting for; ``fresh`` asks for what
    comes.
    """
    if reading is not None:
        so_far = _read_so_far(reading, articles, words, fresh=fresh)
        return _greeting(words.welcome_title, element("p", words.welcome_reading), so_far)
    if not articles:
        way = element("a", words.add_first, href="#kho", class_="button")
        return _greeting(words.welcome_title, element("p", words.welcome_empty), way)
    text = element("p", words.welcome_text.format(articles=grouped(articles, words)))
    offers = (element("h3", words.examples_title), _offers(examples)) if examples else ()
    return _greeting(words.welcome_title, text, *offers)


def damaged(error: ErrorText, words: Words) -> Html:
    """Say in place of the greeting that the articles cannot be read, with the way to where that is mended."""
    way = element("a", words.nav_corpus, href="#kho", class_="button")
    return _greeting(words.damaged_title, notice(error, words, remedy=way))


def _greeting(title: str, *parts: Html) -> Html:
    return element("section", element("h2", title, class_="greeting"), *parts, class_="welcome")


def _offers(questions: Sequence[str]) -> Html:
    offers = (button(question, "example", class_="example", data_question=question) for question in questions)
    return element("ul", *(element("li", offer) for offer in offers), class_="examples")


def _read_so_far(reading: Step, articles: int, words: Words, *, fresh: bool) -> Html:
    facts = [words.sync_step.format(percent=(percent := round(reading.share * 100)))]
    facts += [time_left(reading.left, words)] if reading.left is not None else []
    facts += [words.articles_read.format(count=grouped(articles, words))] if articles else []
    way = element("p", element("a", words.see_reading, href="#kho"))
    return running(" · ".join(facts), percent, way, label=words.syncing, fresh=fresh)


def further(questions: Sequence[str], words: Words) -> Html:
    """Offer what could be asked next; hidden until the browser has made room without moving what is used."""
    if not questions:
        return Html()
    return element(
        "section",
        element("h3", words.further_title),
        _offers(questions),
        class_="further",
        aria_label=words.further_title,
        hidden=True,
    )


def plain_answer(answer: Answer, words: Words) -> str:
    """Give the answer with its sources as text for the clipboard."""
    lines = [answer.text.strip(), *shortcomings(answer, words)]
    if answer.citations:
        lines += ["", f"{words.sources_heading}:"]
    return "\n".join([*lines, *(_source_line(citation, words) for citation in citations_by_mark(answer))])


def _source_line(citation: Citation, words: Words) -> str:
    about = about_source(citation, shown_source(citation.hit.chunk.article.source), words)
    return f"[{citation.mark}] {', '.join(about)}: “{citation.quote.strip()}”"


def _printed_sources(answer: Answer, words: Words) -> Html:
    """List the sources below an answer, for paper alone: there the column beside it cannot be turned to each answer."""
    if not answer.citations:
        return Html()
    lines = (element("li", _source_line(citation, words)) for citation in citations_by_mark(answer))
    return element("div", element("h3", words.sources_heading), element("ul", *lines), class_="on-paper")


def asked(question: str, words: Words, *tools: str) -> Html:
    """Show a question with what one can do with it."""
    return element(
        "header",
        element("h2", element("span", f"{words.question_by}: ", class_="unseen"), question),
        *tools,
        class_="asked",
    )


def understood(question: str, standalone: str, words: Words) -> Html:
    """Tell what was searched, when that is not the question as it was typed."""
    if standalone.strip() == question.strip():
        return Html()
    return element("p", words.understood_as.format(question=standalone), class_="understood")


def _answered(item: Exchange, words: Words) -> Html:
    answer, beside = item.answer, extract_beside(item.answer)
    notes = shortcomings(answer, words)
    if any(not statement.marks for statement in answer.statements):
        notes.append(words.unsupported_note)
    return join(
        understood(answer.question, answer.standalone, words),
        extracted(beside, words, item.id) if beside else Html(),
        element(
            "div", *checked(item, words), class_="answer parts" if answer.kind == "several" else "answer"
        ),
        narrower(item, words),
        *(element("p", note, class_="note") for note in notes),
    )


def _refusal(item: Exchange, words: Words) -> Html:
    offers = [
        element(
            "li",
            button(
                hit.chunk.article.title, "cite", class_="nearest", data_exchange=item.id, data_rank=hit.rank
            ),
        )
        for hit in _one_an_article(item.answer.passages)[:3]
    ]
    nearest = [element("h4", words.nearest_title), element("ol", *offers)] if offers else []
    closest = item.answer.closest
    bounded = item.filters != Filters()
    everywhere = button(
        words.ask_everywhere, "again", class_="button", data_exchange=item.id, data_scope="all"
    )
    unread = may_miss_unread(item.answer)
    anew = button(words.ask_again, "again", class_="button", data_exchange=item.id)
    offers_again = [*([anew] if unread else []), *([everywhere] if bounded else [])]
    return element(
        "div",
        element("h3", words.refused_title_within if bounded else words.refused_title),
        element("p", words.refused_text.format(question=item.answer.standalone), class_="answer"),
        element("p", item.answer.remark, class_="note") if item.answer.remark else Html(),
        element("p", words.was_reading, class_="note") if unread else Html(),
        element("p", words.refused_hint, class_="note"),
        element("p", *offers_again) if offers_again else Html(),
        closest_sentence(closest, words, item.id) if closest else Html(),
        *nearest,
        class_="refusal",
    )


def _one_an_article(hits: Sequence[Hit]) -> list[Hit]:
    """Keep the best passage of each article: three lines with one title tell no more than one."""
    best: dict[str, Hit] = {}
    for hit in hits:
        best.setdefault(hit.chunk.article.id, hit)
    return list(best.values())


def _tools(item: Exchange, words: Words) -> Html:
    answer = item.answer
    return element(
        "footer",
        element(
            "button",
            icon("copy"),
            element("span", words.copy_answer),
            type="button",
            class_="quiet",
            title=words.copy_hint,
            data_copy=plain_answer(answer, words),
            data_done=words.copied,
        ),
        _thumb(item, words.rate_good, good=True),
        _thumb(item, words.rate_bad, good=False),
        button(words.show_sources, "cite", data_exchange=item.id) if answer.passages else Html(),
        button(words.ask_again, "again", picture="again", bare=True, data_exchange=item.id),
        _facts(answer, words) if answer.kind not in SMALL_TALK_KINDS else Html(),
        _rating_form(item, item.rating, words) if item.rating else Html(),
        class_="tools",
    )


def _facts(answer: Answer, words: Words) -> Html:
    """Tell how long an answer took and, on a press, what it was made by."""
    models = words.model_facts.format(
        llm=answer.llm or "–", encoder=answer.encoder or "–", reader=answer.reader or words.no_reader
    )
    spent = words.facts.format(seconds=decimal(answer.seconds.total, words), passages=len(answer.passages))
    return element("details", element("summary", spent), element("p", models), class_="facts")


def _thumb(item: Exchange, label: str, *, good: bool) -> Html:
    pressed = item.rating is not None and item.rating.good == good
    return button(
        label,
        "rate",
        picture="good" if good else "bad",
        bare=True,
        data_exchange=item.id,
        data_good="1" if good else "",
        aria_pressed="true" if pressed else "false",
    )


def _rating_form(item: Exchange, rating: Rating, words: Words) -> Html:
    if rating.comment or rating.correction:
        return element("p", icon("check"), element("span", words.feedback_kept), class_="kept", role="status")
    fields = [("comment", words.comment_label)]
    if not rating.good:
        fields.insert(0, ("correction", words.correction_label))
    inputs = [
        element("label", element("span", label), element("textarea", name=name, rows=2, maxlength=2000))
        for name, label in fields
    ]
    send = element("button", words.send_feedback, type="submit", class_="button")
    form = element(
        "form", *inputs, send, data_act="comment", data_exchange=item.id, data_good="1" if rating.good else ""
    )
    return element("details", element("summary", words.add_comment), form, class_="rating")
