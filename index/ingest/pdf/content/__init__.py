"""What PDFium gives of a page: its letters, what is drawn, fields and notes, in the coordinates of the seen page."""

__all__ = ["page", "read_page"]
