"""What an answer says is proved by what it cites, or left out."""

__all__ = [
    "answers_question",
    "comparable_parts",
    "contradictions",
    "grounding",
    "injection",
    "names",
    "polarity",
    "verify",
]
