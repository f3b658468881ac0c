"""What the language model is asked to do, and what becomes of its words."""

__all__ = ["generator", "llama", "llama_engine", "llama_vocabulary", "openai_server", "prompt", "tasks"]
