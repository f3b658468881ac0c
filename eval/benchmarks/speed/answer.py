"""How long a person waits for the first word and for the whole answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter

from eval.benchmarks.figures import Figure, Part
from eval.command_options import bar
from rag.assistant import Assistant
from rag.schema import Checking, Delta, Finished, Found


@dataclass(frozen=True, slots=True)
class _Waited:
    """Seconds from the question until the passages, the first word, the last word and the checked answer."""

    found: float
    first: float
    last: float
    checked: float
    prompt_tokens: int
    output_tokens: int


def measure_answers(
    open_assistant: Callable[[int], Assistant], questions: Sequence[str], passages: Sequence[int] = (4, 8)
) -> Part:
    """Ask all questions with each number of passages; ``open_assistant`` gives the assistant that reads so many.

    A question that is answered or refused without the language model counts in no figure, and is counted apart.
    """
    figures: list[Figure] = []
    skipped = 0
    for number in passages:
        assistant = open_assistant(number)
        _ask(assistant, questions[-1])
        name = f"{number} passage{'s' * (number > 1)}"
        asked = [_ask(assistant, question) for question in bar(questions, f"answers from {name}")]
        waited = [times for times in asked if times is not None]
        skipped += len(asked) - len(waited)
        written = [reply for reply in waited if reply.output_tokens > 1]
        figures += [
            Figure(f"{name}: first word", "s", tuple(reply.first for reply in waited)),
            Figure("  whole answer", "s", tuple(reply.checked for reply in waited)),
            Figure("  prompt tokens", "/s", tuple(t.prompt_tokens / (t.first - t.found) for t in waited)),
            Figure(
                "  output tokens", "/s", tuple((t.output_tokens - 1) / (t.last - t.first) for t in written)
            ),
        ]
    llm = assistant.generator.name
    return Part(
        "answer", tuple(figures), {"questions": len(questions), "without the model": skipped, "llm": llm}
    )


def _ask(assistant: Assistant, question: str) -> _Waited | None:
    """Ask one question; ``None`` where the language model was not asked."""
    began = perf_counter()
    found = first = last = 0.0
    for event in assistant.ask(question):
        now = perf_counter() - began
        if isinstance(event, Found):
            found = now
        elif isinstance(event, Delta):
            first = first or now
        elif isinstance(event, Checking):
            last = now
        elif isinstance(event, Finished) and first:
            answer = event.answer
            return _Waited(found, first, last, now, answer.prompt_tokens, answer.output_tokens)
    return None
