"""Articles become a searchable store."""

__all__ = [
    "chunking",
    "errors",
    "excerpt",
    "folders",
    "passages",
    "platform",
    "report",
    "schema",
    "search",
    "sources",
    "storing",
    "sync",
    "tables",
    "watch",
]
