"""A store is made equal to its folders: what has changed, read, encoded and stored, and what became of each file."""

__all__ = ["report", "store_articles", "sync", "watch"]
