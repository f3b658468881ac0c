"""What can go wrong while a question becomes an answer.

AnsweringError
├── ConfigError         the configuration cannot be read or holds an unknown or impossible value
├── EmptyQuestionError  what should be a question holds no word
└── GenerationError     the language model cannot be loaded or failed while writing
"""


class AnsweringError(Exception):
    """Base of every error of this folder; its text says what happened and the remedy."""


class ConfigError(AnsweringError):
    """The configuration cannot be read or holds an unknown or impossible value."""


class EmptyQuestionError(AnsweringError):
    """What should be a question holds no word."""


class GenerationError(AnsweringError):
    """The language model cannot be loaded or failed while writing."""
