"""What whoever runs the servers sees and bounds: who is next, what was answered, how everything does."""

__all__ = [
    "checks",
    "fair_queue",
    "inspection",
    "loading",
    "logs",
    "observing",
    "operation",
    "request_context",
]
