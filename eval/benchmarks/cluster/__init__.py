"""A Ray cluster that loses workers and nodes while it reads, and how fast one reads."""
