"""What an answer says is proved by what it cites, or left out."""

__all__ = ["answering", "compare", "facts", "injection", "names", "pieces", "polarity", "verify"]
