"""An answer that is being made becomes HTML."""

from __future__ import annotations

from ui.conversations.progress import Progress
from ui.strings import Words
from ui.views.answer_text import streamed
from ui.views.conversation import asked, understood
from ui.views.formatting import decimal
from ui.views.markup import Html, element


def progress(state: Progress, words: Words, conversation: str = "", *, fresh: bool = False) -> Html:
    """Show a question whose answer is still being made; what is written so far looks unchecked.

    One that is ``fresh`` is looked at from now on: the browser asks for what comes.
    """
    stages = {
        "queued": words.state_queued.format(ahead=state.ahead),
        "loading": words.state_loading,
        "searching": words.state_searching,
        "reading": words.state_reading.format(passages=len(state.passages)),
        "writing": words.state_writing,
        "checking": words.state_checking,
    }
    doing = words.stopping if state.stopping else stages[state.stage]
    status = element(
        "p",
        element("span", class_="pulse", aria_hidden="true"),
        element("span", doing, class_="doing"),
        element(
            "span",
            words.elapsed.format(seconds=decimal(state.seconds, words)),
            class_="elapsed",
            data_seconds=f"{state.seconds:.1f}",
            data_pattern=words.elapsed,
            aria_hidden="true",
        ),
        class_="status",
    )
    written = Html()
    if state.text:
        label = element("p", words.draft_label, class_="draft-label")
        written = element("div", label, *streamed(state.text), class_="answer draft")
    return element(
        "article",
        asked(state.question, words),
        understood(state.question, state.standalone or state.question, words),
        written,
        status,
        class_="exchange running",
        data_conversation=conversation,
        data_fresh=fresh,
        aria_busy="true",
    )
