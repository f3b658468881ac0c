"""Vietnamese text: one written form, its syllables, sentences and values."""
