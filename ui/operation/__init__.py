"""What whoever runs the servers sees and bounds: who is next, what was answered, how everything does."""

__all__ = [
    "checks",
    "fair_queue",
    "logs",
    "model_loading",
    "monitoring",
    "observing",
    "request_context",
    "status_pages",
]
