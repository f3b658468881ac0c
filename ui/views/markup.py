"""HTML that cannot carry what it quotes: text is escaped unless it was built here."""

from __future__ import annotations

from html import escape
from typing import TypeAlias
from urllib.parse import urlsplit

Attribute: TypeAlias = "str | int | bool | None"

_VOID = frozenset({"br", "hr", "input"})


class Html(str):
    """Finished markup; every other string is text and gets escaped by ``element``."""

    __slots__ = ()


def text(value: str) -> Html:
    """Escape a text for use between tags or inside a quoted attribute."""
    return Html(escape(value, quote=True))


def join(*parts: str) -> Html:
    """Put parts one after another, escaping those that are text."""
    return Html("".join(part if isinstance(part, Html) else text(part) for part in parts))


def element(name: str, /, *children: str, **attributes: Attribute) -> Html:
    """Build one element; ``class_`` and ``data_act`` become ``class`` and ``data-act``.

    An attribute that is ``True`` stands alone, one that is ``False`` or ``None`` is left out.
    """
    words = [name]
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        label = key.rstrip("_").replace("_", "-")
        words.append(label if value is True else f'{label}="{text(str(value))}"')
    opening = f"<{' '.join(words)}>"
    return Html(opening) if name in _VOID else Html(f"{opening}{join(*children)}</{name}>")


def page(title: str, style: str, body: str, language: str) -> str:
    """Build a whole page, of the ``body`` element and a ``style`` that is ours."""
    head = join(
        Html('<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'),
        element("title", title),
        Html(f"<style>{style}</style>"),
    )
    return f"<!doctype html>{element('html', element('head', head), body, lang=language)}"


def unseen(text: str) -> Html:
    """Text in brackets for screen readers alone, where others have a tooltip."""
    return element("span", f" ({text})", class_="unseen")


def web_address(url: str | None) -> str | None:
    """Return the address when a browser may open it safely: http or https with a host."""
    if not url or any(char.isspace() or not char.isprintable() for char in url.strip()):
        return None
    try:
        parts = urlsplit(url.strip())
        usable = parts.scheme.lower() in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return None
    return url.strip() if usable else None
