"""Something to see within a second: a small page answers until the window itself is loaded.

What is typed there is in the question box when the window opens.  Only the standard library is needed, so that
this can run before anything heavy is imported.
"""

from __future__ import annotations

import select
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_GLANCE = 0.1
_SLOWEST_ASKER = 2.0
_LONGEST_REQUEST = 16_384
_PAGE = """<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Hỏi Đáp đang mở</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>
:root { color-scheme: light dark; }
body { display: grid; place-content: center; min-height: 90vh; margin: 0 20px; font: 17px/1.6 system-ui, sans-serif;
 background: light-dark(#faf9f7, #151817); color: light-dark(#1f2421, #e8eae7); }
h1 { margin: 0; font-size: 26px; } p { max-width: 34em; margin: 8px 0 18px; color: light-dark(#5f6460, #a6ada8); }
textarea { box-sizing: border-box; width: 100%; min-height: 84px; padding: 10px 12px; border: 1px solid
 light-dark(#8a867e, #7f8782); border-radius: 12px;
 background: light-dark(#fff, #1d2120); color: inherit; font: inherit; }
</style></head><body><main><h1>Hỏi Đáp đang mở…</h1>
<p id="told" role="status">Chừng vài giây nữa là hỏi được. Bạn có thể gõ câu hỏi trước ở đây.
<span lang="en">Opening; you can type your question meanwhile.</span></p>
<textarea aria-label="Câu hỏi của bạn" autofocus></textarea></main><script>
const box = document.querySelector("textarea");
const keep = () => { try { sessionStorage.setItem("hoidap.draft", box.value); } catch { /* nothing is kept */ } };
try { box.value = sessionStorage.getItem("hoidap.draft") ?? ""; } catch { /* as above */ }
box.addEventListener("input", keep);
const look = async () => {
  const told = await fetch("dang-mo").catch(() => null);
  if (told && told.status !== 503) location.reload(); else setTimeout(look, 300);
};
setTimeout(look, 300);
</script></body></html>"""


@contextmanager
def opening_page(held: socket.socket) -> Iterator[None]:
    """Answer on a socket that listens already, until the block ends; who asks after that waits for the next server."""
    ended = threading.Event()
    thread = threading.Thread(target=_answer_all, args=(held, ended), name="opening", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _answer_all(held: socket.socket, ended: threading.Event) -> None:
    while not ended.is_set():
        ready, _, _ = select.select([held], [], [], _GLANCE)
        if not ready:
            continue
        with suppress(OSError):
            asker, _ = held.accept()
            with asker:
                _answer(asker)


def _answer(asker: socket.socket) -> None:
    """Give the page; a browser that is slow to ask is left."""
    asker.settimeout(_SLOWEST_ASKER)
    request = b""
    while b"\r\n\r\n" not in request and len(request) < _LONGEST_REQUEST:
        piece = asker.recv(4096)
        if not piece:
            return
        request += piece
    body = _PAGE.encode() if request.startswith((b"GET / ", b"GET /?", b"GET /en/")) else b""
    head = (
        "HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/html; charset=utf-8\r\nRetry-After: 1\r\n"
        f"Cache-Control: no-store\r\nContent-Length: {len(body)}\r\nConnection: close\r\n"
        "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
        "connect-src 'self'\r\nReferrer-Policy: no-referrer\r\n\r\n"
    )
    asker.sendall(head.encode() + body)
