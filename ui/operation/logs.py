"""The log of the servers: lines of text for a person, of JSON for a collector.

What was asked stands in it only where that is wished, and never in the addresses of requests.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any, TextIO

from rag.config import LogConfig
from ui.operation.observing import Observation
from ui.operation.request_context import ASKER

_ACCESS = "uvicorn.access"
LOG = logging.getLogger(__name__)


def set_up_log(config: LogConfig, *, access: bool = False, stream: TextIO | None = None) -> None:
    """Write what this program and the web server log in the form of the configuration.

    ``access`` says whether the web server itself tells the requests.  ``stream`` is by default the standard error
    output, whatever that is at the moment.
    """
    handler = _Lines(stream)
    handler.setFormatter(JsonLines() if config.format == "json" else TextLines())
    root = logging.getLogger()
    for old in [present for present in root.handlers if isinstance(present, _Lines)]:
        root.removeHandler(old)
    root.addHandler(handler)
    level = config.level.upper()
    for name in ("ui", "rag", "index", "uvicorn.error"):
        logging.getLogger(name).setLevel(level)
    logging.getLogger(_ACCESS).setLevel(level if access else logging.WARNING)


class _Lines(logging.Handler):
    """Writes each record as a line."""

    def __init__(self, stream: TextIO | None) -> None:
        super().__init__()
        self._stream = stream

    def emit(self, record: logging.LogRecord) -> None:
        """Write one; a line that cannot be written is lost."""
        try:
            stream = self._stream or sys.stderr
            stream.write(f"{self.format(record)}\n")
            stream.flush()
        except (OSError, ValueError):
            self.handleError(record)


def log_fields(**fields: object) -> Mapping[str, Mapping[str, object]]:
    """Give what a log call takes as ``extra``, so that the fields stand apart from the message."""
    return {"fields": {name: value for name, value in fields.items() if value not in (None, "")}}


def question_line(*, questions: bool) -> Callable[[Observation], None]:
    """Give what writes a line for each question, with what was asked only where ``questions`` says so."""

    def write(observation: Observation) -> None:
        asked = observation.asked
        LOG.info(
            "question",
            extra=log_fields(
                request=asked.request,
                result=observation.result,
                error=observation.error,
                cut=observation.cut or None,
                **{stage: round(seconds, 3) for stage, seconds in observation.seconds.items()},
                whole=round(observation.whole, 3),
                question=asked.question if questions else None,
            ),
        )

    return write


class JsonLines(logging.Formatter):
    """A JSON object a line: time in UTC, level, logger, message, and the fields."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one line."""
        fields = {
            "time": f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(record.created))}.{int(record.msecs):03}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _message(record),
            **_fields(record),
        }
        if record.exc_info:
            fields["trace"] = self.formatException(record.exc_info)
        return json.dumps(fields, ensure_ascii=False, default=str)


class TextLines(logging.Formatter):
    """Time, level, message, and the fields as ``name=value``; no line of anybody else can be made of them."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:
        """Write the line, before any traceback."""
        record.message = _message(record)
        fields = (f"{name}={_value(value)}" for name, value in _fields(record).items())
        return " ".join([super().formatMessage(record), *fields])


def _message(record: logging.LogRecord) -> str:
    return "request" if _is_access(record) else record.getMessage()


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    """The fields of a record beside its message; those of a request are the same for all servers, without query."""
    fields: Mapping[str, Any] = getattr(record, "fields", {})
    if _is_access(record) and isinstance(record.args, tuple):
        client, method, path, _, status = record.args
        fields = {"method": method, "path": str(path).partition("?")[0], "status": status, "client": client}
    request = ASKER.get().request
    return {**({"request": request} if request else {}), **fields}


def _is_access(record: logging.LogRecord) -> bool:
    return record.name == _ACCESS and isinstance(record.args, tuple) and len(record.args) == 5


def _value(value: object) -> str:
    text = str(value)
    plain = text and text.isprintable() and not any(sign in text for sign in ' "=')
    return text if plain else json.dumps(text, ensure_ascii=False)
