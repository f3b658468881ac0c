"""Vietnamese text: one written form, its syllables, sentences and values."""

__all__ = ["abbreviations", "normalise", "number_forms", "terms", "values"]
