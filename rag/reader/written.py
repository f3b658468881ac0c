"""Questions that the language model writes, kept when an answer comes back.

The rules of ``questions`` keep the words and mostly the order of the sentence; a model asks as people do.  It is shown
a sentence and the answer in it, and its question is put to it again with the sentence alone: what does not lead
back to words of the sentence is thrown away.  ``python -m rag.reader.written FOLDER --out FILE`` writes one JSON
object a line and goes on where it stopped.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from tqdm import tqdm

from index.errors import IndexingError
from index.ingest.files import read_folder
from index.schema import Article
from index.text import normalise, syllables
from rag.assemble import open_generator
from rag.config import read_config
from rag.errors import AnsweringError
from rag.generate import Generator, Message, Piece, Prompt
from rag.language import foreign_script
from rag.reader.askable import Written
from rag.reader.examples import Asked, ExampleMaker

_ASK = "Bạn đặt câu hỏi tiếng Việt ngắn gọn, tự nhiên, dùng từ khác với câu văn khi có thể."
_EXAMPLES = (
    (
        "Sáng 4/3, bà Lò Thị Xuân, Chủ tịch Hội Nông dân xã Bản Mé, trao 35 con bê giống cho các hộ nghèo.",
        "35",
        "Các gia đình khó khăn ở Bản Mé nhận được mấy con bê?",
    ),
    (
        "Do mưa lớn kéo dài nên cầu treo thôn Nà Pè bị cuốn trôi trong đêm 12/8.",
        "mưa lớn kéo dài",
        "Tại sao cây cầu ở Nà Pè bị trôi mất?",
    ),
)
_ANSWER = "Bạn trả lời thật ngắn, chép đúng chữ trong câu văn. Nếu câu văn không nói thì viết: không rõ."
_QUESTION_TOKENS, _ANSWER_TOKENS = 48, 32
_SECONDS = 60.0
_BLOCK = 32
_FEW = 10
"""Syllables of another answer than the one asked for, at most."""
_SHORTEST, _LONGEST = 4, 28  # syllables of a question


def write_questions(articles: Sequence[Article], generator: Generator, seed: int) -> Iterator[Written | None]:
    """Questions without end, ``None`` for each that was thrown away."""
    maker = ExampleMaker(articles, seed)
    while True:
        # One kind of prompt after the other: what a prompt shares with the one before is not evaluated again.
        picked = [maker.pick() for _ in range(_BLOCK)]
        questions = [ask_for(generator, one.sentence, one.answer) for one in picked]
        for one, question in zip(picked, questions, strict=True):
            place = find_answer(generator, one, question) if question else None
            yield Written(one.article, *place, question) if question and place else None


def ask_for(generator: Generator, sentence: str, answer: str) -> str | None:
    """Let the model ask for an answer; ``None`` when what it writes is no question or gives the answer away."""
    shots = [
        message
        for told, found, asked in _EXAMPLES
        for message in (Message("user", _task(told, found)), Message("assistant", asked))
    ]
    messages = (Message("system", _ASK), *shots, Message("user", _task(sentence, answer)))
    question = normalise(_reply(generator, messages, _QUESTION_TOKENS).split("\n")[0]).strip(' "“”')
    return question if _is_question(question, answer) else None


def find_answer(generator: Generator, picked: Asked, question: str) -> tuple[int, int] | None:
    """Put a question to the model with its sentence; where in the article the answer stands that comes back.

    That is the answer asked for, or a few other words of the sentence.  ``None`` when it is neither.
    """
    messages = (
        Message("system", _ANSWER),
        Message("user", f"Câu văn: {picked.sentence}\nCâu hỏi: {question}\nTrả lời:"),
    )
    back = normalise(_reply(generator, messages, _ANSWER_TOKENS).split("\n")[0]).strip(' ."“”')
    if _holds(back, picked.answer):
        return picked.start, picked.end
    found = re.search(rf"(?<!\w){re.escape(back)}(?!\w)", picked.sentence, re.IGNORECASE) if back else None
    if found is None or len(syllables(back)) > _FEW or _holds(question, back):
        return None
    return picked.begin + found.start(), picked.begin + found.end()


def read_written(path: Path) -> list[Written]:
    """Read what ``main`` wrote; a line that was cut off is left out.

    Raises IndexingError where the file cannot be read.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise IndexingError(f"Cannot read the questions {path}: {error}.") from error
    found = []
    for line in lines:
        try:
            found.append(Written(**json.loads(line)))
        except (ValueError, TypeError):
            continue
    return found


def _task(sentence: str, answer: str) -> str:
    return f"Câu văn: {sentence}\nĐáp án: {answer}\nCâu hỏi:"


def _reply(generator: Generator, messages: tuple[Message, ...], tokens: int) -> str:
    events = generator.generate(Prompt(messages), max_tokens=tokens, stop=threading.Event(), seconds=_SECONDS)
    return "".join(event.text for event in events if isinstance(event, Piece)).strip()


def _is_question(question: str, answer: str) -> bool:
    """Whether it asks, in Vietnamese and at a sensible length, without giving the answer away."""
    return (
        question.endswith("?")
        and _SHORTEST <= len(syllables(question)) <= _LONGEST
        and foreign_script(question) is None
        and not _holds(question, answer)
    )


def _holds(text: str, words: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text, re.IGNORECASE) is not None


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the folder and write questions."""
    parser = argparse.ArgumentParser(
        prog="python -m rag.reader.written", description=(__doc__ or "").split("\n\n")[0]
    )
    parser.add_argument(
        "folder", type=Path, metavar="FOLDER", help="Vietnamese articles, some hundreds or more"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="JSON lines, added to")
    parser.add_argument(
        "--count", type=int, default=2000, metavar="N", help="how many are to be there at the end"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--config", type=Path, metavar="FILE")
    args = parser.parse_args(arguments)
    try:
        generator = open_generator(read_config(args.config))
        articles = [article for article in read_folder(args.folder) if isinstance(article, Article)]
        there = read_written(args.out) if args.out.exists() else []
        questions = write_questions(articles, generator, args.seed + len(there))
        with (
            args.out.open("a", encoding="utf-8") as out,
            tqdm(total=args.count, initial=len(there), unit=" questions") as bar,
        ):
            if there:
                out.write("\n")  # the last line may have been cut off
            thrown_away = 0
            while bar.n < args.count:
                question = next(questions)
                if question is None:
                    thrown_away += 1
                    bar.set_postfix_str(f"{thrown_away} thrown away")
                    continue
                out.write(json.dumps(asdict(question), ensure_ascii=False) + "\n")
                out.flush()
                bar.update()
    except (IndexingError, AnsweringError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
