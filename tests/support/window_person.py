"""A person at the window without a browser: opens the page, asks, switches, looks on."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any

import httpx


class Person:
    """Speaks with the window as its page does; ``session`` names the browser window."""

    def __init__(self, address: str, session: str) -> None:
        self._client = httpx.Client(base_url=address, timeout=60)
        self._session = session
        self.open()

    def __enter__(self) -> Person:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, where: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Go away."""
        self._client.close()

    def move(self, address: str) -> None:
        """Go on at another address, as behind a proxy that chooses another process."""
        self._client.base_url = httpx.URL(address)

    def open(self, conversation: str = "") -> str:
        """Open or reload the page; gives what it then shows."""
        page = self._client.get("").text
        config = json.loads(re.search(r"window\.gradio_config = (\{.*?\});</script>", page, re.DOTALL)[1])  # type: ignore[index]
        events = [one for one in config["dependencies"] if one["targets"]]
        # The talk page comes first; other pages have events of the same name.
        self._events = {one["targets"][0][1]: one for one in reversed(events)}
        return self.press("load", [json.dumps({"conversation": conversation})])

    def ask(self, question: str) -> str:
        """Send a question; gives what is shown at once."""
        return self.press("submit", [question, None, ""])

    def press(self, act: str, data: Sequence[object] = (None,), **values: str) -> str:
        """Send an event that is answered at once."""
        response = self._client.post("gradio_api/run/predict", json=self._body(act, data, values))
        response.raise_for_status()
        return response.text

    def add(self, files: Mapping[str, bytes]) -> str:
        """Send files and add them to the articles; gives what is shown at once."""
        batch = self._client.post("tai-len").json()["batch"]
        for name, content in files.items():
            asked = {"lo": batch, "ten": name, "co": str(len(content))}
            self._client.post("tai-len", params=asked, content=content).raise_for_status()
        return self.press("upload", batch=batch)

    def look_on(self, act: str = "watch", cut: int | None = None, **values: str) -> str:
        """Look on while an answer comes; ``cut`` drops the line after so many messages.  Gives them all."""
        self._client.post("gradio_api/queue/join", json=self._body(act, [None], values)).raise_for_status()
        asked = {"session_hash": self._session}
        event_lines = ""
        with self._client.stream("GET", "gradio_api/queue/data", params=asked) as stream:
            for count, line in enumerate(line for line in stream.iter_lines() if line.startswith("data:")):
                if "process_generating" in line or "process_completed" in line:
                    event_lines += line
                if "process_completed" in line or (cut is not None and count >= cut):
                    break
        return event_lines

    def _body(self, act: str, data: Sequence[object], values: dict[str, str]) -> dict[str, Any]:
        event = self._events[act]
        body = {"fn_index": event["id"], "data": list(data), "session_hash": self._session}
        return {**body, "event_data": values} if values else body
