"""Questions and answers as they are made, kept and taken along."""

__all__ = [
    "answer_job",
    "answering",
    "copy_conversations",
    "database",
    "entries",
    "export",
    "history",
    "leases",
    "next_questions",
    "progress",
    "shared_answering",
    "viewers",
    "word_file",
]
