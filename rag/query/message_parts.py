"""A message becomes its questions, and the text that was pasted before them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.text.normalise import fold, sentence_spans, syllables

_ASKS = re.compile(
    r"\b(?:ai|gi|nao|bao nhieu|bao gio|bao lau|bao xa|khi nao|dau(?= |$|[?.,!])|the nao|ra sao|vi sao|tai sao|sao lai"
    r"|nhu the nao|may(?! mac| moc| bom| bay| tinh| cay| gat| xuc)"
    r"|(?:khong|chua|chu)(?=\s*(?:a|vay|nhi|the|nhe)?\s*[?.]*$)|what|who|whom|when|where|which|why|how)\b"
)
_NUMBERED = re.compile(
    r"(?:(?:^|(?<=[\s?.;]))(?:\d{1,2}[.)]|câu \d+\s*[:.])|^[-•*+])\s+", re.IGNORECASE | re.MULTILINE
)
_LEAD = re.compile(
    r"^(?:(?:một|hai|ba|bốn) là|thứ (?:nhất|hai|ba|tư)|(?:câu )?hỏi|và|rồi|với lại|ngoài ra"
    r"|=+>|->|[-–:,;.“”\"])[\s,:]*",
    re.IGNORECASE,
)
_JOINTS = re.compile(r"\s*(?:[,;]\s*(?:và|rồi|còn|với lại)?|\s(?:và|va|với lại|rồi))\s+", re.IGNORECASE)
_TURN = re.compile(r"\s*(?:=+>|->|→|——+|\](?= ))\s*")
"""By which people turn from a text to their question."""
_AFTER = 3
"""A question of a pasted text stands among so many sentences at its end."""
_QUESTION_PART = re.compile(r"(?:[^?]|\?(?=[\"”’»)]))+\?*")
"""As much of a line as one question mark ends; one within quotes ends nothing."""
_CONTEXT = 60
"""Words of a pasted text that are the context of the question after it."""
_MOST = 8
"""Questions of one message that are answered."""


def questions_of(message: str, *, joined: bool) -> list[str]:
    """The questions of a normalised message in their order; with ``joined`` also those joined within a sentence.

    Sentences that ask nothing are left out; one alone is given as it is.
    """
    numbered = [part.strip() for part in _NUMBERED.split(message)]
    if len(_NUMBERED.findall(message)) >= 2:
        items = [part for part in numbered[1:] if syllables(part)]
        if len(items) >= 2:
            return items[:_MOST]
    questions = [
        part for sentence in _sentences(message) if asks(sentence) for part in _joined(sentence, joined)
    ]
    return questions[:_MOST] if len(questions) >= 2 else [message]


def split_pasted_text(message: str) -> tuple[str, str]:
    """The text that stands before the question of a normalised message, and the question; the text may be empty."""
    sentences = [
        part for sentence in _sentences(message) for part in _TURN.split(sentence) if syllables(part)
    ]
    asking = [place for place, sentence in enumerate(sentences) if asks(sentence)]
    if not asking or asking[-1] < len(sentences) - _AFTER:
        return "", message
    last = first = asking[-1]
    while first and sentences[first - 1].endswith("?"):
        first -= 1
    return " ".join(sentences[:first]), " ".join(_without_lead(one) for one in sentences[first : last + 1])


def shorten_context(context: str) -> str:
    """As much of a pasted text as goes with a question."""
    words = context.split()
    return " ".join(words[:_CONTEXT])


def asks(sentence: str) -> bool:
    """Whether a sentence asks something."""
    return "?" in sentence or _ASKS.search(fold(sentence)) is not None


def _sentences(message: str) -> Iterator[str]:
    for line in message.split("\n"):
        for start, end in sentence_spans(line):
            for part in _QUESTION_PART.findall(line[start:end]):
                if syllables(part):
                    yield part.strip()


def _joined(sentence: str, joined: bool) -> Iterator[str]:
    """The questions of a sentence: cut where both sides ask."""
    if not joined:
        yield _without_lead(sentence)
        return
    begin = 0
    for joint in _JOINTS.finditer(sentence):
        if _asks_something(sentence[begin : joint.start()]) and _asks_something(sentence[joint.end() :]):
            yield _without_lead(sentence[begin : joint.start()])
            begin = joint.end()
    yield _without_lead(sentence[begin:])


def _asks_something(part: str) -> bool:
    return len(syllables(part)) >= 2 and _ASKS.search(fold(part)) is not None


def _without_lead(sentence: str) -> str:
    rest = _LEAD.sub("", sentence.strip().strip('“”"').strip())
    return rest[:1].upper() + rest[1:]
