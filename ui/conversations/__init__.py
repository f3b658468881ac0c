"""Questions and answers as they are made, kept and taken along."""

__all__ = [
    "answering",
    "copying",
    "database",
    "entries",
    "export",
    "history",
    "jobs",
    "leases",
    "next_questions",
    "progress",
    "sharing",
    "watching",
    "word_file",
]
