"""Error responses: one form for all, the one that OpenAI's clients understand."""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from index.errors import IndexingError, ModelError, StoreError
from rag.errors import AnsweringError, EmptyQuestionError, GenerationError
from ui.errors import LineFullError, TooManyWaitingError, WindowError

LOG = logging.getLogger(__name__)
_CODES = {404: "not_found", 405: "method_not_allowed", 413: "too_large"}
_AGAIN_SECONDS = 10.0
"""After which somebody for whom there was no room may try again."""
_TYPES = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}


class RequestError(WindowError):
    """A request cannot be carried out; ``wait`` is the number of seconds after which it may be tried again."""

    def __init__(
        self, status: int, code: str, message: str, *, param: str | None = None, wait: float | None = None
    ) -> None:
        super().__init__(message)
        self.code, self.status, self.param, self.wait = code, status, param, wait


def error_object(error: RequestError) -> dict[str, Any]:
    """Give the body of a failed request."""
    kind = _TYPES.get(error.status, "server_error" if error.status >= 500 else "invalid_request_error")
    return {"error": {"message": str(error), "type": kind, "code": error.code, "param": error.param}}


def as_request_error(error: Exception) -> RequestError:
    """Turn any error into an error response; an unexpected one is logged without details in the response."""
    match error:
        case RequestError():
            return error
        case EmptyQuestionError():
            return RequestError(400, "empty_question", str(error), param="question")
        case ModelError() | GenerationError():
            return RequestError(503, "model_unavailable", str(error))
        case StoreError() if (
            error.code == "database"
        ):  # where it is, is nobody's business who was not let in yet
            LOG.warning("A request failed: %s", error)
            message = "The database of this server does not answer; try again in a moment."
            return RequestError(503, "store_unavailable", message, wait=5)
        case StoreError():
            return RequestError(503, "store_unavailable", str(error))
        case TooManyWaitingError():
            return RequestError(429, "too_many_waiting", str(error), wait=_AGAIN_SECONDS)
        case LineFullError():
            return RequestError(503, "busy", str(error), wait=_AGAIN_SECONDS)
        case IndexingError() | AnsweringError() | WindowError():
            return RequestError(400, "not_possible", str(error))
    LOG.error("A request failed.", exc_info=error)
    return RequestError(500, "unexpected", "The request failed unexpectedly; the server's log tells more.")


def error_response(error: RequestError, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """Give the whole answer to a failed request."""
    all_headers = dict(headers or {})
    if error.status == 401:
        all_headers["www-authenticate"] = "Bearer"
    if error.wait is not None:
        all_headers["retry-after"] = str(max(1, math.ceil(error.wait)))
    return JSONResponse(error_object(error), status_code=error.status, headers=all_headers)


def _fault(fault: Mapping[str, Any]) -> tuple[str, str]:
    """Give where in a request a fault is, empty for the whole of it, and what it is."""
    place = fault["loc"][1:]
    if fault["type"] == "json_invalid":
        return "", f"The body is no JSON ({fault['ctx']['error']}, at character {place[0]})"
    if fault["loc"] == ("body",):
        return "", "The body must be a JSON object, sent with 'content-type: application/json'"
    return ".".join(map(str, place)), str(fault["msg"])


def add_error_handlers(web: FastAPI) -> None:
    """Give every failed request of an application the one form."""

    def known(request: Request, error: Exception) -> JSONResponse:
        return error_response(as_request_error(error))

    def missing(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        code = _CODES.get(error.status_code, "refused")
        return error_response(RequestError(error.status_code, code, str(error.detail)), error.headers)

    def malformed(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        faults = [_fault(fault) for fault in error.errors()]
        messages = "; ".join(f"{place}: {message}" if place else message for place, message in faults)
        return error_response(
            RequestError(400, "invalid_request", f"{messages}.", param=faults[0][0] or None)
        )

    for kind in (IndexingError, AnsweringError, WindowError):
        web.add_exception_handler(kind, known)
    web.add_exception_handler(HTTPException, missing)
    web.add_exception_handler(RequestValidationError, malformed)
