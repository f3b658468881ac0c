"""What is read of web pages, PDFs with tables and scans, and how fast each format is read."""
