"""Dates, titles, places and numbers of documents, as Vietnamese offices write them."""

__all__ = ["dates", "title_date_author"]
