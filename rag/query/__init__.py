"""A message becomes a query, and a query the passages worth reading."""

__all__ = [
    "as_written",
    "condense",
    "language",
    "messages",
    "parts",
    "recall",
    "replies",
    "retrieve",
    "slips",
    "when",
]
