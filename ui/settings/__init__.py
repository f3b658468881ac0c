"""What a person chooses: folders, models, certainty, password."""

__all__ = ["configuration", "events", "owner", "password", "state", "strings"]
