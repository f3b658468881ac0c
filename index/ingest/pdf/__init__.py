"""PDF files: lines, columns, tables, and pages that are pictures."""
