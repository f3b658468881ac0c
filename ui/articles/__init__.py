"""The articles of a store, as people look after them."""

__all__ = ["bin", "following", "library", "pages", "store_library", "syncing", "uploads"]
