"""The articles of a store, as people look after them."""
