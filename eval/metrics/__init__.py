"""One pure function for each measure; what is undefined is ``None``, never 0."""
