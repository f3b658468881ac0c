"""A message becomes a query, and a query the passages worth reading."""

__all__ = [
    "as_written",
    "condense",
    "encoder_cache",
    "language",
    "messages",
    "parts",
    "replies",
    "retrieve",
    "typing_errors",
    "when",
]
