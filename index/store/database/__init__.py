"""The database of a store, the only truth of it: its tables in SQLite or on a PostgreSQL server, read and written."""

__all__ = ["binding", "database", "postgres", "records", "schema", "sql", "structure"]
