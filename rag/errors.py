"""What can go wrong while a question becomes an answer.

AnsweringError
├── ConfigError         the configuration cannot be read or holds an unknown or impossible value
├── EmptyQuestionError  what should be a question holds no word
└── GenerationError     the language model cannot be loaded or failed while writing
    └── RequestRefusedError  a server does not accept what it is asked, as no other one would
"""


class AnsweringError(Exception):
    """Base of every error of this folder; its text says what happened and the remedy.

    ``code`` names the kind for whoever tells it in other words or another language.
    """

    code = "other"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.code = code or type(self).code


class ConfigError(AnsweringError):
    """The configuration cannot be read or holds an unknown or impossible value."""


class EmptyQuestionError(AnsweringError):
    """What should be a question holds no word."""

    code = "no_words"


class GenerationError(AnsweringError):
    """The language model cannot be loaded or failed while writing."""

    code = "llm"


class RequestRefusedError(GenerationError):
    """A server of the language model does not accept what it is asked; asking another one is in vain."""
