"""A small reader that points at the answer in a passage: its training data, its training, and its network."""
