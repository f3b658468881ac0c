"""Fifty people ask at once, over the wire, two servers of the language model, one of which is killed in the middle."""

from __future__ import annotations

import asyncio
import time

import httpx
import pytest
from llm_server import llm_server
from serve_app import ANSWER, QUESTION, REPLY, Served, served

from index.store.store import Store
from rag.writer.openai_server import OpenAIServer
from rag.writer.server_pool import ServerPool
from ui.serve.access.rate_limits import Limits

PEOPLE, AT_ONCE, SECONDS = 50, 4, 0.5


async def everybody(server: Served, secrets: list[str]) -> list[tuple[int, str, float]]:
    """What each one got: status, answer, and after how many seconds."""

    async def one(web: httpx.AsyncClient, secret: str) -> tuple[int, str, float]:
        began = time.monotonic()
        headers = {"authorization": f"Bearer {secret}"}
        response = await web.post("/ask", json={"question": QUESTION}, headers=headers)
        return response.status_code, response.json().get("answer", ""), time.monotonic() - began

    limits = httpx.Limits(max_connections=PEOPLE)
    async with httpx.AsyncClient(base_url=server.address, timeout=120, limits=limits) as web:
        return list(await asyncio.gather(*(one(web, secret) for secret in secrets)))


@pytest.mark.slow
def test_everybody_is_answered_though_a_server_dies(store: Store) -> None:
    how = {"reply": REPLY, "wait": SECONDS, "piece": 0.0}
    with llm_server(**how) as first, llm_server(**how) as second:
        pool = ServerPool([OpenAIServer(one.base_url, "m", None, 4096) for one in (first, second)], AT_ONCE)
        with served(store, generator=pool, limits=Limits(at_once=2 * AT_ONCE)) as server:
            secrets = [server.tokens.new(f"p{number}", "read") for number in range(PEOPLE)]

            async def ask_and_kill() -> list[tuple[int, str, float]]:
                asking = asyncio.create_task(everybody(server, secrets))
                while (await asyncio.to_thread(first.counts))["asked"] < 2 * AT_ONCE:
                    await asyncio.sleep(0.02)
                await asyncio.to_thread(first.kill)
                return await asking

            outcomes = asyncio.run(ask_and_kill())
            most = second.counts()["most"]
    assert {(status, answer) for status, answer, _ in outcomes} == {(200, ANSWER)}
    assert most <= AT_ONCE
    assert max(seconds for *_, seconds in outcomes) < 60
