"""Files are read and passages encoded on a Ray cluster; nothing outside this package knows of Ray."""

__all__ = ["collect_answers", "node", "ray_cluster", "wire"]
