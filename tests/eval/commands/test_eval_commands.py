"""``hoidap eval`` and its actions, from the words of the command line to what is printed."""

from __future__ import annotations

import argparse
import gzip
import json
from pathlib import Path

import pytest
from eval_maker import (
    BRIDGE,
    BRIDGE_HIT,
    MEMBERS,
    PARTY,
    Searching,
    answers,
    reply,
)

from eval.answerers import Opened
from eval.baselines import (
    BASELINES,
)
from eval.commands.actions import run as run_command
from eval.commands.cli import build_parser, main
from eval.commands.result_actions import read_run
from eval.errors import QuestionError
from eval.report.summary import ALL


def arguments(tmp_path: Path, *words: str) -> argparse.Namespace:
    return build_parser(tmp_path / "store").parse_args([*words])


def questions_file(tmp_path: Path) -> Path:
    row = {
        "id": "n1",
        "question": MEMBERS.text,
        "answers": [["82"]],
        "evidence": [{"article": "kim-lien.txt", "quote": "kết nạp 82 đảng viên mới"}],
    }
    path = tmp_path / "q.jsonl"
    path.write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
    return path


def test_options_may_stand_before_or_after_the_action(tmp_path: Path) -> None:
    for words in (["--split", "dev", "run"], ["run", "--split", "dev"], ["--split", "dev"]):
        args = arguments(tmp_path, *words)
        assert (args.split, args.limit, args.store) == ("dev", None, tmp_path / "store")
    assert arguments(tmp_path, "--store", "s", "check", "--json").store == Path("s")
    assert arguments(tmp_path, "--baselines").baselines == BASELINES
    assert arguments(tmp_path, "--baselines", "textbook,llm_only").baselines == ("textbook", "llm_only")
    with pytest.raises(SystemExit):
        arguments(tmp_path, "--baselines", "magic")


def test_the_command_runs_reports_and_compares(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "r.json"
    args = arguments(tmp_path, "--questions", str(questions_file(tmp_path)), "--out", str(out), "--json")

    def open_systems(args: argparse.Namespace) -> Opened:
        return Opened([Searching(answers())], [PARTY, BRIDGE], {"articles": 2})

    assert run_command(args, open_systems) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["systems"]["hoidap"]["all"]["right"]["value"] == 1.0
    assert not list(tmp_path.glob("*.partial"))
    assert main(["report", str(out), "--out", str(tmp_path / "page.html")]) == 0
    assert "82" in (tmp_path / "page.html").read_text(encoding="utf-8")
    words = ["report", str(out), "--against", str(out), "--out", str(tmp_path / "page.html")]
    assert main(words) == 0
    assert "So với lần trước" in (tmp_path / "page.html").read_text(encoding="utf-8")
    assert main(["compare", str(out), str(out)]) == 0
    capsys.readouterr()
    assert main(["compare", str(out), str(out), "--json"]) == 0
    assert '"now_wrong": []' in capsys.readouterr().out


def test_the_command_takes_every_question_as_absent(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [
        "--questions",
        str(questions_file(tmp_path)),
        "--out",
        str(tmp_path / "r.json"),
        "--absent",
        "--json",
    ]
    refusing = Searching({MEMBERS.text: reply(MEMBERS.text, "")}, ranking=(BRIDGE_HIT,))
    assert run_command(arguments(tmp_path, *words), lambda args: Opened([refusing], [BRIDGE], {})) == 0
    printed = json.loads(capsys.readouterr().out)["systems"]["hoidap"]
    assert list(printed) == ["absent", ALL] and printed["absent"]["refusal_recall"]["value"] == 1.0
    assert read_run(tmp_path / "r.json").provenance.settings["absent"] is True


def test_questions_of_other_articles_are_refused(tmp_path: Path) -> None:
    args = arguments(
        tmp_path, "--questions", str(questions_file(tmp_path)), "--out", str(tmp_path / "r.json")
    )
    with pytest.raises(QuestionError, match=r"kim-lien\.txt"):
        run_command(args, lambda args: Opened([Searching(answers())], [BRIDGE], {}))


def test_a_mistake_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--questions", str(tmp_path / "none.jsonl"), "--store", str(tmp_path)]) == 1
    error = capsys.readouterr().err
    assert error.startswith("hoidap: There is no file")
    assert error.count("\n") == 1


def test_check_and_unpack_from_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "kim-lien.txt").write_text(PARTY.text, encoding="utf-8")
    words = ["check", "--questions", str(questions_file(tmp_path)), "--corpus", str(folder)]
    assert main(words) == 0
    assert "1 questions (fact 1), 1 articles: 0 faults." in capsys.readouterr().out
    (folder / "kim-lien.txt").write_text(BRIDGE.text, encoding="utf-8")
    assert main(words) == 1
    assert "quotes what does not stand" in capsys.readouterr().out
    squad = tmp_path / "s.json"
    squad.write_text(
        json.dumps({"data": [{"title": "A", "paragraphs": [{"context": "Một đoạn.", "qas": []}]}]}),
        encoding="utf-8",
    )
    assert main(["unpack", str(squad), str(tmp_path / "out")]) == 0
    assert json.loads((tmp_path / "out" / "s.jsonl").read_text(encoding="utf-8"))["text"] == "Một đoạn."
    news = tmp_path / "news.jsonl.gz"
    news.write_bytes(gzip.compress(b'{"text": "1"}\n{"text": "2"}\n{"text": "3"}\n'))
    words = ["unpack", str(squad), str(tmp_path / "out"), "--among", str(news), "--limit", "2"]
    assert main(words) == 0
    assert (tmp_path / "out" / "news.jsonl").read_text(encoding="utf-8") == '{"text": "1"}\n{"text": "2"}\n'
    assert main(["unpack", str(folder), str(tmp_path / "new"), "--among", str(news)]) == 0
    assert (tmp_path / "new" / "kim-lien.txt").read_text(encoding="utf-8") == BRIDGE.text
    assert len((tmp_path / "new" / "news.jsonl").read_text(encoding="utf-8").splitlines()) == 3
    news.write_bytes(b"no gzip")
    assert main(words) == 1
    assert "news.jsonl.gz cannot be read as JSON lines" in capsys.readouterr().err
