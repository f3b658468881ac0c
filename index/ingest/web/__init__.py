"""Web pages, letters and books made of them."""
