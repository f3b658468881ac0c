"""Questions that are offered: at first, after an answer, and to narrow an answer of several articles."""

__all__ = ["first_questions", "narrower", "next_questions"]
