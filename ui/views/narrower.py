"""What narrows an answer over several articles becomes a row of buttons."""

from __future__ import annotations

from rag.suggestions.narrower import narrowings
from ui.conversations.entries import Exchange
from ui.search_scope import shown_source
from ui.strings import Words
from ui.views.controls import button
from ui.views.markup import Html, element


def narrower(item: Exchange, words: Words) -> Html:
    """Offer the question of one place, year or source alone, where the articles of an answer differ in it."""
    templates = {"place": words.narrow_place, "year": words.narrow_year, "source": words.narrow_source}
    offers = []
    for narrowing in narrowings(item.answer, item.filters):
        value = shown_source(narrowing.value) if narrowing.by == "source" else narrowing.value
        offers.append(
            element(
                "li",
                button(
                    value,
                    "narrow",
                    class_="narrow",
                    data_exchange=item.id,
                    data_by=narrowing.by,
                    data_value=narrowing.value,
                    title=templates[narrowing.by].format(value=value),
                ),
            )
        )
    if not offers:
        return Html()
    return element(
        "div",
        element("span", words.narrow_title, class_="note"),
        element("ul", *offers, class_="chips", aria_label=words.narrow_title),
        class_="narrower",
    )
