"""What the language model is asked to do, and what becomes of its words."""
