"""What of Gradio the network may reach: a few of its routes, and events whose input is just what the window sends.

Gradio answers far more than this window asks: routes that read files, reach other servers or run methods of
components, and inputs in which a path is opened before any handler sees it.  So nothing of it is open unless
it stands here; bodies are read, checked and written anew before Gradio parses them.  What Gradio does not
document is used in this file and in ``ui/window/blocks.py`` alone; ``tests/ui/window/test_gradio_seam.py`` and
``test_blocks.py`` fail when a new version changes any.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import gradio as gr
from gradio import utils
from gradio.routes import App

from ui.errors import WindowError

if TYPE_CHECKING:
    from fastapi import FastAPI

API = "/gradio_api"
ASSETS = Path(gr.__file__).with_name("templates") / "frontend" / "assets"
"""Where the scripts and styles of the page lie."""
NEEDED = (
    "Index-Akn07EZk2.js", "core-Bdx9080F.js", "src-DcSdoR3U.js", "runtime-qxXi1UK7.js", "statustracker-DQF-KcRT.js",
    "src-1GSBhSW9.js", "browser-DEyAkl5d.js", "Blocks-D1GWYZdr.js", "HTML-DBguWbVR.js", "Index-reaEz31n.js",
)  # fmt: skip
"""The large scripts that every page loads; Gradio's page asks for one only after it has run another."""
LONGEST_TEXT = 8_000
"""Characters of one value that an event may carry."""
MOST_VALUES = 16
ACTS: Mapping[str, frozenset[str]] = {
    "again": frozenset({"exchange", "scope"}),
    "ask": frozenset({"question", "shown", "key"}),
    "narrow": frozenset({"exchange", "by", "value"}),
    "article": frozenset({"exchange", "rank", "mark"}),
    "caution": frozenset({"level"}),
    "check": frozenset({"text"}),
    "choose": frozenset({"place"}),
    "cite": frozenset({"exchange", "rank", "mark"}),
    "comment": frozenset({"exchange", "good", "comment", "correction"}),
    "delete": frozenset({"conversation"}),
    "discard": frozenset({"model"}),
    "drop": frozenset({"folder"}),
    "earlier": frozenset(),
    "edit": frozenset({"exchange"}),
    "example": frozenset({"question", "shown"}),
    "export": frozenset({"kind"}),
    "fetch": frozenset({"model"}),
    "filter": frozenset({"from", "to", "source"}),
    "leave": frozenset(),
    "look": frozenset({"place"}),
    "mend": frozenset(),
    "new": frozenset(),
    "greet": frozenset(),
    "open": frozenset({"conversation"}),
    "password": frozenset({"password"}),
    "preview": frozenset({"article"}),
    "rate": frozenset({"exchange", "good"}),
    "remove": frozenset({"article"}),
    "follow": frozenset(),
    "reopen": frozenset(),
    "rest": frozenset(),
    "rename": frozenset({"conversation", "title"}),
    "restore": frozenset({"article"}),
    "sample": frozenset(),
    "search": frozenset({"text"}),
    "sort": frozenset({"column"}),
    "stop": frozenset(),
    "suggest": frozenset({"exchange"}),
    "tabulate": frozenset({"questions", "articles", "passages"}),
    "turn": frozenset({"pageNumber"}),
    "unlock": frozenset(),
    "upload": frozenset({"batch"}),
    "use": frozenset({"model"}),
    "visit": frozenset({"article"}),
    "wait": frozenset(),
    "watch": frozenset(),
    "watching": frozenset({"on"}),
    "within": frozenset({"source"}),
}
"""What comes along with each press in a pane; a pane's other values stay in the browser or are dropped."""

OPEN_ROUTES: Mapping[str, str] = {
    "/": "the page",
    "/assets/{path:path}": "script and style of the page",
    "/static/{path:path}": "one script that every page asks for",
    "/theme.css": "the colours",
    f"{API}/app_id": "whether the server was started again, asked when the connection was lost",
    f"{API}/heartbeat/{{session_hash}}": "that the page is still open",
    f"{API}/run/{{api_name}}": "an event that is answered at once",
    f"{API}/queue/join": "an event that is answered step by step",
    f"{API}/queue/data": "the steps of such events",
}
"""The routes of Gradio that the window uses, and what for; the requests to them are bounded by ``OPENINGS``."""

_SHUT_PAGES = """
    /config /config/ /favicon.ico /login /login/ /logout /manifest.json /monitoring /monitoring/summary
    /monitoring/{key} /openapi.json /pwa_icon /pwa_icon/{size} /robots.txt /svelte/{path:path}
"""
_SHUT_CALLS = """
    api/{api_name} api/{api_name}/ app_id/ call/v2/{api_name} call/v2/{api_name}/ call/v2/{api_name}/{event_id}
    call/{api_name} call/{api_name}/ call/{api_name}/{event_id} cancel component_server component_server/
    custom_component/{id}/{environment}/{type}/{file_name} deep_link dev/reload file/{path:path}
    file={path_or_url:path} info info/ login_check login_check/ openapi.json process_recording proxy={url_path:path}
    queue/status reset reset/ run-history/buckets run-history/connect run-history/records
    run-history/records/{endpoint}/{record_id}/assets/{asset_id} run/{api_name}/ runs runs/ startup-events
    stream/{event_id} stream/{event_id}/close stream/{session_hash}/{run}/{component_id}/playlist-file
    stream/{session_hash}/{run}/{component_id}/playlist.m3u8
    stream/{session_hash}/{run}/{component_id}/{segment_id}.{ext} theme.css token token/ undo-vibe-edit
    undo-vibe-edit/ upload upload_progress user user/ vibe-code vibe-code/ vibe-edit vibe-edit/ vibe-starter-queries
    vibe-starter-queries/
"""
SHUT_ROUTES = frozenset(_SHUT_PAGES.split()) | {f"{API}/{path}" for path in _SHUT_CALLS.split()}
"""The routes of Gradio that were looked at and are answered 404."""

Kind: TypeAlias = Literal["page", "file", "life", "steps", "event", "queued event"]


@dataclass(frozen=True, slots=True)
class Opening:
    """A request that is let through: ``path`` below the window's own, matched in full."""

    kind: Kind
    method: str
    path: re.Pattern[str]


OPENINGS = (
    Opening("page", "GET", re.compile(r"/")),
    Opening("file", "GET", re.compile(r"/assets/[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+")),
    Opening("file", "GET", re.compile(r"/static/js/iframeResizer\.contentWindow\.min\.js")),
    Opening("file", "GET", re.compile(r"/theme\.css")),
    Opening("file", "GET", re.compile(rf"{API}/app_id")),
    Opening("life", "GET", re.compile(rf"{API}/heartbeat/(?P<session>[a-z0-9]{{6,20}})")),
    Opening("steps", "GET", re.compile(rf"{API}/queue/data")),
    Opening("queued event", "POST", re.compile(rf"{API}/queue/join")),
    Opening("event", "POST", re.compile(rf"{API}/run/predict")),
)
SESSION = re.compile(r"[a-z0-9]{6,20}")


@dataclass(frozen=True, slots=True)
class EventShape:
    """What one event takes: its inputs in order, and the names of the values that come with the press.

    A ``queued`` event is answered step by step and by its own route, another at once; one that ``opens`` is sent by a
    page that has just been loaded.
    """

    inputs: tuple[Literal["text", "state"], ...]
    values: frozenset[str]
    queued: bool
    opens: bool = False


class UnknownPageError(ValueError):
    """The page that sends an event was not loaded from this process."""


def event_shapes(blocks: gr.Blocks) -> dict[int, EventShape]:
    """Give the events that a browser may send, by Gradio's number of them.

    Raises WindowError for a component that is no text, which could name a file, and for a press not in ``ACTS``.
    """
    return {
        number: EventShape(
            tuple(_kind(item) for item in function.inputs),
            _values_of(blocks, function),
            bool(function.queue),
            any(event == "load" for _, event in function.targets),
        )
        for number, function in blocks.fns.items()
        if function.fn is not None and any(event != "unload" for _, event in function.targets)
    }


def _kind(component: Any) -> Literal["text", "state"]:  # noqa: ANN401 (whatever Gradio calls a component)
    if type(component) is gr.State:
        return "state"
    if type(component) is gr.Textbox:
        return "text"
    raise WindowError(f"No event of the window may take a {type(component).__name__}: only text is checked.")


def _values_of(blocks: gr.Blocks, function: Any) -> frozenset[str]:  # noqa: ANN401 (as above)
    acts = [act for target, act in function.targets if type(blocks.blocks.get(target)) is gr.HTML]
    for act in acts:
        if act not in ACTS:
            raise WindowError(f"It is not told which values come with {act!r}.")
    return frozenset().union(*(ACTS[act] for act in acts))


def checked_event(
    body: bytes,
    shapes: Mapping[int, EventShape],
    session_of: Callable[[str], str],
    *,
    queued: bool,
    is_known: Callable[[str, bool], bool] = lambda session, opens: True,
) -> bytes:
    """Write an event anew from those of its values that were checked; raises ValueError with what does not fit.

    ``session_of`` gives the name under which Gradio knows the session that a browser names; ``is_known`` says of that,
    and of whether the event opens a page, whether the page was loaded here, else UnknownPageError is raised.
    """
    try:
        event = json.loads(body, parse_constant=_no_number)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(event, dict):
        raise ValueError("not an object")
    number, trigger, name = event.get("fn_index"), event.get("trigger_id"), event.get("session_hash")
    shape = shapes.get(number) if type(number) is int else None
    if shape is None or shape.queued is not queued:
        raise ValueError("no such event")
    if not isinstance(name, str) or not SESSION.fullmatch(name):
        raise ValueError("no session")
    if trigger is not None and not (type(trigger) is int and 0 <= trigger < 100_000):
        raise ValueError("no such control")
    session = session_of(name)
    if not is_known(session, shape.opens):
        raise UnknownPageError("a page of another process")
    return json.dumps(
        {
            "fn_index": number,
            "trigger_id": trigger,
            "session_hash": session,
            "data": _inputs(event.get("data"), shape),
            "event_data": _values(event.get("event_data"), shape),
        }
    ).encode()


def _inputs(given: object, shape: EventShape) -> list[str | None]:
    if not isinstance(given, list) or len(given) != len(shape.inputs):
        raise ValueError("other inputs")
    for value, kind in zip(given, shape.inputs, strict=True):
        if kind == "state" and value is not None:
            raise ValueError("a state comes from nobody but the server")
        if kind == "text" and not (isinstance(value, str) and len(value) <= LONGEST_TEXT):
            raise ValueError("no text, or a text that is too long")
    return given


def _values(given: object, shape: EventShape) -> dict[str, str] | None:
    if given is None:
        return None
    if not isinstance(given, dict) or len(given) > MOST_VALUES:
        raise ValueError("other values")
    for value in given.values():
        if not isinstance(value, str) or len(value) > LONGEST_TEXT:
            raise ValueError("a value that is no text, or too long")
    return {key: given[key] for key in given.keys() & shape.values}


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number")


def close_paths(web: FastAPI) -> None:
    """Turn on Gradio's own check of paths, which it leaves out in windows that it did not launch itself."""
    for app in windows(web):
        app.get_blocks().has_launched = True


def leave_plots_alone() -> None:
    """Let events go without a plotting library; loading it at the first one kept everybody waiting for 1.4 s."""
    utils.MatplotlibBackendMananger = nullcontext  # type: ignore[assignment, misc]


def keep_no_statistics(web: FastAPI) -> None:
    """Let Gradio count nothing: it keeps ten thousand events, and makes a table of all of them after each."""
    for app in windows(web):
        queue = app.get_blocks()._queue
        queue.ANALYTICS_MAX_EVENTS = 1
        queue.ANAYLTICS_CACHE_FREQUENCY = sys.maxsize


def windows(web: FastAPI) -> Iterator[App]:
    """Give the applications of Gradio that were mounted."""
    mounted = (getattr(route, "app", None) for route in web.routes)
    return (app for app in mounted if isinstance(app, App))


def has_steps(blocks: gr.Blocks, session: str) -> bool:
    """Say whether there is a stream for a session; for another Gradio answers, and only then fails."""
    return session in blocks._queue.pending_messages_per_session


def routes(app: App) -> Iterator[tuple[str, frozenset[str]]]:
    """Give every route of a window with its methods, also those that FastAPI keeps in a router of their own."""
    for item in app.routes:
        inner = getattr(item, "original_router", None)
        listed: list[Any] = [item] if inner is None else inner.routes
        for route in listed:
            yield route.path, frozenset(getattr(route, "methods", None) or {"GET"})
