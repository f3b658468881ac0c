"""One pure function for each measure; what is undefined is ``None``, never 0."""

__all__ = ["answers", "intervals", "language", "refusals", "retrieval", "wording"]
