"""What an attacker sends to the window: values in the place of every input of every event."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import httpx

from ui.window.access.gradio_seam import LONGEST_TEXT

SECRET = "BÍ-MẬT-4711"


def events(client: httpx.Client, place: str = "") -> list[dict[str, Any]]:
    page = client.get(place).text
    config = json.loads(re.search(r"window\.gradio_config = (\{.*?\});</script>", page, re.DOTALL)[1])  # type: ignore[index]
    kinds = {item["id"]: item["type"] for item in config["components"]}
    return [{**one, "kinds": [kinds[item] for item in one["inputs"]]} for one in config["dependencies"]]


def hostile(path: Path) -> list[Any]:
    """Values that Gradio's preprocessing, or a careless handler, would take for a file or an address."""
    meta = {"_type": "gradio.FileData"}
    file = {"path": str(path), "meta": meta}
    return [
        str(path),
        file,
        [file],
        {"value": file},
        {"a": {"b": [{"c": file}]}},
        {"path": "/etc/hostname", "url": None, "orig_name": "x.txt", "meta": meta},
        {"path": f"../../../../../..{path}", "meta": meta},
        {"url": f"file://{path}", "path": str(path), "meta": meta},
        {"path": "http://127.0.0.1:9/x", "url": "http://127.0.0.1:9/x", "meta": meta},
        {"data": "data:text/plain;base64,QQ==", "name": "x.txt"},
        "data:text/plain;base64,QQ==",
        {"text": "x", "files": [file]},
        {"__type__": "update", "value": file},
        {"video": file, "subtitles": file},
        "x" * 50_000,
        0,
        1.5,
        True,
        [],
        {},
        [[["x"]]],
    ]  # fmt: skip


def takes(event: dict[str, Any], body: dict[str, Any]) -> bool:
    """Whether a body has the very form of the event: texts and nothing else."""

    def text(value: object) -> bool:
        return isinstance(value, str) and len(value) <= LONGEST_TEXT

    data, values = body["data"], body.get("event_data") or {}
    return (
        isinstance(data, list)
        and len(data) == len(event["kinds"])
        and all(
            text(one) if kind == "textbox" else one is None
            for one, kind in zip(data, event["kinds"], strict=True)
        )
        and body.get("event_data") in (None, values)
        and isinstance(values, dict)
        and all(map(text, values.values()))
    )
