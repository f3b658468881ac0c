"""The window behind a proxy that ends TLS and offers it under a path; needs nginx and openssl."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.support.nginx_proxy import free_port, running_nginx
from tests.support.window_app import opened
from ui.errors import WindowError
from ui.window.access.listen import ListenOptions

DOCUMENT = Path(__file__).parents[3] / "docs" / "proxy.md"


@contextmanager
def proxied(home: Path, window: int) -> Iterator[str]:
    """Run nginx with the documented block before a window."""
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", home / "key.pem", "-out",
         home / "cert.pem", "-days", "2", "-subj", "/CN=office.example"],
        check=True, capture_output=True,
    )  # fmt: skip
    block = re.findall(r"```nginx\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)[0]
    port = free_port()
    server = (
        f"server {{ listen 127.0.0.1:{port} ssl; ssl_certificate {home}/cert.pem;\n"
        f"ssl_certificate_key {home}/key.pem;\n{block.replace('7860', str(window))}}}\n"
    )
    with running_nginx(home, server, port):
        yield f"https://127.0.0.1:{port}/hoidap/"


def test_the_documented_proxy_offers_the_window_under_its_path_by_https(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    reach = ListenOptions(names=("office.example",), root="/hoidap", proxies=("127.0.0.1",))
    with opened(tmp_path, password="bí mật", reach=reach) as window:
        inside = int(window.address.rsplit(":", 1)[1].strip("/"))
        with (
            proxied(tmp_path, inside) as address,
            httpx.Client(base_url=address, verify=False, headers={"host": "office.example"}) as client,
        ):
            login = client.get("", headers={"accept": "text/html"})
            assert login.status_code == 401 and 'action="/hoidap/vao?language=vi"' in login.text
            response = client.post("vao", data={"password": "bí mật"})
            assert (response.status_code, response.headers["location"]) == (303, "/hoidap/")
            cookie = response.headers["set-cookie"].lower()
            assert "secure" in cookie and "path=/hoidap" in cookie
            token = response.headers["set-cookie"].split(";")[0]
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
    with opened(tmp_path, reach=ListenOptions(names=("office.example",))) as window:
        assert httpx.get(window.address, headers={"host": "office.example"}).status_code == 200
        assert httpx.get(window.address, headers={"host": "evil.example"}).status_code == 403
    for root in ("hoidap", "/a b", "/x/", "/..//"):
        with pytest.raises(WindowError):
            ListenOptions(root=root)
