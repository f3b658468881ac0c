"""What the language model is asked to do, and what becomes of its words."""

__all__ = [
    "draft",
    "generator",
    "instructions",
    "llama",
    "llama_engine",
    "llama_vocabulary",
    "openai_server",
    "prompt",
    "server_pool",
]
