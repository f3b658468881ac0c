"""Word files: text, numbers, tables, notes and what was changed in them."""
