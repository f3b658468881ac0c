"""Results as people read them: tables, plots and one page."""

__all__ = ["compare", "kept", "numbers", "page", "plots", "readme", "strings", "tables"]
