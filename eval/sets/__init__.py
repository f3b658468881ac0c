"""Sets of questions: read, checked, and proved to be apart from the training data."""

__all__ = ["check", "questions", "squad", "unanswerable"]
