"""Sheets, slides, OpenDocument, RTF and old office files."""
