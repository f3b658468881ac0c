"""The assistant is measured."""

__all__ = [
    "answerers",
    "baselines",
    "cli",
    "command",
    "errors",
    "evidence",
    "files",
    "provenance",
    "run",
    "schema",
]
