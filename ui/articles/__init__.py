"""The articles of a store, as people look after them."""

__all__ = [
    "folder_watcher",
    "library",
    "mending",
    "pages",
    "store_library",
    "sync_record",
    "syncing",
    "trash",
    "uploads",
]
