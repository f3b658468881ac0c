"""From a clone to an open window, with the standard library of Python alone."""
