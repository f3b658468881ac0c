"""The window behind a proxy that ends TLS and offers it under a path; needs nginx and openssl."""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest

from tests.window_app import opened
from ui.errors import WindowError
from ui.window.listen import Reach

DOCUMENT = Path(__file__).parents[3] / "docs" / "proxy.md"

pytestmark = pytest.mark.filterwarnings(
    "ignore::pandas.errors.Pandas4Warning"
)  # Gradio counts its calls with pandas


def free_port() -> int:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@contextmanager
def proxied(home: Path, window: int) -> Iterator[str]:
    """Run nginx with the documented block before a window."""
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/bin")
    if nginx is None or shutil.which("openssl") is None:
        pytest.skip("needs nginx and openssl, for example Debian's packages nginx-light and openssl")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", home / "key.pem", "-out",
         home / "cert.pem", "-days", "2", "-subj", "/CN=office.example"],
        check=True, capture_output=True,
    )  # fmt: skip
    [block] = re.findall(r"```nginx\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    port = free_port()
    (home / "nginx.conf").write_text(
        f"daemon off; pid {home}/pid; error_log {home}/error.log; worker_processes 1;\n"
        "events { worker_connections 64; }\n"
        f"http {{ access_log off; client_body_temp_path {home}/body; proxy_temp_path {home}/proxy;\n"
        f"fastcgi_temp_path {home}/f; uwsgi_temp_path {home}/u; scgi_temp_path {home}/s;\n"
        f"server {{ listen 127.0.0.1:{port} ssl; ssl_certificate {home}/cert.pem;\n"
        f"ssl_certificate_key {home}/key.pem;\n{block.replace('7860', str(window))}}} }}\n",
        encoding="utf-8",
    )
    with subprocess.Popen([nginx, "-c", home / "nginx.conf", "-e", home / "error.log"]) as running:
        try:
            for _ in range(100):
                with closing(socket.socket()) as trying:
                    if trying.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.05)
            yield f"https://127.0.0.1:{port}/hoidap/"
        finally:
            running.terminate()


def test_the_documented_proxy_offers_the_window_under_its_path_by_https(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    reach = Reach(names=("office.example",), root="/hoidap", proxies=("127.0.0.1",))
    with opened(tmp_path, password="bí mật", reach=reach) as window:
        inside = int(window.address.rsplit(":", 1)[1].strip("/"))
        with (
            proxied(tmp_path, inside) as address,
            httpx.Client(base_url=address, verify=False, headers={"host": "office.example"}) as client,
        ):
            door = client.get("", headers={"accept": "text/html"})
            assert door.status_code == 401 and 'action="/hoidap/vao?language=vi"' in door.text
            told = client.post("vao", data={"password": "bí mật"})
            assert (told.status_code, told.headers["location"]) == (303, "/hoidap/")
            cookie = told.headers["set-cookie"].lower()
            assert "secure" in cookie and "path=/hoidap" in cookie
            token = told.headers["set-cookie"].split(";")[0]
            let_in = {"cookie": token, "origin": "https://office.example"}
            for place in ("", "en/"):
                page = client.get(place, headers=let_in)
                [config] = re.findall(r"window\.gradio_config = (\{.*?\});</script>", page.text, re.DOTALL)
                assert json.loads(config)["root"] == f"https://office.example/hoidap/{place}".rstrip("/")
                [script] = re.findall(r'src="\./(assets/[^"]+\.js)"', page.text)[:1]
                assert client.get(f"{place}{script}", headers=let_in).status_code == 200
                event = {"fn_index": 0, "data": ["{}"], "session_hash": "abcdefgh"}
                sent = client.post(f"{place}gradio_api/run/predict", json=event, headers=let_in)
                assert sent.status_code == 200
            assert client.post("tai-len", headers=let_in).status_code == 200
            left = client.post("ra", headers=let_in)
            assert (left.status_code, left.headers["location"]) == (303, "/hoidap/")
            assert client.get("", headers=let_in).status_code == 401


def test_another_host_name_is_turned_away_and_an_impossible_path_is_told(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    with opened(tmp_path, reach=Reach(names=("office.example",))) as window:
        assert httpx.get(window.address, headers={"host": "office.example"}).status_code == 200
        assert httpx.get(window.address, headers={"host": "evil.example"}).status_code == 403
    for root in ("hoidap", "/a b", "/x/", "/..//"):
        with pytest.raises(WindowError):
            Reach(root=root)
