"""What an answer says is proved by what it cites, or left out."""

__all__ = ["answering", "compare", "facts", "names", "pieces", "planted", "polarity", "verify"]
