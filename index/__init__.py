"""Articles become a searchable store."""

__all__ = ["chunking", "errors", "excerpt", "folders", "platform", "schema", "search", "sources", "tables"]
