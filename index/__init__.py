"""Articles become a searchable store."""

__all__ = [
    "chunking",
    "encoded_passages",
    "errors",
    "excerpt",
    "folders",
    "platform",
    "schema",
    "search",
    "sources",
    "tables",
]
