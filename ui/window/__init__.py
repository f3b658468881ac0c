"""The window in the browser: what it shows, what it keeps, and how it is served."""

__all__ = ["events", "gate", "listen", "main", "panes", "sessions"]
