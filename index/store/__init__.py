"""A store folder: the database that is the only truth, and the search files derived from it."""

__all__ = [
    "binding",
    "copy",
    "database",
    "engine",
    "local",
    "milvus",
    "postgres",
    "records",
    "sql",
    "store",
    "structure",
    "verify",
]
