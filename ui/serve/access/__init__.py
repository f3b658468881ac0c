"""Who may ask, how often and how much."""

__all__ = ["middleware", "rate_limits", "tokens"]
