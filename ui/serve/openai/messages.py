"""Messages of OpenAI's form become a question and the turns before it; what is left out of them is reported."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from rag.schema import Turn
from ui.serve.errors import RequestError
from ui.serve.service import Text

_SAID = ("user", "assistant")


class Part(BaseModel):
    """One part of a message's content; only text can be read."""

    model_config = ConfigDict(extra="allow")

    type: str
    text: Text = ""


class Message(BaseModel):
    """One message of a conversation."""

    model_config = ConfigDict(extra="allow")

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Text | list[Part] | None = None

    @property
    def text(self) -> str:
        """All of its text; raises RequestError for a picture, a sound or a file."""
        if isinstance(self.content, str) or self.content is None:
            return self.content or ""
        for part in self.content:
            if part.type not in ("text", "input_text", "output_text"):
                raise RequestError(
                    400, "text_only", f"Only text can be read, not {part.type!r}.", param="messages"
                )
        return "\n".join(part.text for part in self.content)


def question_and_turns(messages: Sequence[Message]) -> tuple[str, list[Turn]]:
    """Take the last message as the question and those before it as turns.

    Instructions to the model are no part of a conversation with articles and are left out.
    Raises RequestError where the last message is not the user's.
    """
    spoken = [message for message in messages if message.role in _SAID]
    if not spoken or spoken[-1].role != "user" or not spoken[-1].text.strip():
        raise RequestError(
            400, "no_question", "The last message must be the user's question.", param="messages"
        )
    turns: list[Turn] = []
    for message in spoken[:-1]:
        if message.role == "user":
            turns.append(Turn(message.text))
        elif turns and message.text:
            last = turns.pop()
            turns.append(Turn(last.question, f"{last.answer}\n{message.text}".strip()))
    return spoken[-1].text, turns


def left_out(messages: Sequence[Message], settings: dict[str, Any]) -> list[str]:
    """Name what of a request does not change the answer: instructions, and settings that are not known."""
    roles = sorted({f"{message.role} message" for message in messages if message.role not in _SAID})
    return [*roles, *sorted(name for name, value in settings.items() if value not in (None, [], {}))]
