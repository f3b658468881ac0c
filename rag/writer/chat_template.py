"""Messages become the text that a chat model was trained on, with the messages' own texts kept apart."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from rag.writer.generator import Message, Prompt

Render: TypeAlias = Callable[[list[dict[str, str]]], str]
"""A chat template: messages of ``role`` and ``content`` become the text before the reply."""

_PLACEHOLDER = re.compile("\ue000(\\d+)\ue001")


@dataclass(frozen=True, slots=True)
class Segment:
    """Text of a rendered prompt; only where ``trusted`` may it hold control tokens.

    ``fixed`` is what every prompt of the same model and system message has.
    """

    text: str
    trusted: bool
    fixed: bool = False


class TemplateError(Exception):
    """A chat template cannot hold these messages."""


def render_chatml(messages: list[dict[str, str]]) -> str:
    """Render ChatML, for models that bring no template of their own."""
    turns = [f"<|im_start|>{turn['role']}\n{turn['content']}<|im_end|>\n" for turn in messages]
    return "".join(turns) + "<|im_start|>assistant\n"


def split_prompt(prompt: Prompt, render: Render) -> tuple[Segment, ...]:
    """Render a prompt so that the texts of its messages are segments of their own.

    The template sees placeholders only, so no text can pass for a part of it.  Where a template takes no
    system message, its text is put before the first user's.  Raises TemplateError.
    """
    try:
        segments = _rendered(prompt.messages, render)
    except TemplateError:
        segments = _rendered(_without_system(prompt.messages), render)
    return (*segments, Segment(prompt.reply_prefix, trusted=False))


def _rendered(messages: Sequence[Message], render: Render) -> list[Segment]:
    placeholders = [
        {"role": message.role, "content": f"\ue000{number}\ue001"} for number, message in enumerate(messages)
    ]
    try:
        parts = _PLACEHOLDER.split(render(placeholders))
    except Exception as error:  # a template is a program, and fails in its own ways
        raise TemplateError(str(error)) from error
    if [int(number) for number in parts[1::2]] != list(range(len(messages))):
        raise TemplateError("it leaves out, repeats or reorders messages")
    return [
        Segment(messages[int(part)].text, trusted=False, fixed=messages[int(part)].role == "system")
        if place % 2
        else Segment(part, trusted=True, fixed=True)
        for place, part in enumerate(parts)
    ]


def _without_system(messages: Sequence[Message]) -> list[Message]:
    system = [message.text for message in messages if message.role == "system"]
    others = [message for message in messages if message.role != "system"]
    if not system or not others:
        return list(messages)
    return [replace(others[0], text="\n\n".join([*system, others[0].text])), *others[1:]]
