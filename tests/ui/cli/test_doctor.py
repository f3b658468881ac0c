"""What the page tells for each state, with the values of a system that the test makes up."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from llm_server import llm_server
from postgres_server import PostgresServer

from index.models.cache import ModelCache
from index.store.database.schema import FORMAT
from index.store.store import Store
from rag.config import Config, DatabaseConfig, LlmConfig
from ui.cli import main
from ui.cli.doctor import (
    database_state,
    engine,
    models,
    old_office,
    packages,
    processor_flags,
    resources,
    scans,
    store_state,
)
from ui.operation.checks import Finding

ENGINE = "CPU : AVX = 1 | AVX2 = 1 | AVX512 = 1 |"


def test_a_missing_library_is_told_and_a_missing_accelerator_is_only_slow() -> None:
    found = list(packages(lambda name: None if name in ("openvino", "mcp") else "1.0"))
    assert [(one.state, bool(one.remedy)) for one in found] == [("missing", True), ("slow", True)]
    assert found[0].told == "mcp"
    assert [one.state for one in packages(lambda name: "1.0")] == ["ok", "ok"]


def test_an_engine_that_dies_or_leaves_the_processor_idle_is_told() -> None:
    flags = frozenset({"avx2", "avx512f"})
    assert engine(ENGINE, flags).state == "ok"
    assert engine(None, flags).state == "fault"
    idle = engine("CPU : AVX2 = 1 |", flags)
    assert (idle.state, "avx512f" in idle.told, "--compile" in idle.remedy) == ("slow", True, True)
    assert engine("CPU : NEON = 1 |", frozenset()).state == "ok"


def test_models_that_are_used_and_not_here_are_told_with_the_command(tmp_path: Path) -> None:
    found = list(models(Config(), ModelCache(tmp_path)))
    assert [one.state for one in found] == ["missing", "missing"]
    assert all("hoidap models fetch" in one.remedy for one in found)


def test_the_servers_of_the_language_model_are_asked(tmp_path: Path) -> None:
    def states(*urls: str) -> list[str]:
        elsewhere = Config(llm=LlmConfig(base_url=urls, model="gpt"))
        return [one.state for one in models(elsewhere, ModelCache(tmp_path)) if one.name == "server"]

    with llm_server() as there, llm_server() as stopped:
        stopped.kill()
        assert states(there.base_url) == ["ok"]
        assert states(there.base_url, stopped.base_url) == ["ok", "slow"]
        assert states(stopped.base_url) == ["fault"]


def test_what_makes_it_slow_here_is_told() -> None:
    idle = Config(llm=LlmConfig(threads=1))
    states = [one.state for one in resources(idle, 4, 1_000_000_000, 1_000_000_000)]
    assert states == ["slow", "slow", "slow"]
    assert [one.state for one in resources(Config(), 4, None, 50_000_000_000)] == ["ok", "ok"]
    assert next(resources(Config(), 1, None, 1)).told == "one core"


def test_a_store_tells_what_it_holds_or_how_to_make_one(tmp_path: Path, store: Store) -> None:
    (none,) = store_state(Config(), tmp_path / "nothing")
    assert (none.state, "hoidap sync" in none.remedy) == ("missing", True)
    (other,) = store_state(Config(), store.directory)  # built by another encoder, or cut otherwise
    assert (other.state, "--rebuild" in other.told) == ("fault", True)


def test_the_database_is_named_with_its_format_or_what_is_wrong_with_it(
    tmp_path: Path, postgres: PostgresServer
) -> None:
    here = database_state(Config(), tmp_path / "store")
    assert (here.state, here.told) == ("ok", f"SQLite, in {tmp_path / 'store'}")
    config = Config(database=DatabaseConfig(url=postgres.new_database()))
    empty = database_state(config, tmp_path / "office")
    assert (empty.state, "no tables" in empty.told) == ("ok", True)
    Store.create(tmp_path / "office", "fake", 32, 60).close()
    made = database_state(Config(), tmp_path / "office")  # the folder keeps the address
    assert re.fullmatch(rf"PostgreSQL \d.+, format {FORMAT}", made.told)
    away = Config(database=DatabaseConfig(url="postgresql://an:secret@127.0.0.1:1/x"))
    finding = database_state(away, tmp_path / "office")
    assert (finding.state, "secret" in finding.told, bool(finding.remedy)) == ("fault", False, True)


def test_the_processor_s_instructions_are_read_where_they_are_told(tmp_path: Path) -> None:
    cpuinfo = tmp_path / "cpuinfo"
    cpuinfo.write_text("processor : 0\nflags\t\t: fpu avx2 amx_int8\nflags\t\t: fpu\n", encoding="utf-8")
    assert {"avx2", "amx_int8"} <= processor_flags(cpuinfo)
    assert processor_flags(tmp_path / "none") == frozenset()
    assert scans(None).state == "slow"
    assert old_office(None).state == "slow" and "libreoffice-writer" in old_office(None).remedy
    assert old_office("/usr/bin/soffice") == Finding("old office", "ok", "/usr/bin/soffice")


def test_the_page_is_one_and_tells_by_its_code_whether_something_is_missing(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOIDAP_MODELS", str(tmp_path / "models"))
    config = tmp_path / "config.toml"
    config.write_text("[llm]\nmodle = 'x'\n", encoding="utf-8")
    store = ["--store", str(tmp_path / "store")]
    assert main(["doctor", *store, "--config", str(config), "--json"]) == 1
    rows = {row["name"]: row for row in json.loads(capsys.readouterr().out)}
    assert rows["settings"]["state"] == "fault" and "llm.modle" in rows["settings"]["told"]
    assert rows["store"]["state"] == rows["model"]["state"] == "missing"
    assert main(["doctor", *store]) == 1
    page = capsys.readouterr().out
    assert "-> run 'hoidap sync FOLDER'" in page
    assert len(page.splitlines()) < 40
