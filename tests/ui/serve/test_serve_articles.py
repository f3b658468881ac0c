"""Our own interface over the wire, and who is let in."""

from __future__ import annotations

import json
import stat
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from fakes import FakeEncoder
from postgres_server import PostgresServer, postgres_server
from serve_app import ANSWER, QUESTION, QUOTE, REPLY, Served, served

from index.store.database.binding import bind
from index.store.store import Store
from index.sync.sync import sync
from ui.errors import WindowError
from ui.serve.access.rate_limits import Limits, RateLimiter
from ui.serve.access.tokens import TokenFile, open_tokens
from ui.serve.main import check_open, public_address


@pytest.fixture
def server(store: Store) -> Iterator[Served]:
    with served(store, REPLY, REPLY) as running:
        yield running


def test_an_answer_tells_its_proof_and_its_scope(server: Served) -> None:
    body = {
        "question": "Ai chủ trì hội nghị đó?",
        "history": [{"question": QUESTION, "answer": ANSWER}],
        "scope": {"to": "2019-12-31"},
    }
    reply = httpx.post(f"{server.address}/ask", json=body).json()
    assert reply["standalone"] == f"{QUESTION} Ai chủ trì hội nghị đó?"
    assert reply["scope"] == {"from": None, "to": "2019-12-31", "sources": []}
    assert {passage["article_id"] for passage in reply["passages"]} == {"kim-lien.txt"}


def test_a_citation_can_be_followed_to_its_words(server: Served) -> None:
    body = httpx.post(f"{server.address}/ask", json={"question": QUESTION}).json()
    (citation,) = body["citations"]
    assert (body["answer"], citation["quote"]) == (ANSWER, QUOTE)
    article = httpx.get(f"{server.address}/articles/{citation['article_id']}").json()
    assert article["text"][citation["start"] : citation["end"]] == QUOTE
    place = {"start": citation["start"], "end": citation["end"]}
    page = httpx.get(
        f"{server.address}/articles/kim-lien.txt", params=place, headers={"accept": "text/html,*/*"}
    )
    assert f'<mark id="trich">{QUOTE}</mark>' in page.text
    assert page.headers["content-type"].startswith("text/html")


def test_passages_are_found_without_the_language_model(server: Served) -> None:
    body = httpx.get(f"{server.address}/search", params={"q": "diện tích rừng trồng mới", "k": 2}).json()
    assert body["passages"][0]["article_id"] == "ba-sen.txt"
    assert "3.772 ha" in body["passages"][0]["text"]
    assert [passage["rank"] for passage in body["passages"]] == [1, 2]
    later = {"q": "đảng viên mới", "from": "2020-01-01", "source": "cau.txt"}
    found = httpx.get(f"{server.address}/search", params=later).json()["passages"]
    assert {passage["article_id"] for passage in found} <= {"cau.txt"}


def test_articles_are_listed_newest_first_and_by_page(server: Served) -> None:
    body = httpx.get(f"{server.address}/articles", params={"limit": 2}).json()
    assert (body["total"], [one["id"] for one in body["articles"]]) == (5, ["cau.txt", "ba-sen.txt"])
    assert body["articles"][0]["date"] == "2021-06-26"
    rest = httpx.get(f"{server.address}/articles", params={"limit": 2, "offset": 4}).json()
    assert len(rest["articles"]) == 1
    named = httpx.get(f"{server.address}/articles", params={"q": "huyện ba sen"}).json()
    assert [one["id"] for one in named["articles"]] == ["ba-sen.txt"]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/articles/khong-co.txt", 404, "no_such_article"),
        ("GET", "/search", 400, "invalid_request"),
        ("GET", "/search?q=x&k=0", 400, "invalid_request"),
        ("GET", "/search?q=x&from=hôm-qua", 400, "invalid_request"),
        ("GET", "/nowhere", 404, "not_found"),
        ("PUT", "/ask", 405, "method_not_allowed"),
        ("POST", "/ask", 400, "invalid_request"),
        ("OPTIONS", "/ask", 405, "method_not_allowed"),
    ],
)
def test_every_failure_has_one_form(server: Served, method: str, path: str, status: int, code: str) -> None:
    response = httpx.request(method, server.address + path)
    assert (response.status_code, response.json()["error"]["code"]) == (status, code)
    assert response.json()["error"]["message"]
    assert response.headers["x-request-id"]


def test_the_interface_describes_itself_without_another_host(server: Served) -> None:
    paths = httpx.get(f"{server.address}/openapi.json").json()["paths"]
    ours = {"/ask", "/search", "/articles", "/table", "/check", "/sync"}
    assert {*ours, "/v1/chat/completions", "/v1/models"} <= paths.keys()
    page = httpx.get(f"{server.address}/docs")
    assert page.status_code == 200
    assert "https://" not in page.text
    script = page.text.split('<script src="')[1].split('"')[0]
    assert httpx.get(server.address + script).status_code == 200


def test_foreign_names_and_pages_of_other_sites_are_turned_away(server: Served) -> None:
    for headers in ({"host": "evil.example"}, {"origin": "http://evil.example"}, {"origin": "null"}):
        for path in ("/articles", "/v1/models", "/mcp", "/docs", "/health"):
            response = httpx.get(server.address + path, headers=headers)
            assert response.status_code == 403, (headers, path)
    allowed = httpx.get(f"{server.address}/articles", headers={"origin": server.address})
    assert allowed.status_code == 200
    assert not [name for name in allowed.headers if name.startswith("access-control-")]


def test_a_host_or_origin_that_is_none_is_turned_away(server: Served) -> None:
    """A framework that cannot read such a name may put the server's own in its place."""
    for name in (
        'a"b.evil.example',
        "a{b.evil.example:8600",
        "a`b.evil.example",
        "127.0.0.1:8600@evil.example",
        "[::1",
    ):
        told = httpx.get(f"{server.address}/articles", headers={"host": name})
        assert (told.status_code, told.json()["error"]["code"]) == (403, "foreign_host"), name
    told = httpx.get(f"{server.address}/articles", headers={"origin": "http://["})
    assert (told.status_code, told.json()["error"]["code"]) == (403, "foreign_origin")
    for name in ("localhost:1", "LOCALHOST", "[::1]:8600"):
        assert httpx.get(f"{server.address}/articles", headers={"host": name}).status_code == 200, name


def test_too_large_a_request_is_refused_whether_it_says_so_or_not(store: Store) -> None:
    large = json.dumps({"question": "x" * 2_000}).encode()
    with served(store, limits=Limits(body_bytes=1_000)) as server:
        for content in (large, iter([large[:900], large[900:]])):
            response = httpx.post(f"{server.address}/ask", content=content)
            assert (response.status_code, response.json()["error"]["code"]) == (413, "too_large")


def test_writing_takes_a_token_for_it(server: Served, store: Store) -> None:
    reads = {"authorization": f"Bearer {server.tokens.new('doc', 'read')}"}
    for headers, status in (({}, 401), (reads, 403)):
        for method, path in (
            ("POST", "/sync"),
            ("POST", "/articles?name=a.txt"),
            ("DELETE", "/articles/cau.txt"),
        ):
            response = httpx.request(method, server.address + path, headers=headers)
            assert response.status_code == status, (method, path)
    assert store.database.counts().articles == 5


def test_a_citation_s_link_opens_its_article_and_no_other_without_a_token(server: Served) -> None:
    reads = {"authorization": f"Bearer {server.tokens.new('doc', 'read')}"}
    found = httpx.get(f"{server.address}/search", params={"q": "cầu Suối Đá", "k": 1}, headers=reads).json()
    link = found["passages"][0]["url"]
    page = httpx.get(link, headers={"accept": "text/html"})
    assert (page.status_code, "cầu Suối Đá" in page.text) == (200, True)
    for other in (
        link.replace("cau.txt", "ba-sen.txt"),
        link.replace("key=", "key=0"),
        f"{server.address}/articles/cau.txt",
        f"{server.address}/articles?{link.split('?')[1]}",
    ):
        assert httpx.get(other).status_code == 401, other
    assert httpx.delete(link.split("#")[0]).status_code == 401


def test_without_any_token_nobody_writes(server: Served) -> None:
    assert httpx.post(f"{server.address}/sync").json()["error"]["code"] == "read_only"
    assert httpx.get(f"{server.address}/articles").status_code == 200


def test_an_article_is_added_found_and_removed(server: Served) -> None:
    web = httpx.Client(
        base_url=server.address, headers={"authorization": f"Bearer {server.tokens.new('ghi', 'write')}"}
    )
    with web:
        text = "Chợ Phiên Tả Van\n\nChợ phiên Tả Van họp lại ngày 12/9 với 140 gian hàng."
        added = web.post("/articles", params={"name": "chợ phiên.txt"}, content=text.encode())
        assert (added.status_code, added.json()["added"]) == (201, 1)
        (found,) = web.get("/search", params={"q": "chợ phiên Tả Van", "k": 1}).json()["passages"]
        assert "140 gian hàng" in found["text"]
        assert "140 gian hàng" in httpx.get(found["url"], headers={"accept": "text/html"}).text
        assert web.delete(f"/articles/{found['article_id']}").status_code == 204
        assert web.get(f"/articles/{found['article_id']}").status_code == 404
        assert web.delete("/articles/khong-co.txt").status_code == 404
        unknown = web.post("/articles", params={"name": "virus.exe"}, content=b"MZ")
        assert (unknown.status_code, unknown.json()["error"]["code"]) == (415, "unknown_kind")
        assert web.post("/sync").json() == {
            "added": 0,
            "changed": 0,
            "removed": 0,
            "not_read": [],
            "read_in_part": [],
        }


def test_a_token_is_kept_as_a_hash_for_its_owner_alone(tmp_path: Path) -> None:
    tokens = TokenFile(tmp_path)
    secret = tokens.new("phong-1", "read")
    kept = (tmp_path / "tokens.json").read_text(encoding="utf-8")
    assert secret not in kept and len(secret) > 40
    if sys.platform != "win32":
        assert stat.S_IMODE((tmp_path / "tokens.json").stat().st_mode) == 0o600
    found = TokenFile(tmp_path).find(secret)
    assert found is not None and (found.name, found.right) == ("phong-1", "read")
    assert tokens.find("") is None
    with pytest.raises(WindowError, match="already"):
        tokens.new("phong-1", "write")
    with pytest.raises(WindowError, match="no name"):
        tokens.new("phòng họp số 1", "read")
    with pytest.raises(WindowError, match="there are: phong-1"):
        tokens.remove("phong-2")


def test_tokens_in_a_database_are_those_of_every_process(tmp_path: Path, postgres: PostgresServer) -> None:
    url = postgres.new_database()
    for name in ("one", "two"):
        bind(tmp_path / name, url)
    one, two = open_tokens(tmp_path / "one"), open_tokens(tmp_path / "two")
    assert one.link_key() is None
    secret = one.new("phong-1", "write")
    found = two.find(secret)
    assert found is not None and (found.name, found.right, found.sha256 == secret) == (
        "phong-1",
        "write",
        False,
    )
    assert two.find("") is None
    key = one.link_key()
    assert key is not None and len(key) == 32 and key == two.link_key()
    with pytest.raises(WindowError, match="already"):
        two.new("phong-1", "read")
    two.new("phong-2", "read")
    assert [token.name for token in one.all()] == ["phong-1", "phong-2"]
    two.remove("phong-1")
    assert one.find(secret) is None
    with pytest.raises(WindowError, match="there are: phong-2"):
        one.remove("phong-1")
    assert [path.name for path in (tmp_path / "one").iterdir()] == ["database.url"]


def test_a_database_that_is_away_is_told_without_where_it_is(articles_folder: Path, tmp_path: Path) -> None:
    with postgres_server() as database:
        bind(tmp_path / "store", database.new_database())
        encoder = FakeEncoder()
        store = Store.create(tmp_path / "store", encoder.name, encoder.dimension, chunk_tokens=60)
        sync(store, articles_folder, encoder)
        with closing(store), served(store) as server:
            secret = server.tokens.new("phong-1", "read")
            allowed = {"authorization": f"Bearer {secret}"}
            assert httpx.post(f"{server.address}/ask", json={"question": QUESTION}).status_code == 401
            asked = httpx.post(f"{server.address}/ask", json={"question": QUESTION}, headers=allowed)
            assert (asked.status_code, asked.json()["answer"]) == (200, ANSWER)
            database.stop()
            response = httpx.get(f"{server.address}/articles", headers=allowed)
            assert (response.status_code, response.json()["error"]["code"]) == (503, "store_unavailable")
            assert "postgresql" not in response.text and response.headers["retry-after"] == "5"
            health = httpx.get(f"{server.address}/health")
            assert (health.status_code, "postgresql://" in health.text) == (503, False)
            database.start_again()
            assert httpx.get(f"{server.address}/articles", headers=allowed).status_code == 200


def test_links_may_begin_with_the_address_of_a_proxy() -> None:
    assert public_address("https://office.example/hoidap/") == "https://office.example/hoidap"
    for wrong in ("office.example", "ftp://office.example", "https://", "https://office.example?x=1"):
        with pytest.raises(WindowError, match=r"https://office\.example"):
            public_address(wrong)


def test_other_computers_need_a_token(tmp_path: Path) -> None:
    tokens = TokenFile(tmp_path)
    check_open("127.0.0.1", None, tokens)
    for host, proxy in (("0.0.0.0", None), ("127.0.0.1", "https://office.example")):
        with pytest.raises(WindowError, match="hoidap token new"):
            check_open(host, proxy, tokens)
    tokens.new("phong-1", "read")
    check_open("0.0.0.0", None, tokens)
    check_open("127.0.0.1", "https://office.example", tokens)


def test_when_the_last_token_is_gone_other_computers_are_still_strangers(store: Store) -> None:
    for reach in ({"names": None}, {"behind_proxy": True}):
        with served(store, **reach) as server:
            secret = server.tokens.new("phong-1", "read")
            allowed = {"authorization": f"Bearer {secret}"}
            assert httpx.get(f"{server.address}/articles", headers=allowed).status_code == 200
            server.tokens.remove("phong-1")
            assert httpx.get(f"{server.address}/articles", headers=allowed).status_code == 401
            assert httpx.get(f"{server.address}/articles").status_code == 401


def test_a_minute_s_requests_fill_again_steadily() -> None:
    now = 0.0
    rate = RateLimiter(60, lambda: now)
    assert [rate.wait("a") for _ in range(60)] == [0.0] * 60
    assert rate.wait("a") == 1.0  # 60 a minute: one a second
    assert rate.wait("b") == 0.0
    now = 0.5
    assert rate.wait("a") == 0.5
    now = 1.0
    assert rate.wait("a") == 0.0


def test_an_answer_of_several_articles_tells_how_to_narrow_it(store: Store) -> None:
    with served(store, "Kim Liên: 82 đảng viên mới [1]. Ba Sen: 45 hộ nghèo [2].") as server:
        response = httpx.post(
            f"{server.address}/ask",
            json={"question": "Huyện có bao nhiêu đảng viên mới, bao nhiêu hộ nghèo?"},
        ).json()
        assert [one["value"] for one in response["narrower"]] == [
            "huyện Kim Liên",
            "huyện Ba Sen",
            "2018",
            "2020",
        ]
        year = response["narrower"][2]
        asked = {"question": year["question"], "scope": year["scope"]}
        again = httpx.post(f"{server.address}/ask", json=asked).json()
        assert again["scope"] == {"from": "2018-01-01", "to": "2018-12-31", "sources": []}
        assert {one["article_id"] for one in again["passages"]} == {"kim-lien.txt"}


def test_a_table_has_a_row_for_each_article_that_was_read(server: Served) -> None:
    body = {"questions": ["kết nạp đảng viên mới", "diện tích rừng trồng mới"], "articles": 2}
    table = httpx.post(f"{server.address}/table", json=body).json()
    assert table["questions"] == body["questions"]
    cells = {row["article_id"]: [cell and cell["value"] for cell in row["cells"]] for row in table["rows"]}
    assert cells["kim-lien.txt"][0] == "2018" or "82" in str(cells["kim-lien.txt"][0])
    assert len(cells) <= 4
    later = {**body, "scope": {"from": "2020-01-01"}}
    assert "kim-lien.txt" not in str(httpx.post(f"{server.address}/table", json=later).json())


def test_a_text_is_checked_against_the_articles(server: Served) -> None:
    wrong = QUOTE.replace("82", "28")
    body = httpx.post(f"{server.address}/check", json={"text": f"{QUOTE} {wrong}"}).json()
    verdicts = [(one["verdict"], one["said"], one["told"]) for one in body["sentences"]]
    assert verdicts == [("supported", "", ""), ("contradicted", "28", "82")]
    assert body["sentences"][1]["source"]["article_id"] == "kim-lien.txt"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/table", {"questions": []}),
        ("/table", {"questions": ["hộ nghèo"], "articles": 0}),
        ("/table", {"questions": ["hộ nghèo"] * 11}),
        ("/check", {"text": ""}),
    ],
)
def test_what_cannot_be_surveyed_is_refused(server: Served, path: str, body: dict[str, object]) -> None:
    response = httpx.post(f"{server.address}{path}", json=body)
    assert (response.status_code, response.json()["error"]["code"]) == (400, "invalid_request")
