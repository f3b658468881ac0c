"""A store folder: the database that is the only truth, and the search files derived from it."""

__all__ = [
    "copy",
    "database",
    "engine",
    "local",
    "milvus",
    "store",
    "verify",
]
