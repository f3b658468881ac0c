"""A message becomes a query, and a query the passages worth reading."""
