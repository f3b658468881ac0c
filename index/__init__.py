"""Articles become a searchable store."""

__all__ = [
    "chunking",
    "errors",
    "excerpt",
    "folders",
    "platform",
    "report",
    "schema",
    "search",
    "sources",
    "sync",
    "tables",
    "watch",
]
