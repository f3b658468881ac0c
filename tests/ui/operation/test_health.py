"""Whether a server can answer, what is wrong in words, and who may see it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import httpx
import pytest
from llm_server import llm_server
from serve_app import QUESTION, REPLY, Served, served
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from index.errors import StoreError
from index.store.store import Store
from index.store.verify import repair
from rag.writer.openai_server import OpenAIServer
from rag.writer.server_pool import ServerPool
from ui.operation.checks import LEAST_DISK, Finding, disk
from ui.operation.gauges import Figure
from ui.operation.health import Health
from ui.operation.metrics import Metrics
from ui.operation.model_loading import Loading
from ui.operation.status_pages import PATHS, Inspection, StatusAccess
from ui.operation.store_verification import Verifying
from ui.strings import words_in


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def loaded() -> Loading:
    loading = Loading()
    loading.end()
    return loading


def ask(server: Served, path: str = "/health", **headers: str) -> tuple[int, dict[str, Any]]:
    response = httpx.get(server.address + path, headers=headers)
    return response.status_code, response.json()


@pytest.mark.parametrize(
    ("findings", "loading", "status", "answers", "ready"),
    [
        ([Finding("disk", "ok", "")], False, "ok", True, True),
        ([], True, "loading", True, False),
        ([Finding("disk", "slow", "")], False, "limited", True, True),
        ([Finding("disk", "slow", ""), Finding("store", "fault", "")], False, "failing", False, False),
        ([Finding("store", "missing", "")], True, "failing", False, False),
    ],
)
def test_what_is_wrong_decides_whether_it_answers(
    findings: list[Finding], loading: bool, status: str, answers: bool, ready: bool
) -> None:
    report = Health(Loading() if loading else loaded(), lambda: findings).report()
    assert (report.status, report.answers, report.ready) == (status, answers, ready)


def test_a_model_that_could_not_be_loaded_is_a_fault_until_a_question_is_answered() -> None:
    loading = Loading()
    loading.end("the language model cannot be read")
    health = Health(loading)
    assert [(one.name, one.state) for one in health.report().problems] == [("model", "fault")]
    loading.works()
    assert health.report().status == "ok"


def test_what_was_found_is_told_for_some_seconds_without_looking_again() -> None:
    clock, looks = Clock(), []

    def check() -> Iterator[Finding]:
        looks.append(clock.now)
        yield Finding("disk", "slow", "")

    health = Health(loaded(), check, now=clock)
    for clock.now in (0.0, 3.0, 4.9, 6.0, 7.0):
        assert health.report().status == "limited"
    assert looks == [0.0, 6.0]


def test_a_check_that_fails_is_itself_a_fault() -> None:
    def check() -> Iterator[Finding]:
        raise StoreError("The server does not answer.")
        yield

    (problem,) = Health(loaded(), check, lambda: [disk(LEAST_DISK)]).report().problems
    assert (problem.state, problem.told) == ("fault", "The server does not answer.")
    assert disk(LEAST_DISK - 1).state == "slow"


def test_a_store_that_is_damaged_is_told_and_no_longer_when_it_is_mended(store: Store) -> None:
    verifying = Verifying(lambda: Store.open(store.directory), 24)
    verifying.verify()
    assert list(verifying.findings()) == []
    with store.database.transaction():
        store.database._sql.run("CREATE TABLE kept AS SELECT number, folded FROM chunks")
        store.database._sql.run("UPDATE chunks SET folded = exact WHERE position = 0")
    verifying.verify()
    found = list(verifying.findings())
    assert {(one.name, one.state) for one in found} == {("verify", "slow")}
    assert "terms" in found[0].told
    with store.database.transaction():
        store.database._sql.run(
            "UPDATE chunks SET folded = kept.folded FROM kept WHERE kept.number = chunks.number"
        )
        store.database._sql.run("DROP TABLE kept")
    repair(store)
    verifying.verify()
    assert list(verifying.findings()) == []
    missing = Verifying(lambda: Store.open(store.directory / "nowhere"), 24)
    missing.verify()
    assert "There is no store" in next(missing.findings()).told


def test_a_sound_server_says_so_in_both_forms(store: Store) -> None:
    with served(store) as server:
        assert ask(server) == (200, {"status": "ok", "loading": False, "problems": []})
        assert ask(server, "/ready")[0] == 200
        page = httpx.get(f"{server.address}/health", headers={"accept": "text/html"})
        assert words_in("vi").health["ok"] in page.text and page.headers["content-type"].startswith(
            "text/html"
        )
        english = {"accept": "text/html", "accept-language": "en-GB,en"}
        assert words_in("en").health["ok"] in httpx.get(f"{server.address}/health", headers=english).text
        assert httpx.post(f"{server.address}/health").status_code == 405


def test_a_server_whose_store_is_gone_answers_503_with_the_remedy(store: Store, tmp_path: Path) -> None:
    with served(store) as server:
        store.directory.rename(tmp_path / "away")
        status, body = ask(server)
        (tmp_path / "away").rename(store.directory)
    (problem,) = [one for one in body["problems"] if one["name"] == "store"]
    assert (status, body["status"], problem["state"]) == (503, "failing", "missing")
    assert problem["vi"] == words_in("vi").health["store"] and "hoidap sync" in problem["remedy"]


def test_while_the_database_is_away_health_says_so_and_the_figures_go_on() -> None:
    """Tokens and logins lie in it too, so it cannot be read who may see more; where it is, is told to nobody."""

    def unreadable(secret: str = "") -> bool:
        raise StoreError("No database at postgresql://10.0.0.5/hoidap", code="database")

    health = Health(
        loaded(), lambda: [Finding("store", "fault", "No database at postgresql://10.0.0.5/hoidap")]
    )
    for open_metrics, figures in ((False, 503), (True, 200)):
        insight = StatusAccess(unreadable, unreadable, open_metrics=open_metrics)
        pages = Inspection(insight, health, Metrics(lambda: [Figure("hoidap_can_answer", "", 0)]))
        web = TestClient(Starlette(routes=[Route(path, pages.answer) for path in PATHS]))
        token = {"authorization": "Bearer hoidap_one"}
        for path in ("/health", "/ready"):
            response = web.get(path, headers=token)
            (problem,) = response.json()["problems"]
            assert (response.status_code, response.json()["status"], problem["name"]) == (
                503,
                "failing",
                "store",
            )
            assert problem["vi"] == words_in("vi").health["store"] and "10.0.0.5" not in response.text
        assert (
            words_in("vi").health["store"] in web.get("/health", headers=token | {"accept": "text/html"}).text
        )
        assert web.get("/metrics", headers=token).status_code == figures


def test_while_the_models_are_loaded_it_is_well_but_not_ready(store: Store) -> None:
    with served(store) as server:
        server.operation.loading._ended.clear()
        assert ask(server)[0] == 200 and ask(server)[1]["loading"]
        assert ask(server, "/ready")[0] == 503


def test_one_server_of_two_may_be_away_and_both_may_not(store: Store) -> None:
    with llm_server(reply=REPLY) as first, llm_server(reply=REPLY) as second:
        pool = ServerPool([OpenAIServer(one.base_url, "m", None, 4096) for one in (first, second)], 1)
        with served(store, generator=pool) as server:
            first.kill()
            status, body = ask(server)
            assert (status, body["status"]) == (200, "limited")
            assert [one["vi"] for one in body["problems"]] == [words_in("vi").health["server"]]
            assert httpx.post(f"{server.address}/ask", json={"question": QUESTION}).status_code == 200
        with served(store, generator=pool) as server:
            second.kill()
            status, body = ask(server)
            assert (status, {one["en"] for one in body["problems"]}) == (
                503,
                {words_in("en").health["servers"]},
            )


def test_a_reading_that_failed_is_told_and_leaves_the_server_well(
    store: Store, articles_folder: Path
) -> None:
    with served(store) as server:
        shutil.rmtree(articles_folder)
        with pytest.raises(Exception, match="articles"):
            server.library.sync(lambda progress: None)
        status, body = ask(server)
        readings = server.library.record.readings
    assert (status, [one["name"] for one in body["problems"]]) == (200, ["sync"])
    assert readings.failure_since(readings.failed_at) and not readings.failure_since(
        datetime.now(timezone.utc)
    ), "another process has read them since"


def test_strangers_are_told_whether_it_runs_and_nothing_else(store: Store) -> None:
    with served(store) as server:
        secret = server.tokens.new("prometheus", "read")
        for path in ("/health", "/ready"):
            assert ask(server, path) == (200, {"status": "ok", "loading": False})
            assert "problems" in ask(server, path, authorization=f"Bearer {secret}")[1]
            assert "problems" not in ask(server, path, authorization="Bearer hoidap_wrong")[1]
        server.tokens.remove("prometheus")
        assert "problems" in ask(server)[1]
        assert "problems" not in ask(server, **{"x-forwarded-for": "203.0.113.7"})[1]
