"""Who reaches the window and what of it: the address, the password, the logins, and the gate before Gradio."""

__all__ = ["auth", "gate", "gradio_seam", "listen", "sessions"]
