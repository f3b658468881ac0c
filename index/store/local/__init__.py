"""The search engine of one computer: files in the store's folder that are mapped into memory."""
