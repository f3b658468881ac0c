from __future__ import annotations

from pathlib import Path

import pytest

from rag.config import AnswerConfig, Config, DatabaseConfig, LlmConfig, read_config
from rag.errors import ConfigError


def test_a_file_changes_only_what_it_names(tmp_path: Path) -> None:
    file = tmp_path / "c.toml"
    file.write_text('[llm]\nmodel = "my.gguf"\n[answer]\npassages = 3\n', encoding="utf-8")
    config = read_config(file)
    assert (config.llm.model, config.answer.passages) == ("my.gguf", 3)
    assert config.encoder == Config().encoder


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[llm]\nmodle = 'x'", "llm.modle"),
        ("[answer]\npassages = 0", "answer.passages"),
        ("[llm]\nmax_tokens = 4096", "room to read"),
        ("[answer", "not a TOML file"),
        ("[other]\n", "other"),
        ("[reader]\norder = 1", "reader.order"),
        ('[encoder]\nbackend = "gpu"', "encoder.backend"),
        ('[database]\nurl = "mysql://an@host/x"', "database.url: .*postgresql://"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "c.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=told):
        read_config(file)


def test_a_missing_file_that_was_asked_for_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="Cannot read"):
        read_config(tmp_path / "none.toml")


def test_a_file_of_an_earlier_version_stays_good(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(
        "[reader]\nenabled = true\nrelevance_weight = 0.1\n\n"
        '[answer]\npassages = 6\nreading_tokens = 240\nunsupported = "mark"\n',
        encoding="utf-8",
    )
    assert read_config(file) == Config(answer=AnswerConfig(passages=6))


def test_one_server_or_several_are_named(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"

    def llm(text: str) -> LlmConfig:
        file.write_text(f"[llm]\n{text}\n", encoding="utf-8")
        return read_config(file).llm

    assert (llm("").servers, llm("").together) == ((), 1)
    assert (llm('base_url = "http://a/v1"').servers, llm('base_url = "http://a/v1"').together) == (
        ("http://a/v1",),
        4,
    )
    both = llm('base_url = ["http://a/v1", "http://b/v1"]\nat_once = 8')
    assert (both.servers, both.together) == (("http://a/v1", "http://b/v1"), 16)
    for wrong in ("base_url = []", 'base_url = ["http://a/v1", "http://a/v1"]'):
        with pytest.raises(ConfigError, match="name at least one server, and each once"):
            llm(wrong)


@pytest.mark.parametrize("url", ["mysql://an:secret@host/x", "postgresql://an:secret/1@host/x"])
def test_an_impossible_address_of_a_database_is_told_without_its_password(tmp_path: Path, url: str) -> None:
    file = tmp_path / "c.toml"
    file.write_text(f'[database]\nurl = "{url}"', encoding="utf-8")
    with pytest.raises(ConfigError, match="%2F") as told:
        read_config(file)
    assert "secret" not in str(told.value)


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ('[store]\nurl = "http://an:secret@host:19530"', "store.url: .*key_variable"),
        ('[store]\nurl = "https://an:secret/1@host"', "store.url: .*key_variable"),
        ('[store]\nurl = "postgresql://an:secret@host/x"', "store.url: .*neither an address"),
        ('[llm]\nbase_url = "http://an:secret@host/v1"', "llm.base_url.*key_variable"),
        ('[llm]\nbase_url = ["http://a/v1", "http://an:secret@host/v1"]', "llm.base_url.*key_variable"),
    ],
)
def test_a_password_in_an_address_that_is_shown_is_refused_and_not_told(
    tmp_path: Path, setting: str, told: str
) -> None:
    file = tmp_path / "c.toml"
    file.write_text(setting, encoding="utf-8")
    with pytest.raises(ConfigError, match=told) as error:
        read_config(file)
    assert "secret" not in str(error.value)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://an:se%2Fcret@[::1]:5432/x?sslmode=require",
        "postgres:///x",
        "postgresql://an@/x?host=/run/p",
    ],
)
def test_an_address_of_a_database_may_be_written_in_many_ways(url: str) -> None:
    assert DatabaseConfig(url=url).url == url
