"""What can go wrong while the assistant is measured.

EvaluationError
├── QuestionError   a file of questions cannot be read
└── RunError        a result cannot be read, or an unfinished run cannot be continued
"""


class EvaluationError(Exception):
    """Base of every error of this folder; its text says what happened and the remedy."""


class QuestionError(EvaluationError):
    """A file of questions cannot be read."""


class RunError(EvaluationError):
    """A result cannot be read, or an unfinished run cannot be continued."""
