"""What is put to many articles at once: a question as the column of a table, and a text that is checked."""

__all__ = ["check_text", "table"]
