"""The figures, in Prometheus' form where its library is here, and who may see them."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

import httpx
import pytest
from fakes import FakeEncoder
from llm_server import llm_server
from serve_app import QUESTION, REPLY, Served, served

from index.store.store import Store
from rag.config import Config, ServeConfig
from rag.writer.openai_server import OpenAIServer
from rag.writer.server_pool import ServerPool
from ui.articles.store_library import StoreLibrary
from ui.operation.gauges import Figures
from ui.operation.health import Health
from ui.operation.metrics import INSTALL, open_metrics
from ui.operation.model_loading import Loading
from ui.operation.status_pages import Inspection, StatusAccess

HERE = find_spec("prometheus_client") is not None
needs_prometheus = pytest.mark.skipif(not HERE, reason=f"Prometheus' library is not here; {INSTALL}")


class Queue:
    waiting, running = 3, 2


def figures(store: Store, library: StoreLibrary, pool: ServerPool) -> dict[str, float]:
    loading = Loading()
    loading.end()
    counted = Figures(
        Queue(), library, Health(loading), loading, pool.states, lambda: library.record.readings
    )
    return {
        "".join([one.name, *(f" {value}" for value in one.labels.values())]): float(one.value)
        for one in counted()
    }


def test_everything_is_counted_as_it_stands(store: Store, articles_folder: Path) -> None:
    library = StoreLibrary(store, FakeEncoder())
    (articles_folder / "moi.txt").write_text("Tin mới\n\nXã Tân Sơn có điện ngày 2/9.", encoding="utf-8")
    (articles_folder / "hong.docx").write_bytes(b"PK\x03\x04 no archive")
    library.sync(lambda progress: None)
    with llm_server(status=503) as failing:
        pool = ServerPool([OpenAIServer(failing.base_url, "m", None, 4096)], 1)
        values = figures(store, library, pool)
    assert values.pop("hoidap_memory_bytes") > 10_000_000
    assert values.pop("hoidap_sync_last_success_timestamp_seconds") > 1.7e9
    assert values.pop("hoidap_sync_seconds") > 0
    assert values.pop("hoidap_passages") >= 6
    assert values == {
        "hoidap_questions_waiting": 3, "hoidap_questions_running": 2,
        "hoidap_can_answer": 1, "hoidap_loading": 0, "hoidap_articles": 6,
        "hoidap_syncs ended": 1, "hoidap_syncs failed": 0,
        "hoidap_sync_files changed": 2, "hoidap_sync_files unreadable": 1,
        "hoidap_llm_running 1": 0, "hoidap_llm_resting 1": 0,
    }  # fmt: skip


@needs_prometheus
def test_prometheus_can_read_what_happened_and_how_things_stand(store: Store) -> None:
    from prometheus_client.parser import text_string_to_metric_families

    with served(store, REPLY, REPLY) as server:
        for question in (QUESTION, QUESTION, "Giá vàng thế giới hôm nay ra sao?"):
            httpx.post(f"{server.address}/ask", json={"question": question})
        page = httpx.get(f"{server.address}/metrics")
    assert page.headers["content-type"].startswith("text/plain")
    samples = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(page.text)
        for sample in family.samples
    }
    assert samples["hoidap_questions_total", "sure"] == 2
    assert samples["hoidap_questions_total", "not_told"] == 1
    assert samples["hoidap_questions_total", "error"] == 0
    assert samples["hoidap_seconds_count", "whole"] == 3
    assert samples["hoidap_seconds_count", "write"] == 2
    assert samples["hoidap_seconds_sum", "whole"] >= samples["hoidap_seconds_sum", "read"] > 0
    assert samples[("hoidap_articles",)] == 5
    assert samples[("hoidap_can_answer",)] == 1
    for word in ("Kim", "kim-lien", "vàng", "127.0.0.1"):
        assert word not in page.text, "no question, article, name or address is told"


@needs_prometheus
def test_a_question_that_fails_is_counted_by_its_code(store: Store) -> None:
    with llm_server(status=503) as failing:
        pool = ServerPool([OpenAIServer(failing.base_url, "m", None, 4096)], 1)
        with served(store, generator=pool) as server:
            assert httpx.post(f"{server.address}/ask", json={"question": QUESTION}).status_code == 503
            page = httpx.get(f"{server.address}/metrics").text
    assert 'hoidap_errors_total{code="server"} 1.0' in page
    assert 'hoidap_questions_total{result="error"} 1.0' in page
    assert 'hoidap_llm_resting{server="1"} 1.0' in page


def status(server: Served, **headers: str) -> int:
    """The status of the figures: 403 where they are refused, else what tells whether the library is here."""
    return httpx.get(f"{server.address}/metrics", headers=headers).status_code


SEEN = 200 if HERE else 501


def test_the_figures_are_for_this_computer_and_for_who_has_a_token(store: Store) -> None:
    with served(store) as server:
        assert status(server) == SEEN
        assert status(server, **{"x-forwarded-for": "203.0.113.7"}) == 403
        secret = server.tokens.new("prometheus", "read")
        assert status(server) == 403
        assert status(server, authorization=f"Bearer {secret}") == SEEN
        assert status(server, authorization="Bearer hoidap_wrong") == 403
    with served(store, names=None) as server:
        server.tokens.remove("prometheus")
        assert status(server) == 403


def test_the_configuration_opens_the_figures_to_everybody(store: Store) -> None:
    config = Config(serve=ServeConfig(metrics=True))
    with served(store, names=None, config=config) as server:
        server.tokens.new("prometheus", "read")
        assert status(server) == SEEN
        assert "problems" not in httpx.get(f"{server.address}/health").json()


def test_without_the_library_the_command_that_installs_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "prometheus_client", None)
    assert open_metrics(tuple) is None
    from starlette.applications import Starlette
    from starlette.routing import Route
    from starlette.testclient import TestClient

    loading = Loading()
    open_to_all = StatusAccess(lambda secret: False, lambda: False, open_metrics=True)
    inspection = Inspection(open_to_all, Health(loading), None)
    web = TestClient(Starlette(routes=[Route("/metrics", inspection.answer)]))
    response = web.get("/metrics")
    assert response.status_code == 501 and re.search(r"pip install 'hoidap\[metrics\]'", response.text)
