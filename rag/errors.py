"""What can go wrong while a question becomes an answer.

AnsweringError
├── ConfigError      the configuration cannot be read or holds an unknown or impossible value
└── GenerationError  the language model cannot be loaded or failed while writing
"""


class AnsweringError(Exception):
    """Base of every error of this folder; its text says what happened and the remedy."""


class ConfigError(AnsweringError):
    """The configuration cannot be read or holds an unknown or impossible value."""


class GenerationError(AnsweringError):
    """The language model cannot be loaded or failed while writing."""
