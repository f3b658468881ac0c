"""Pictures, drawn as strokes on a 24 by 24 grid, and buttons."""

from __future__ import annotations

from typing import Literal, TypeAlias

from ui.views.markup import Attribute, Html, element, join

Icon: TypeAlias = Literal[
    "good",
    "bad",
    "copy",
    "edit",
    "delete",
    "theme",
    "menu",
    "plus",
    "search",
    "back",
    "link",
    "filter",
    "check",
    "page",
    "download",
    "file",
    "again",
    "close",
]

_STROKES: dict[Icon, str] = {
    "good": "M7 11v9H4v-9zm0 0 4-8a2.5 2.5 0 0 1 2.5 2.5V9h5a2 2 0 0 1 2 2.3l-1.2 7A2 2 0 0 1 17.3 20H7",
    "bad": "M7 13V4H4v9zm0 0 4 8a2.5 2.5 0 0 0 2.5-2.5V15h5a2 2 0 0 0 2-2.3l-1.2-7A2 2 0 0 0 17.3 4H7",
    "copy": "M9 9h11v11H9zM5 15H4V4h11v1",
    "edit": "M4 20l1-5L16 4l4 4L9 19zM14 6l4 4",
    "delete": "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5",
    "theme": "M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z",
    "menu": "M4 6h16M4 12h16M4 18h16",
    "plus": "M12 5v14M5 12h14",
    "search": "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16 16l5 5",
    "back": "M15 5l-7 7 7 7",
    "link": "M14 4h6v6M20 4l-9 9M18 14v6H4V6h6",
    "filter": "M3 5h18l-7 8v6l-4 2v-8z",
    "download": "M12 4v11M7 11l5 5 5-5M5 20h14",
    "file": "M6 3h8l4 4v14H6zM14 3v4h4",
    "page": "M6 3h12v18H6zM9 8h6M9 12h6M9 16h3",
    "check": "M5 13l4 4L19 7",
    "again": "M4 12a8 8 0 1 0 2.5-5.8M4 4v5h5",
    "close": "M6 6l12 12M18 6L6 18",
}


def icon(name: Icon) -> Html:
    """Draw a picture that a screen reader skips; the button around it carries the name."""
    return Html(
        '<svg class="icon" viewBox="0 0 24 24" width="18" height="18" aria-hidden="true" focusable="false">'
        f'<path d="{_STROKES[name]}"/></svg>'
    )


def button(
    label: str, act: str, *, picture: Icon | None = None, bare: bool = False, **attributes: Attribute
) -> Html:
    """Draw a button whose press is sent to the server as the event ``act``; ``bare`` shows the picture alone."""
    shown = join(icon(picture) if picture else Html(), Html() if bare else element("span", label))
    name = {"aria_label": label, "title": label} if bare else {}
    return element("button", shown, type="button", data_act=act, **{"class_": "quiet", **name, **attributes})


def running(message: str, percent: int, *more: Html, label: str, note: str = "", fresh: bool = False) -> Html:
    """Tell how far work is: a message with its ``note``, a bar, and ``more``; ``fresh`` asks for what comes."""
    bar = element("progress", value=percent, max=100, aria_label=label)
    told = element("p", message, role="status")
    return element("div", told, note, bar, *more, class_="syncing", data_fresh=fresh)
