"""A question becomes an answer whose citations can be checked."""
