"""The articles of a store, as people look after them."""

__all__ = [
    "bin",
    "following",
    "library",
    "mending",
    "pages",
    "store_library",
    "sync_record",
    "syncing",
    "uploads",
]
