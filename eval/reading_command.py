"""``hoidap eval reading``: the reader measured without the language model."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime

from eval.commands import asked_articles, chosen, provenance, require_articles
from eval.errors import QuestionError
from eval.journal import RESULTS, write_result
from eval.metrics.intervals import Estimate
from eval.printing import print_json, print_text
from eval.reading import ReaderRun, read_all, read_extracts, time_reading
from eval.reading_parts import OpenedReader, open_reading
from eval.reading_passages import give, quoted_passages, squad_passages
from eval.reading_scores import (
    WITH_READER,
    WITHOUT_READER,
    accent_changes,
    answer_scores,
    extract_scores,
    group_extracts,
    search_changes,
    told_scores,
)
from eval.reading_tables import reading_table, worst_table
from eval.retrieval import measure, scores, with_evidence
from eval.schema import Question, Retrieval
from eval.strings import strings


def run_reading(
    args: argparse.Namespace, open_parts: Callable[[argparse.Namespace], OpenedReader] = open_reading
) -> int:
    """Measure the reader, keep the result as JSON and print its tables."""
    questions = chosen(args)
    opened = open_parts(args)
    result = measured(args, questions, opened)
    out = args.out or RESULTS / "reading" / f"{datetime.now():%Y%m%d-%H%M%S}.json"
    write_result(result, out)
    if args.json:
        print_json({"result": str(out)} | summary(result))
        return 0
    words = strings(args.language)
    print_text(reading_table(result, words, args.language))
    if args.worst:
        print_text("\n" + worst_table(result, args.worst, words, args.language))
    print_text(f"{out}\n")
    return 0


def measured(args: argparse.Namespace, questions: Sequence[Question], opened: OpenedReader) -> ReaderRun:
    """Everything that can be measured with what was opened.

    Raises QuestionError when no question can be read for, or the store lacks articles that are named.
    """
    store, progress = opened.store, not args.json
    if store is not None:
        require_articles(questions, store.articles)
    if args.questions.suffix.lower() == ".json":
        passages = squad_passages(args.questions)
    else:
        passages = quoted_passages(questions, asked_articles(args))
    given = give(questions, passages, args.seed, store.without_reader if store else None)
    if not given:
        raise QuestionError(
            "No question has an answer of one part and evidence that stands in the articles; name their folder "
            "with --corpus or their store with --store."
        )
    origin = provenance(args, questions, store.manifest if store else {})
    origin = replace(
        origin, settings={**origin.settings, **opened.settings, "hard": "search" if store else "words"}
    )
    seconds, characters = time_reading(opened.reader, given)
    result = ReaderRun(
        provenance=origin,
        reader=opened.reader.name,
        left_out=sum(not question.absent for question in questions) - len(given),
        rows=read_all(opened.reader, given, progress=progress),
        seconds=seconds,
        characters=characters,
    )
    if store is None:
        return result
    sought = with_evidence(questions)
    ways = {WITHOUT_READER: store.without_reader, WITH_READER: store.with_reader}
    search = Retrieval(
        origin,
        store.encoder,
        tuple(question.id for question in sought),
        measure(ways, sought, progress=progress),
    )
    return replace(result, search=search, extracts=read_extracts(store.extract, questions, progress=progress))


def summary(run: ReaderRun) -> dict[str, object]:
    """All scores of a result, as the tables tell them."""
    seed = run.provenance.seed
    told: dict[str, object] = {
        "reader": run.reader,
        "questions": len(run.rows) // 2,
        "left_out": run.left_out,
        "seconds": list(run.seconds),
        "characters": run.characters,
        "accent_changes": {
            name: change and asdict(change) for name, change in accent_changes(run.rows, seed).items()
        },
    }
    for accents in (True, False):
        rows = [row for row in run.rows if row.accents == accents]
        told["accents" if accents else "no_accents"] = {
            "answers": _as_dicts(answer_scores(rows, seed)),
            "other": _as_dicts(told_scores(rows, "other", seed)),
            "hard": _as_dicts(told_scores(rows, "hard", seed)),
        }
    if run.search:
        told["search"] = [
            {"way": one.way, "accents": one.accents} | _as_dicts(scores(one, seed))
            for one in run.search.searched
        ]
        told["search_changes"] = {
            "accents" if accents else "no_accents": {
                name: change and asdict(change)
                for name, change in search_changes(run.search, accents, seed).items()
            }
            for accents in (True, False)
        }
        told["extracts"] = {
            kind: _as_dicts(extract_scores(rows, seed)) for kind, rows in group_extracts(run.extracts).items()
        }
    return told


def _as_dicts(found: Mapping[str, Estimate]) -> dict[str, object]:
    return {name: asdict(estimate) for name, estimate in found.items()}
