"""The assistant is measured."""

__all__ = [
    "answerers",
    "baselines",
    "cli",
    "commands",
    "errors",
    "evidence",
    "journal",
    "printing",
    "provenance",
    "run",
    "schema",
]
