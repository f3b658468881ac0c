"""The page of tools: a table over many articles, and a text checked against them."""

__all__ = ["events", "export", "strings"]
