"""Word files: text, numbers, tables, notes and what was changed in them."""

__all__ = ["numbers", "read_docx", "text"]
