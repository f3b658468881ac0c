"""Rows and tables of text: CSV, JSON lines and their relatives."""

__all__ = ["areas", "cell_values", "grid", "packed", "read_rows"]
