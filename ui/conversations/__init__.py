"""Questions and answers as they are made, kept and taken along."""

__all__ = [
    "answering",
    "copying",
    "database",
    "entries",
    "export",
    "further",
    "history",
    "jobs",
    "leases",
    "progress",
    "sharing",
    "watching",
    "word_file",
]
