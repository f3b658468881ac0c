"""What the reader found becomes text and HTML: the sentence of the article, the words, how sure it is."""

from __future__ import annotations

from rag.schema import Answer, Extract
from ui.strings import Words
from ui.views.controls import button
from ui.views.markup import Html, element

_LONGEST = 240
"""Characters that are shown of a sentence."""
_SURE, _FAIRLY_SURE = 0.8, 0.5


def extract_beside(answer: Answer) -> Extract | None:
    """Give the extract where it tells more than the answer: one that only quotes the articles says the same already."""
    return None if answer.quoted or answer.manner == "perhaps" else answer.extract


def extracted(extract: Extract, words: Words, exchange: int | None = None) -> Html:
    """Show the extract in its sentence; its title opens the source once the ``exchange`` is kept."""
    before, found, after = in_sentence(extract)
    title = extract.hit.chunk.article.title
    origin = (
        element("span", title, class_="from")
        if exchange is None
        else button(title, "cite", class_="from", data_exchange=exchange, data_rank=extract.hit.rank)
    )
    caption = element(
        "figcaption",
        element("strong", words.extract_label, title=words.extract_hint),
        element("span", sureness(extract, words), class_="sure"),
        origin,
    )
    quote = element("blockquote", before, element("mark", found, class_="extracted"), after)
    return element("figure", caption, quote, class_="extract")


def closest_sentence(closest: Extract, words: Words, exchange: int) -> Html:
    """Show the sentence that comes closest to a question that is refused, as something to look at and no answer."""
    title = closest.hit.chunk.article.title
    source = button(title, "cite", class_="from", data_exchange=exchange, data_rank=closest.hit.rank)
    caption = element("figcaption", element("strong", words.closest_label), source)
    return element("figure", caption, element("blockquote", closest_text(closest)), class_="extract closest")


def closest_line(closest: Extract, words: Words) -> str:
    """Give the closest sentence with its title in one line of text."""
    return f"{words.closest_label}: “{closest_text(closest)}” — {closest.hit.chunk.article.title}"


def closest_text(closest: Extract) -> str:
    """The sentence in one line, a long one shortened."""
    return _first(" ".join(closest.text.split()), _LONGEST)


def extract_line(extract: Extract, words: Words) -> str:
    """Give the extract with its title and how sure it is in one line of text."""
    found = " ".join(extract.text.split())
    return f"{words.extract_short}: {found} — {extract.hit.chunk.article.title} ({sureness(extract, words)})"


def sureness(extract: Extract, words: Words) -> str:
    """Say how sure the reader is, in words and in percent, at most 99."""
    if extract.confidence >= _SURE:
        template = words.sure
    else:
        template = words.fairly_sure if extract.confidence >= _FAIRLY_SURE else words.not_sure
    return template.format(percent=min(99, round(extract.confidence * 100)))


def in_sentence(extract: Extract) -> tuple[str, str, str]:
    """Give what stands before the extract in its sentence, the extract, and what stands after it.

    A long sentence is shortened at both ends, an extract that crosses sentences stands in all of them.
    """
    article = extract.hit.chunk.article
    begin, end = extract.sentence
    before = article.text[begin : extract.start]
    after = article.text[extract.end : end]
    room = max(0, _LONGEST - len(extract.text))
    left = max(room // 2, room - len(after))
    right = max(room - left, room - len(before))
    return _last(before, left), extract.text, _first(after, right)


def _last(text: str, room: int) -> str:
    """Give the end of a text, cut between two words."""
    if len(text) <= room:
        return text
    kept = text[len(text) - max(0, room - 1) :]
    return "…" + (kept.partition(" ")[2] if " " in kept else kept)


def _first(text: str, room: int) -> str:
    """Give the beginning of a text, cut between two words."""
    if len(text) <= room:
        return text
    kept = text[: max(0, room - 1)]
    return (kept.rpartition(" ")[0] if " " in kept else kept) + "…"
