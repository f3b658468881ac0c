"""Rows and tables of text: CSV, JSON lines and their relatives."""
