"""Results as people read them: tables, plots and one page."""

__all__ = ["compare", "numbers", "page", "plots", "readme", "records", "strings", "tables"]
