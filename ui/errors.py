"""What can go wrong where people meet the assistant."""


class WindowError(Exception):
    """The command or the window cannot do what was asked; its text says why and the remedy.

    ``code`` names the kind for whoever tells it in other words or another language.
    """

    code = "history"

    def __init__(self, told: str, *, code: str | None = None) -> None:
        super().__init__(told)
        self.code = code or type(self).code
