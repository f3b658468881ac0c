"""The official client of the Model Context Protocol, over HTTP and over standard input and output."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp.shared._httpx_utils import create_mcp_http_client
from mcp.types import CallToolResult
from serve_app import ANSWER, QUESTION, QUOTE, REPLY, served

from index.store.store import Store
from rag.tools.table import MOST_COLUMNS

pytestmark = pytest.mark.slow

Work = Callable[[Client], Coroutine[Any, Any, None]]
ROOT = Path(__file__).parents[3]


def over_http(store: Store, work: Work, mode: str = "auto") -> None:
    with served(store, REPLY, REPLY) as server:
        asyncio.run(with_client(Client(f"{server.address}/mcp", mode=mode), work))


def over_stdio(store: Store, work: Work) -> None:
    paths, folder = [str(ROOT), str(ROOT / "tests" / "support")], str(store.directory)
    code = (
        f"import sys; sys.path[:0] = {paths!r}; from serve_app import stdio_server; stdio_server({folder!r})"
    )
    asyncio.run(with_client(Client(StdioServerParameters(command=sys.executable, args=["-c", code])), work))


async def with_client(client: Client, work: Work) -> None:
    async with client:
        await asyncio.wait_for(work(client), 60)


def told(result: CallToolResult) -> dict[str, Any]:
    """The structured content, which the one text of the result says too."""
    assert not result.is_error, result.content
    (text,) = result.content
    assert json.loads(text.text) == result.structured_content
    return result.structured_content


def test_the_tools_are_for_reading_and_describe_themselves(store: Store) -> None:
    async def work(client: Client) -> None:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        reading = {"search", "fetch", "ask_question", "list_documents", "make_table", "check_text"}
        assert tools.keys() == reading
        assert all(tool.annotations.read_only_hint and tool.description for tool in tools.values())
        assert list(tools["search"].input_schema["properties"]) == ["query"]
        assert list(tools["fetch"].input_schema["properties"]) == ["id"]
        assert set(tools["ask_question"].input_schema["properties"]) == {"question", "scope"}

    over_http(store, work)


async def search_and_fetch(client: Client) -> None:
    found = told(await client.call_tool("search", {"query": "tỷ lệ hộ nghèo huyện Ba Sen"}))
    assert found.keys() == {"results"}
    first = found["results"][0]
    assert first.keys() == {"id", "title", "url"}
    assert (first["id"], first["title"]) == ("ba-sen.txt", "Huyện Ba Sen giảm nghèo")
    document = told(await client.call_tool("fetch", {"id": first["id"]}))
    assert document.keys() == {"id", "title", "text", "url", "metadata"}
    assert "tỷ lệ hộ nghèo còn 1,29%" in document["text"]
    assert document["metadata"]["date"] == "2020-10-15"
    assert document["url"] == first["url"]


async def ask(client: Client) -> None:
    answer = told(await client.call_tool("ask_question", {"question": QUESTION}))
    assert (answer["answer"], answer["refused"]) == (ANSWER, False)
    (citation,) = answer["citations"]
    assert (citation["quote"], citation["article_id"]) == (QUOTE, "kim-lien.txt")
    assert citation["url"].endswith(
        f"/articles/kim-lien.txt?start={citation['start']}&end={citation['end']}#trich"
    )
    assert 0.5 < answer["confidence"] <= 1


@pytest.mark.parametrize("mode", ["auto", "legacy"])
@pytest.mark.parametrize("work", [search_and_fetch, ask])
def test_it_speaks_over_http_to_new_and_old_clients(store: Store, work: Work, mode: str) -> None:
    over_http(store, work, mode)


def test_it_speaks_over_standard_input_and_output(store: Store) -> None:
    async def work(client: Client) -> None:
        await search_and_fetch(client)
        await ask(client)

    over_stdio(store, work)


def test_a_question_may_be_narrowed(store: Store) -> None:
    async def work(client: Client) -> None:
        narrow = {"question": QUESTION, "scope": {"from": "2020-01-01", "sources": ["ba-sen.txt"]}}
        answer = told(await client.call_tool("ask_question", narrow))
        assert answer["refused"]
        assert answer["scope"] == {"from": "2020-01-01", "to": None, "sources": ["ba-sen.txt"]}

    over_http(store, work)


def test_documents_are_listed_by_page_and_by_words(store: Store) -> None:
    async def work(client: Client) -> None:
        page = told(await client.call_tool("list_documents", {"limit": 2, "offset": 1}))
        assert (page["total"], [one["id"] for one in page["documents"]]) == (
            5,
            ["ba-sen.txt", "kim-lien.txt"],
        )
        named = told(await client.call_tool("list_documents", {"query": "cầu"}))
        assert [one["id"] for one in named["documents"]] == ["cau.txt"]

    over_http(store, work)


def test_a_mistake_is_told_with_its_remedy(store: Store) -> None:
    async def work(client: Client) -> None:
        for tool, arguments, words in (
            ("fetch", {"id": "khong-co.txt"}, "There is no article 'khong-co.txt'"),
            ("ask_question", {"question": " "}, "question"),
            ("search", {"query": "dài " * 600}, "2,000 characters"),
        ):
            result = await client.call_tool(tool, arguments)
            assert result.is_error and words in result.content[0].text, result.content

    over_http(store, work)


def test_a_token_is_asked_for_here_too(store: Store) -> None:
    async def work(client: Client) -> None:
        assert told(await client.call_tool("list_documents", {}))["total"] == 5

    with served(store) as server:
        secret = server.tokens.new("may-1", "read")
        assert httpx.post(f"{server.address}/mcp", json={}).status_code == 401
        asyncio.run(with_client(Client(with_token(f"{server.address}/mcp", secret)), work))


LIST: dict[str, Any] = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
BOTH = {"accept": "application/json, text/event-stream"}


def initialize(version: str) -> dict[str, Any]:
    """The first message of a client."""
    client = {"name": "by hand", "version": "1"}
    params = {"protocolVersion": version, "capabilities": {}, "clientInfo": client}
    return {"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": params}


@pytest.mark.parametrize("path", ["/mcp", "/mcp/"])
def test_it_is_spoken_to_by_hand(store: Store, path: str) -> None:
    """What a client's author tries first; no answer holds a session, so any process may have it."""
    with served(store) as server, httpx.Client(base_url=server.address, headers=BOTH) as web:
        for version in ("2025-03-26", "2025-06-18"):
            begun = web.post(path, json=initialize(version)).json()["result"]
            assert begun["protocolVersion"] == version and begun["serverInfo"]["name"] == "hoidap"
        told = web.post(path, json={"jsonrpc": "2.0", "method": "notifications/initialized"})
        assert (told.status_code, told.content) == (202, b"")
        listed = web.post(path, json=LIST, headers={"mcp-protocol-version": "2025-06-18"})
        assert len(listed.json()["result"]["tools"]) == 6 and "mcp-session-id" not in listed.headers
        asked = {"name": "search", "arguments": {"query": "tỷ lệ hộ nghèo"}}
        found = web.post(path, json={**LIST, "method": "tools/call", "params": asked}).json()["result"]
        assert found["structuredContent"]["results"][0]["id"] == "ba-sen.txt"


def test_what_is_no_message_is_refused_and_nothing_stays_open(store: Store) -> None:
    with served(store) as server, httpx.Client(base_url=server.address, timeout=10) as web:
        for method in ("GET", "PUT", "DELETE"):  # a GET would be a stream in which nothing is ever said
            assert web.request(method, "/mcp", headers=BOTH).status_code == 405, method
        assert web.get("/mcp").headers["allow"] == "POST"
        json_type = {"content-type": "application/json", **BOTH}
        for body in (b"{garbage", b"", b"[]", b"[1]", b'"x"', b"\xff", b'{"jsonrpc": "1.0"}'):
            refused = web.post("/mcp", content=body, headers=json_type)
            assert (refused.status_code, "error" in refused.json()) == (400, True), body
        assert web.post("/mcp", content=b"{}", headers={"content-type": "text/plain"}).status_code == 400
        assert web.post("/mcp", content=b" " * 2_000_000, headers=json_type).status_code == 413
        unknown = web.post("/mcp", json={**LIST, "method": "nope"}, headers=BOTH).json()
        assert unknown["error"]["code"] == -32601
        assert web.post("/mcp", json=LIST, headers=BOTH).status_code == 200, "it goes on"


def test_foreign_names_pages_and_tokens_are_refused(store: Store) -> None:
    with served(store) as server, httpx.Client(base_url=server.address, headers=BOTH) as web:
        for header in ({"host": "evil.example"}, {"origin": "http://evil.example"}):
            assert web.post("/mcp", json=LIST, headers=header).status_code == 403, header
        secret = server.tokens.new("may-1", "read")
        for wrong in ("", "Bearer", "Bearer wrong", f"Basic {secret}", f"Bearer {secret}x"):
            refused = web.post("/mcp", json=LIST, headers={"authorization": wrong})
            assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer"), wrong
        right = {"authorization": f"Bearer {secret}"}
        assert web.post("/mcp", json=LIST, headers=right).status_code == 200
        server.tokens.remove("may-1")
        server.tokens.new("may-2", "read")
        assert web.post("/mcp", json=LIST, headers=right).status_code == 401, "taken away at once"


@asynccontextmanager
async def with_token(address: str, secret: str) -> AsyncIterator[tuple[Any, Any]]:
    async with (
        create_mcp_http_client(headers={"authorization": f"Bearer {secret}"}) as http,
        streamable_http_client(address, http_client=http) as streams,
    ):
        yield streams


def test_a_table_is_made_and_a_text_checked(store: Store) -> None:
    async def work(client: Client) -> None:
        table = told(await client.call_tool("make_table", {"questions": ["kết nạp đảng viên mới"]}))
        for none in ([], [""], ["cột"] * (MOST_COLUMNS + 1)):
            refused = await client.call_tool("make_table", {"questions": none})
            assert refused.is_error and "questions" in refused.content[0].text
        assert next(row for row in table["rows"] if row["cells"][0])["article_id"] == "kim-lien.txt"
        text = "Từ đầu năm 2018 đến nay, toàn huyện kết nạp 28 đảng viên mới, đạt 59% kế hoạch năm."
        (sentence,) = told(await client.call_tool("check_text", {"text": text}))["sentences"]
        assert (sentence["verdict"], sentence["said"], sentence["told"]) == ("contradicted", "28", "82")

    over_http(store, work)
