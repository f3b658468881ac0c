"""The window in the browser: what it shows, what it keeps, and how it is served."""

__all__ = ["access", "events", "main", "panes"]
