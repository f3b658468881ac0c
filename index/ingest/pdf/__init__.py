"""PDF files: lines, columns, tables, and pages that are pictures."""

__all__ = ["ocr", "read_pdf"]
