"""A file becomes documents: one reader a format, one result for all of them."""

__all__ = [
    "assemble",
    "document",
    "encodings",
    "files",
    "folder",
    "limits",
    "pdf",
    "problems",
    "processes",
    "programs",
    "rows",
    "web",
]
