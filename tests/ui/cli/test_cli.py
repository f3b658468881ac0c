from __future__ import annotations

import errno
import json
import os
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from postgres_server import PostgresServer

from index.schema import Article, Chunk, Hit
from index.store.database.binding import bound_to
from index.store.store import Store
from index.sync.sync import ChangedFiles, SyncReport
from rag.schema import Answer, Citation, Extract, Seconds, Statement
from ui.answer_json import answer_object
from ui.cli import main
from ui.cli.commands import _readable, read_questions
from ui.cli.output import change_summary, encoding_speed, sync_summary
from ui.cli.parser import build_parser
from ui.errors import WindowError
from ui.strings import words_in


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(arguments)
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def answer(extract: tuple[int, int] | None) -> Answer:
    text = "Tin.\n\nHuyện giảm 45 hộ nghèo."
    hit = Hit(
        Chunk(Article("a", "tin/a.txt", "Tin", text, date(2020, 10, 15)), 0, 6, len(text)), 0.8, 1, 0.9, 0.5
    )
    return Answer(
        question="giam may ho",
        standalone="Giảm mấy hộ?",
        text="45 hộ.",
        refused=False,
        statements=(),
        citations=(),
        passages=(hit,),
        seconds=Seconds(0.1, None, 2.0),
        llm="qwen",
        encoder="e5",
        confidence=0.9123456789,
        reader="reader 9abc",
        extract=Extract(hit, *extract, 0.8765432109) if extract else None,
        short_span=(0, 2) if extract else None,
    )


def test_an_answer_as_json_carries_the_extract_at_its_place_in_the_article() -> None:
    payload = answer_object(answer((17, 22)))
    assert payload["extract"] == {
        "text": "45 hộ",
        "article_id": "a",
        "title": "Tin",
        "source": "tin/a.txt",
        "date": "2020-10-15",
        "place": None,
        "start": 17,
        "end": 22,
        "location": {},
        "confidence": 0.876543,
    }
    assert (payload["confidence"], payload["reader"]) == (0.912346, "reader 9abc")
    assert json.loads(json.dumps(payload)) == payload
    assert payload["short_answer"] == {"text": "45", "start": 0, "end": 2}
    without = answer_object(answer(None))
    assert (without["extract"], without["short_answer"]) == (None, None)


def test_the_terminal_shows_the_extract_before_the_answer() -> None:
    lines = _readable(answer((17, 22))).splitlines()
    assert lines == ["(Giảm mấy hộ?)", "Trích: 45 hộ — Tin (chắc chắn, 88%)", "45 hộ.", "", "(2.0 s)"]
    assert _readable(answer(None)).splitlines() == ["(Giảm mấy hộ?)", "45 hộ.", "", "(2.0 s)"]
    assert "Trích" not in _readable(replace(answer((17, 22)), quoted=True))


def test_the_closest_sentence_of_a_refusal_is_on_the_terminal_and_in_json() -> None:
    given = answer((6, 28))
    refused = replace(given, refused=True, extract=None, closest=given.extract, short_span=None)
    label = "Câu gần nhất, có thể không phải điều bạn hỏi"
    assert f"{label}: “Huyện giảm 45 hộ nghèo” — Tin" in _readable(refused).splitlines()
    payload = answer_object(refused)
    assert (payload["closest"]["text"], payload["extract"]) == ("Huyện giảm 45 hộ nghèo", None)
    assert answer_object(given)["closest"] is None


def test_place_and_day_stand_by_what_is_cited_on_the_terminal_and_in_json() -> None:
    (hit,) = answer(None).passages
    article = replace(hit.chunk.article, place="xã Khe Mây")
    cited = replace(hit, chunk=replace(hit.chunk, article=article))
    given = replace(answer(None), passages=(cited,), citations=(Citation(1, cited, 6, 27, 0.9),))
    assert "[1] Tin, 15/10/2020, xã Khe Mây (tin/a.txt)" in _readable(given).splitlines()
    payload = answer_object(given)
    for said in (*payload["citations"], *payload["passages"]):
        assert (said["date"], said["place"]) == ("2020-10-15", "xã Khe Mây")


def test_the_terminal_names_a_sentence_without_a_source() -> None:
    unproved = replace(answer(None), statements=(Statement(0, 6, ()),))
    assert "(!) Không có nguồn: “45 hộ.”" in _readable(unproved).splitlines()
    assert "(!)" not in _readable(replace(unproved, statements=(Statement(0, 6, (1,)),)))


def test_a_line_that_asks_nothing_is_named_before_the_first_is_answered(tmp_path: Path) -> None:
    (tmp_path / "asked.jsonl").write_text(
        '{"question": "Ai chủ trì?"}\n\n{"question": "?"}\n', encoding="utf-8"
    )
    with pytest.raises(WindowError, match="line 3"):
        read_questions(tmp_path / "asked.jsonl")


def test_wrong_usage_is_exit_code_two(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (
        ["ask"],
        ["search", "x", "-k", "0"],
        ["nonsense"],
        ["ask", "x", "--from", "31/12/2020"],
        ["serve", "--rate", "0"],
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
        "qwen2.5-coder-0.5b-instruct-q4_k_m",
        "multilingual-e5-small-q4",
    }
    assert all(row["state"] == "missing" for row in rows)


def test_the_version_of_every_command_has_help(capsys: pytest.CaptureFixture[str]) -> None:
    for command in (
        "sync",
        "ask",
        "search",
        "ui",
        "serve",
        "mcp",
        "token",
        "doctor",
        "verify",
        "models",
        "eval",
    ):
        with pytest.raises(SystemExit) as caught:
            main([command, "--help"])
        assert caught.value.code == 0
        assert "--store" in capsys.readouterr().out


def test_what_is_no_folder_of_articles_leaves_no_store_behind(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "file.txt").write_text("Một bài.", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    store = tmp_path / "store"
    for name, reason in (
        ("missing", "is not a folder"),
        ("file.txt", "is not a folder"),
        ("empty", "--allow-empty"),
    ):
        for option in ([], ["--watch"], ["--rebuild"]):
            code, out, err = run(capsys, "sync", str(tmp_path / name), "--store", str(store), *option)
            assert (code, out) == (1, "")
            assert reason in err
            assert err.count("\n") == 1
            assert not store.exists()


def test_a_store_is_not_emptied_before_its_folder_is_there(
    capsys: pytest.CaptureFixture[str], store: Store, tmp_path: Path
) -> None:
    code, _, _ = run(capsys, "sync", str(tmp_path / "away"), "--rebuild", "--store", str(store.directory))
    assert code == 1
    assert store.database.counts().articles == 5


def test_what_a_sync_did_is_told_in_one_line() -> None:
    files = ChangedFiles(("a.txt", "b.txt", "c.txt", "d.txt"), (), (("x.txt", "y.txt"),), ("z.txt",))
    report = SyncReport(4, 0, 1, 1, 1234, 1239, 5000, (), 0.44, files=files)
    assert sync_summary(report) == (
        "files: 4 new, 1 moved, 1 removed, 1,234 unchanged; "
        "the store holds 1,239 articles, 5,000 passages (0.4 s)"
    )
    assert change_summary(report, datetime(2026, 11, 22, 9, 5)) == (
        "09:05:00  added a.txt, b.txt, c.txt and 1 more; moved x.txt → y.txt; removed z.txt; "
        "the store holds 1,239 articles, 5,000 passages (0.4 s)"
    )
    assert encoding_speed(1200, 40) == "1,200 passages, 30.0/s"


def test_tokens_are_made_listed_without_their_secret_and_removed(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    store = ("--store", str(tmp_path))
    code, secret, stderr = run(capsys, "token", *store, "new", "phong-hop")
    assert (code, stderr) == (0, "hoidap: keep it now: it is not shown again\n")
    assert run(capsys, "token", *store, "--json", "new", "may-chu", "--write")[0] == 0
    code, out, _ = run(capsys, "token", *store, "--json", "list")
    rows = [json.loads(line) for line in out.splitlines()]
    assert [(row["name"], row["right"]) for row in rows] == [("phong-hop", "read"), ("may-chu", "write")]
    assert secret.strip() not in out
    assert run(capsys, "token", *store, "remove", "phong-hop") == (0, "", "")
    assert run(capsys, "token", *store, "remove", "phong-hop")[0] == 1


@pytest.mark.parametrize(
    "words", [("token", "new"), ("token", "list"), ("store", "copy", "a", "b"), ("eval", "run")]
)
def test_options_of_every_command_stand_before_or_after_its_action(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    options = ("--store", str(tmp_path), "--json", "--config", "my.toml")
    command, *rest = words
    for given in ((command, *options, *rest), (command, *rest, *options)):
        args = build_parser().parse_args(given)
        assert (args.store, args.json, args.config) == (tmp_path, True, Path("my.toml"))


def test_a_server_for_other_computers_needs_a_token(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code, _, stderr = run(capsys, "serve", "--store", str(tmp_path), "--host", "0.0.0.0")
    assert (code, "hoidap token new" in stderr) == (1, True)


def test_no_command_at_all_opens_the_window(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    monkeypatch.setattr("ui.cli.commands.window", lambda args: asked.append(args.host) or 0)
    assert (main([]), asked) == (0, ["127.0.0.1"])


def test_the_database_of_the_configuration_is_that_of_every_command(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, postgres: PostgresServer
) -> None:
    config, url = tmp_path / "c.toml", postgres.new_database()
    config.write_text(f'[database]\nurl = "{url}"\n', encoding="utf-8")
    store = ["--store", str(tmp_path / "store")]
    code, _, stderr = run(capsys, "show", "x", *store, "--config", str(config))
    assert (code, "no store" in stderr) == (1, True)
    assert bound_to(tmp_path / "store") == url
    with closing(Store.create(tmp_path / "store", "fake", 32, 60)):
        assert not (tmp_path / "store" / "store.sqlite3").exists()
    assert "holds no article" in run(capsys, "show", "x", *store)[2]  # the folder keeps the address


def test_a_database_that_is_away_is_told_in_two_languages_without_its_password(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    config = tmp_path / "c.toml"
    config.write_text('[database]\nurl = "postgresql://an:secret@127.0.0.1:1/x"\n', encoding="utf-8")
    code, _, stderr = run(capsys, "show", "x", "--store", str(tmp_path / "store"), "--config", str(config))
    assert code == 1 and "secret" not in stderr
    assert "Look whether it runs" in stderr and words_in("vi").errors["database"] in stderr


def test_a_store_is_copied_into_the_database_of_a_configuration(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, postgres: PostgresServer, store: Store
) -> None:
    config, url = tmp_path / "c.toml", postgres.new_database()
    config.write_text(f'[database]\nurl = "{url}"\n', encoding="utf-8")
    target = tmp_path / "office"
    code, output, _ = run(capsys, "store", "copy", str(store.directory), str(config), "--store", str(target))
    assert code == 0 and output.startswith("5 articles copied")
    with closing(Store.open(target)) as copied:
        assert bound_to(target) == url and copied.database.counts().articles == 5


@pytest.mark.parametrize(
    ("number", "remedy", "vietnamese"),
    [
        (errno.ENOSPC, "Make room on its disk", "Ổ đĩa đã đầy."),
        (errno.EROFS, "Give yourself the right to it", "Không có quyền đọc hoặc ghi ở đó."),
        (errno.ENOENT, "Check its path", ""),
    ],
)
def test_what_the_system_says_of_a_file_gets_its_remedy(
    number: int, remedy: str, vietnamese: str, tmp_path: Path,
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def closed(path: Path | None) -> None:
        raise OSError(number, os.strerror(number), str(tmp_path / "x.jsonl"))

    monkeypatch.setattr("ui.cli.commands.read_config", closed)
    code, out, err = run(capsys, "search", "cầu", "--store", str(tmp_path))
    assert (code, out) == (1, "")
    assert err.startswith(
        f"hoidap: {tmp_path / 'x.jsonl'} cannot be read or written ({os.strerror(number)}). "
    )
    assert remedy in err
    assert bool(vietnamese) == (err.count("\n") == 2)
    assert vietnamese in err


def test_what_the_system_says_of_no_file_is_told_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path | None) -> None:
        raise OSError(errno.ENOMEM, os.strerror(errno.ENOMEM))

    monkeypatch.setattr("ui.cli.commands.read_config", full)
    code, _, err = run(capsys, "search", "cầu", "--store", str(tmp_path))
    assert code == 1 and os.strerror(errno.ENOMEM) in err
    assert "path" not in err and err.count("\n") == 1
