from __future__ import annotations

import json
from pathlib import Path

import pytest

from ui.cli import main


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(arguments)
    told = capsys.readouterr()
    return code, told.out, told.err


def test_wrong_usage_is_exit_code_two(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (
        ["ask"],
        ["search", "x", "-k", "0"],
        ["nonsense"],
        ["ask", "x", "--from", "31/12/2020"],
    ):
        with pytest.raises(SystemExit) as caught:
            main(arguments)
        assert caught.value.code == 2
    capsys.readouterr()


def test_a_missing_model_is_one_sentence_with_the_remedy(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOIDAP_MODELS", str(tmp_path / "models"))
    code, out, err = run(capsys, "ask", "Ai?", "--store", str(tmp_path / "store"))
    assert (code, out) == (1, "")
    assert err.count("\n") == 1
    assert "hoidap models fetch" in err


def test_a_wrong_configuration_names_the_field(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    config = tmp_path / "c.toml"
    config.write_text("[llm]\nmodle = 'x'\n", encoding="utf-8")
    code, _, err = run(capsys, "models", "--config", str(config))
    assert code == 1
    assert "llm.modle" in err


def test_models_are_listed_as_json(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOIDAP_MODELS", str(tmp_path / "models"))
    code, out, _ = run(capsys, "models", "list", "--json")
    rows = json.loads(out)
    assert code == 0
    assert {row["id"] for row in rows if row["used"]} == {
        "qwen2.5-coder-1.5b-instruct-q4_k_m",
        "multilingual-e5-small-q4",
    }
    assert all(row["state"] == "missing" for row in rows)


def test_the_version_of_every_command_has_help(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("sync", "ask", "search", "ui", "verify", "models", "eval"):
        with pytest.raises(SystemExit) as caught:
            main([command, "--help"])
        assert caught.value.code == 0
        assert "--store" in capsys.readouterr().out
