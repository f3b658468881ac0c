"""Files are read and passages encoded on a Ray cluster; nothing outside this package knows of Ray."""

__all__ = ["node", "ray_cluster", "reader", "wire"]
