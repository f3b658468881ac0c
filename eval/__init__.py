"""The assistant is measured."""

__all__ = [
    "answerers",
    "baselines",
    "checkpoint",
    "command_options",
    "errors",
    "evidence",
    "files",
    "provenance",
    "run",
    "schema",
    "score",
]
