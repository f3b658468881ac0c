"""A file becomes documents: one reader a format, one result for all of them."""
