"""A file becomes documents: one reader a format, one result for all of them."""

__all__ = [
    "document",
    "document_to_article",
    "encodings",
    "limits",
    "list_folder",
    "pdf",
    "problems",
    "processes",
    "programs",
    "read_files",
    "rows",
    "web",
]
