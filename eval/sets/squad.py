"""SQuAD JSON, versions 1.1 and 2.0: its questions, and its paragraphs as articles to be synced.

Rajpurkar et al. 2016 and 2018; XQuAD, ViQuAD and many others use the same format.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from eval.errors import QuestionError
from eval.schema import Evidence, Question
from index.text.normalise import sentence_spans


def squad_questions(data: object, name: str) -> Iterator[Question]:
    """Each question of the file; see ``squad_paragraphs``."""
    return (question for _, question in squad_paragraphs(data, name))


def squad_paragraphs(data: object, name: str) -> Iterator[tuple[str, Question]]:
    """The paragraph of each question, and the question: its evidence is the sentence with its first answer, anywhere.

    A question marked ``is_impossible`` counts as absent: right only where no other article tells it.
    The articles are split by turns, the first for development, the second for tests, and so on.
    Raises QuestionError when the layout is not SQuAD's.
    """
    for number, _, paragraph in _paragraphs(data, name):
        context = paragraph["context"]
        for item in paragraph["qas"]:
            try:
                impossible = bool(item.get("is_impossible", False))
                given = [] if impossible else item["answers"]
                spellings = tuple(dict.fromkeys(answer["text"].strip() for answer in given))
                if not impossible and not any(spellings):
                    raise QuestionError(
                        f"{name}: the question {item['id']!r} has no answer and is not impossible."
                    )
                question = Question(
                    id=str(item["id"]),
                    kind="absent" if impossible else "fact",
                    split=("dev", "test")[number % 2],
                    text=item["question"].strip(),
                    answers=(spellings,) if spellings else (),
                    evidence=tuple(
                        Evidence("", _sentence(context, answer["answer_start"], answer["text"]))
                        for answer in given[:1]
                    ),
                )
                yield context, question
            except (KeyError, TypeError, AttributeError) as error:
                raise _not_squad(name) from error


def squad_articles(data: object, name: str) -> Iterator[str]:
    """Each different paragraph as a line of an articles file (JSON: id, title, text) that ``hoidap sync`` reads."""
    counts, seen = Counter[str](), set[str]()
    for _, title, paragraph in _paragraphs(data, name):
        text = paragraph["context"]
        if text not in seen:
            seen.add(text)
            counts[title] += 1
            row = {"id": f"{title}-{counts[title]}", "title": title.replace("_", " "), "text": text}
            yield json.dumps(row, ensure_ascii=False)


def _paragraphs(data: object, name: str) -> Iterator[tuple[int, str, dict[str, Any]]]:
    if not isinstance(data, dict):
        raise _not_squad(name)
    try:
        for number, article in enumerate(data["data"]):
            for paragraph in article["paragraphs"]:
                if not isinstance(paragraph["context"], str) or not isinstance(paragraph["qas"], list):
                    raise _not_squad(name)
                yield number, str(article.get("title", name)), paragraph
    except (KeyError, TypeError, AttributeError) as error:
        raise _not_squad(name) from error


def _not_squad(name: str) -> QuestionError:
    return QuestionError(
        f"{name} is not SQuAD JSON (data, paragraphs, context, qas); questions in our own form go into a .jsonl file."
    )


def _sentence(context: str, start: int, answer: str) -> str:
    """The sentences of the paragraph that the answer touches."""
    end = start + len(answer)
    touched = [span for span in sentence_spans(context) if span[0] < end and span[1] > start]
    return context[touched[0][0] : touched[-1][1]] if touched else context
