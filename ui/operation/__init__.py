"""For the administrator: the queue, figures, logs and health of the servers."""

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
