"""One contract for both engines, on small models made here and on the real one."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from index.encoding.batches import batches
from index.encoding.checkpoint import read_folder
from index.encoding.encoder import Encoder, choose_backend
from index.encoding.openvino_encoder import OpenVinoEncoder
from index.encoding.torch_encoder import SentenceTransformerEncoder
from index.errors import ModelError
from index.models.cache import ModelCache, default_root
from index.models.catalogue import find, load_catalogue
from index.models.conversion import write_encoder_folder
from tests.support.tiny_encoder import WORDS, make_folder

pytestmark = pytest.mark.slow

if importlib.util.find_spec("openvino") is None:  # importing it here would report to its telemetry
    pytest.skip("the extra 'fast' is not installed: pip install 'hoidap[fast]'", allow_module_level=True)

TEXTS = [
    "huyện kết nạp 82 đảng viên mới",
    "năm 2018",
    " ".join(WORDS * 4),
    "",
    "đảng viên ?",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_folder(
        tmp_path_factory.mktemp("models") / "bert",
        "bert",
        "mean",
        {"query": "query : ", "passage": "passage : "},
    )


@pytest.fixture(scope="module")
def encoder_folder() -> Path:
    """The catalogue's encoder, as the program unpacks it."""
    models, entry = ModelCache(default_root()), find(load_catalogue(), "multilingual-e5-small-q4")
    if models.status(entry).state not in ("ready", "unverified"):
        pytest.skip(f"{entry.id} is not here; run 'hoidap models fetch {entry.id}'")
    weights, tokenizer = (models.file(entry, file.name) for file in entry.files)
    return models.derived(
        entry, "sentence-transformers", lambda folder: write_encoder_folder(weights, tokenizer, folder)
    )


def cosines(one: Encoder, other: Encoder, texts: list[str]) -> np.ndarray:
    queries = (one.encode_queries(texts) * other.encode_queries(texts)).sum(axis=1)
    passages = (one.encode_passages(texts) * other.encode_passages(texts)).sum(axis=1)
    return np.concatenate([queries, passages])


@pytest.mark.parametrize(("kind", "pooling"), [("bert", "mean"), ("bert", "cls"), ("xlm-roberta", "mean")])
def test_both_engines_give_the_same_vectors(tmp_path: Path, kind: str, pooling: str) -> None:
    path = make_folder(tmp_path / kind, kind, pooling, {"query": "query : ", "document": "passage : "})
    fast, reference = OpenVinoEncoder(path, "tiny"), SentenceTransformerEncoder(path, "tiny")

    assert cosines(fast, reference, TEXTS).min() > 0.999
    assert fast.dimension == reference.dimension == 32
    assert fast.count_tokens(TEXTS) == reference.count_tokens(TEXTS) == [7, 2, 52, 0, 3]


@pytest.mark.parametrize("engine", [OpenVinoEncoder, SentenceTransformerEncoder])
def test_an_encoder_keeps_order_length_and_roles(
    folder: Path, engine: type[OpenVinoEncoder] | type[SentenceTransformerEncoder]
) -> None:
    encoder = engine(folder, "tiny@12345678")
    done: list[int] = []

    vectors = encoder.encode_passages(TEXTS, done.append)

    assert encoder.name == "tiny@12345678"
    assert vectors.shape == (5, 32)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert sum(done) == 5
    for number, text in enumerate(TEXTS):
        np.testing.assert_allclose(encoder.encode_passages([text])[0], vectors[number], atol=2e-2)
    assert (encoder.encode_queries(TEXTS) * vectors).sum(axis=1).max() < 0.9999
    assert encoder.encode_queries([]).shape == (0, 32)
    assert encoder.count_tokens([]) == []


def test_a_text_past_the_limit_is_cut_there(folder: Path) -> None:
    encoder = OpenVinoEncoder(folder, "tiny")
    # 24 places: <s>, the prompt "query :", 20 words, </s>
    words = list(WORDS * 3)

    cut = encoder.encode_queries([" ".join(words[:20])])

    np.testing.assert_allclose(encoder.encode_queries([" ".join(words)]), cut, atol=1e-5)
    assert (encoder.encode_queries([" ".join(words[:19])]) * cut).sum() < 0.9999


def test_threads_share_an_encoder(folder: Path) -> None:
    encoder = OpenVinoEncoder(folder, "tiny")
    expected = encoder.encode_queries(TEXTS)
    found: list[bool] = []

    def encode() -> None:
        found.append(bool(np.allclose(encoder.encode_queries(TEXTS), expected, atol=1e-6)))

    threads = [threading.Thread(target=encode, daemon=True) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == [True] * 4


_GUARD = """
import sys
from pathlib import Path

def guard(event, args):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto"):
        raise SystemExit(f"{event} {args}")

sys.addaudithook(guard)
"""


def run_guarded(program: str) -> tuple[int, str]:
    """Exit code and error output of a program that ends when it opens a connection."""
    result = subprocess.run(
        [sys.executable, "-c", _GUARD + program],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        timeout=300,
    )
    return result.returncode, result.stderr


def test_the_fast_engine_needs_no_torch_and_opens_no_connection(folder: Path) -> None:
    program = f"""
from index.encoding.openvino_encoder import OpenVinoEncoder
encoder = OpenVinoEncoder(Path({str(folder)!r}), "tiny")
assert "openvino" not in sys.modules and "tokenizers" not in sys.modules, "loaded before its first use"
encoder.encode_queries(["năm 2018"])
assert sys.modules.get("openvino_telemetry") is None, "telemetry is loaded"
heavy = {{"torch", "transformers", "sentence_transformers"}} & set(sys.modules)
assert not heavy, heavy
"""
    assert run_guarded(program) == (0, "")


def test_the_reference_reads_a_folder_without_a_connection(folder: Path) -> None:
    program = f"""
from index.encoding.torch_encoder import SentenceTransformerEncoder
from tests.support.tiny_encoder import WORDS, make_folder
encoder = SentenceTransformerEncoder(Path({str(folder)!r}), "tiny")
assert "torch" not in sys.modules, "loaded before its first use"
encoder.encode_queries(["năm 2018"])
"""
    assert run_guarded(program)[0] == 0


@pytest.mark.parametrize(
    ("file", "change", "reason"),
    [
        ("config.json", {"model_type": "modernbert"}, "of type modernbert"),
        ("config.json", {"hidden_act": "relu"}, "unusual"),
        ("1_Pooling/config.json", {"pooling_mode_max_tokens": True}, "pooling is"),
        ("modules.json", [], "its modules are"),
    ],
)
def test_another_kind_of_model_is_left_to_torch(
    tmp_path: Path, folder: Path, file: str, change: object, reason: str
) -> None:
    path = shutil.copytree(folder, tmp_path / "copy")
    content = json.loads((path / file).read_text())
    (path / file).write_text(json.dumps(content | change if isinstance(change, dict) else change))

    with pytest.raises(ModelError, match=f"{reason}.*choose the backend torch"):
        read_folder(path)


def test_the_backend_follows_the_kind_of_model(tmp_path: Path, folder: Path) -> None:
    assert choose_backend("auto", folder) == "openvino"
    assert choose_backend("torch", folder) == "torch"
    assert choose_backend("auto", None) == "torch"
    assert choose_backend("auto", tmp_path) == "torch"
    assert choose_backend("openvino", tmp_path) == "openvino"


@pytest.mark.parametrize("engine", [OpenVinoEncoder, SentenceTransformerEncoder])
def test_a_folder_without_a_model_is_one_sentence(
    tmp_path: Path, engine: type[OpenVinoEncoder] | type[SentenceTransformerEncoder]
) -> None:
    with pytest.raises(ModelError, match=str(tmp_path)):
        engine(tmp_path, "tiny").encode_queries(["a"])


def test_a_cut_checkpoint_is_one_sentence(tmp_path: Path, folder: Path) -> None:
    path = shutil.copytree(folder, tmp_path / "copy")
    weights = path / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])

    with pytest.raises(ModelError, match="not a whole safetensors file"):
        OpenVinoEncoder(path, "tiny").encode_queries(["a"])


def test_batches_hold_texts_of_like_length() -> None:
    # Shortest first; three rows of 4 are 12 places, a fourth would make 16 > 12.
    assert list(batches([4, 30, 4, 2, 4, 4], tokens=12)) == [[3, 0, 2], [4, 5], [1]]
    assert list(batches([], tokens=12)) == []


@pytest.mark.model
def test_the_real_model_gives_the_same_vectors_in_both_engines(encoder_folder: Path) -> None:
    texts = [
        "Từ đầu năm 2018 đến nay, toàn huyện kết nạp 82 đảng viên mới, đạt 59% kế hoạch năm.",
        "Hà Nội là thủ đô của Việt Nam.",
        "Diện tích rừng trồng mới đạt 3.772 ha. " * 60,
        "?",
    ]
    fast = OpenVinoEncoder(encoder_folder, "e5")
    reference = SentenceTransformerEncoder(encoder_folder, "e5")

    assert cosines(fast, reference, texts).min() > 0.999
    assert fast.count_tokens(texts) == reference.count_tokens(texts)


@pytest.mark.model
def test_the_real_model_finds_the_passage_of_a_question(encoder_folder: Path) -> None:
    encoder = OpenVinoEncoder(encoder_folder, "e5")
    passages = encoder.encode_passages(
        ["Hà Nội là thủ đô của Việt Nam.", "Nguyễn Du viết Truyện Kiều.", "Bóng đá là môn thể thao vua."]
    )
    questions = encoder.encode_queries(["Ai là tác giả Truyện Kiều?", "Thủ đô nước ta ở đâu?"])

    assert (questions @ passages.T).argmax(axis=1).tolist() == [1, 0]
