"""Articles become a searchable store."""
