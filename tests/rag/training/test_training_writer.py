from __future__ import annotations

import json
import re
import threading
from pathlib import Path

import pytest
from tiny_llm import write_tiny_llm

from rag.errors import GenerationError
from rag.training.data import TrainingData, read_training_data
from rag.training.writer import Recipe, train
from rag.training.writer_examples import WriterExample, WriterExampleMaker, mark_short
from rag.writer.generator import Message, Piece, Prompt
from rag.writer.llama import LlamaGenerator
from rag.writer.llama_engine import Adapter

pytestmark = pytest.mark.slow

torch = pytest.importorskip("torch")

PROMPT = Prompt((Message("system", "Trả lời."), Message("user", "Có mấy xã?")))
PROMPTS = [
    Prompt((PROMPT.messages[0], Message("user", text)))
    for text in ("Có mấy xã?", "Ai?", "Khi nào?", "Ở đâu?")
]
EXAMPLES = (
    WriterExample(PROMPT.messages, "[0]"),
    WriterExample((PROMPT.messages[0], Message("user", "Có mấy thôn?")), "[1] **Ba** xã."),
    WriterExample((PROMPT.messages[0], Message("user", "Còn?")), "- [1] **Mấy**"),
)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_llm(tmp_path_factory.mktemp("llm") / "tiny.gguf")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> TrainingData:
    folder = tmp_path_factory.mktemp("data")
    sentences = ["Xã có 3 thôn.", "Chợ mở ngày 2/3.", "Ông Sính làm trưởng thôn."]
    passage = {"id": "p", "title": "Xã", "sentences": sentences, "origin": "invented", "split": "train"}
    base = {"passage": "p", "split": "train"}
    rows: dict[str, list[dict[str, object]]] = {
        "passages": [passage],
        "questions": [
            base
            | {
                "kind": "number",
                "question": "Mấy thôn?",
                "sentences": [1],
                "answer": "3 thôn",
                "reply": "Có 3 thôn.",
            },
            base
            | {
                "kind": "fact",
                "question": "Ai?",
                "sentences": [3],
                "answer": "Ông Sính",
                "reply": "Là ông Sính.",
            },
            base | {"kind": "absent", "question": "Mấy hộ?", "sentences": [], "answer": "", "reply": ""},
        ],
    }
    for name, lines in rows.items():
        (folder / f"{name}.jsonl").write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    return read_training_data([folder])


def surprises(path: Path, adapter: Adapter | None = None) -> list[float]:
    """The log probability of the first token that llama.cpp writes after each prompt."""
    generator = LlamaGenerator(path, "tiny", 1024, threads=1, adapter=adapter)
    found = []
    for prompt in PROMPTS:
        events = generator.generate(prompt, max_tokens=1, stop=threading.Event(), seconds=60)
        found += [event.logprob for event in events if isinstance(event, Piece) and event.logprob is not None]
    generator.close()
    assert len(found) == len(PROMPTS)
    return found


def expected(model: torch.nn.Module, path: Path) -> list[float]:
    from rag.writer.llama_vocabulary import open_vocabulary

    vocabulary = open_vocabulary(path)
    logits = [
        model(torch.tensor([vocabulary.prompt(prompt).ids])).logits[0, -1].detach() for prompt in PROMPTS
    ]
    return [float(one.log_softmax(-1).max()) for one in logits]


def test_a_gguf_file_becomes_the_same_model_and_its_adapter_the_same_adapter(
    tiny: Path, tmp_path: Path
) -> None:
    from rag.training.gguf_files import read_qwen2, write_adapter
    from rag.training.lora import adapter_pairs, adapter_weights, add_adapter

    model = read_qwen2(tiny).float()
    assert expected(model, tiny) == pytest.approx(surprises(tiny), rel=0.03)
    torch.manual_seed(1)
    add_adapter(model, rank=4, alpha=8)
    assert expected(model, tiny) == pytest.approx(surprises(tiny), rel=0.03)  # it does nothing at first
    for weight in adapter_weights(model).values():
        torch.nn.init.normal_(weight, std=0.2)
    path = tmp_path / "adapter.gguf"
    write_adapter(path, adapter_pairs(model), alpha=8, base_sha256="ab")
    adapted = surprises(tiny, Adapter(path, "ab"))
    assert expected(model, tiny) == pytest.approx(adapted, rel=0.06)
    assert adapted != pytest.approx(surprises(tiny), rel=0.3)
    with pytest.raises(
        GenerationError, match=r"adapter\.gguf does not fit .* \(it was trained for other weights\)"
    ):
        surprises(tiny, Adapter(path, "cd"))


def test_an_example_in_a_pack_is_learnt_as_if_it_stood_alone(tiny: Path) -> None:
    from rag.training.gguf_files import read_qwen2
    from rag.training.packs import pack, tokenised
    from rag.training.writer import pack_losses
    from rag.writer.llama_vocabulary import open_vocabulary

    vocabulary, model = open_vocabulary(tiny), read_qwen2(tiny).float()
    examples = [tokenised(example, vocabulary) for example in EXAMPLES]
    together = pack(examples, 2000)
    assert together is not None
    assert together.examples == 3
    assert len(together.ids) % 32 == 0
    losses = pack_losses(model, together)
    for number, example in enumerate(examples):
        alone = pack([example], 2000)
        assert alone is not None
        assert torch.allclose(losses[together.owners == number], pack_losses(model, alone), atol=1e-4)
    # The marks of an answer decide, or that there are none; the end of the turn counts once.
    assert examples[0].weights == (4, 4, 4, 1)
    assert examples[1].weights == (4, 4, 4, *[1] * (len("[1] **Ba** xã.".encode()) - 2))


def test_what_has_no_room_is_left_out(tiny: Path) -> None:
    from rag.training.packs import pack, tokenised
    from rag.writer.llama_vocabulary import open_vocabulary

    vocabulary = open_vocabulary(tiny)
    examples = [tokenised(example, vocabulary) for example in EXAMPLES]
    alone = len(examples[0].prompt) + len(examples[0].reply) - 1
    one = pack(examples, alone)
    assert one is not None
    assert one.examples == 1
    assert pack(examples, 10) is None


def test_training_goes_on_where_it_stopped_and_the_loss_falls(
    tiny: Path, data: TrainingData, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def losses() -> dict[str, float]:
        said = capsys.readouterr().out
        return {name: float(value) for name, value in re.findall(r"(\w+) (\d+\.\d+)", said)}

    train(data, tiny, tmp_path, Recipe(examples=24, tokens=1400, rate=0.02, rank=4, alpha=8))
    first = losses()
    assert first.keys() == {"words", "marks"}
    before = (tmp_path / "adapter.gguf").read_bytes()
    assert torch.load(tmp_path / "state.pt")["done"] >= 24
    train(data, tiny, tmp_path, Recipe(examples=120, tokens=1400, rate=0.02, rank=4, alpha=8))
    later = losses()
    assert later["words"] < first["words"] - 0.3
    assert (tmp_path / "adapter.gguf").read_bytes() != before
    assert list(tmp_path.glob("*.new")) == []


def test_examples_are_made_anew_by_their_seed(data: TrainingData) -> None:
    def some(seed: int) -> list[list[WriterExample]]:
        groups = WriterExampleMaker(data, seed).groups()
        return [next(groups) for _ in range(40)]

    assert some(1) == some(1)
    assert some(1) != some(2)
    examples = [example for group in some(1) for example in group]
    replies = {re.sub(r"^\[[123]\]", "[n]", example.reply) for example in examples}
    assert replies == {"[0]", "[n] Có **3 thôn**.", "[n] Là **ông Sính**."}


def test_most_hints_are_what_answers_and_some_are_not(data: TrainingData) -> None:
    groups = WriterExampleMaker(data, 1).groups()
    told = [example for _ in range(200) for example in next(groups) if example.reply != "[0]"]
    hints = [re.search(r"Gợi ý: \[[123]\] (.+)", example.messages[1].text) for example in told]
    right = [hint is not None and hint[1] in ("3 thôn", "Ông Sính") for hint in hints]
    assert sum(right) / len(right) == pytest.approx(0.86, abs=0.05)
    assert any(hint is None for hint in hints)
    assert any(hint is not None and not good for hint, good in zip(hints, right, strict=True))


@pytest.mark.parametrize(
    ("reply", "answers", "marked"),
    [
        ("Có, xã đạt chuẩn.", ["đạt chuẩn"], "**Có**, xã đạt chuẩn."),
        ("Có 3 thôn.", ["3 thôn"], "Có **3 thôn**."),
        ("Kho chứa 120 tấn.", ["kho lạnh 120 tấn"], "Kho chứa **120 tấn**."),
        ("Từ 6,2% còn 2,9%.", ["6,2%", "giảm còn 2,9%"], "Từ **6,2%** **còn 2,9%**."),
        ("Ông là trưởng thôn.", ["chủ tịch xã từ lâu rồi"], "Ông là trưởng thôn."),
    ],
)
def test_the_short_answer_is_marked_where_its_words_stand(
    reply: str, answers: list[str], marked: str
) -> None:
    assert mark_short(reply, answers) == marked
