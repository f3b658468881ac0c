"""What can go wrong where people meet the assistant."""


class WindowError(Exception):
    """The command or the window cannot do what was asked; its text says why and the remedy."""

    code = "history"
