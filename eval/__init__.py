"""The assistant is measured."""
