"""A message becomes a query: its kind, its parts, its accents, and what it leaves to earlier ones."""

__all__ = [
    "accents",
    "condense",
    "language",
    "message_kind",
    "message_parts",
    "small_talk",
    "time_expressions",
    "to_abbreviations",
    "typing_errors",
    "unclear",
]
