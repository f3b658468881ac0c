"""Sheets, slides, OpenDocument, RTF and old office files."""

__all__ = ["package", "pictures", "properties", "read_office"]
