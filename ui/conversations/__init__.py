"""Questions and answers as they are made, kept and taken along."""
