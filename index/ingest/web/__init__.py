"""Web pages, letters and books made of them."""

__all__ = ["boilerplate", "epub", "html", "mail"]
