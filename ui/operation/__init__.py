"""What whoever runs the servers sees and bounds: who is next, what was answered, how everything does."""

__all__ = ["asker", "checks", "inspection", "line", "loading", "logs", "observing", "operation"]
