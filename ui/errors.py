"""What can go wrong where people meet the assistant."""


class WindowError(Exception):
    """The command or the window cannot do what was asked; its text says why and the remedy.

    ``code`` names the kind for whoever tells it in other words or another language.
    """

    code = "history"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.code = code or type(self).code


class LineFullError(WindowError):
    """Too many questions wait already, whoever asked them."""

    code = "line_full"


class TooManyWaitingError(WindowError):
    """One person has as many questions waiting as one may have."""

    code = "many_waiting"
