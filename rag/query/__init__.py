"""A message becomes a query, and a query the passages worth reading."""

__all__ = [
    "condense",
    "encoder_cache",
    "language",
    "message_parts",
    "messages",
    "retrieve",
    "small_talk",
    "time_expressions",
    "to_abbreviations",
    "typing_errors",
]
