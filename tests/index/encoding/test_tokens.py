"""The tokenizer of a file is loaded once for all who use it."""

from __future__ import annotations

import gc
import os
from pathlib import Path
from weakref import ref

from tokenizers import Tokenizer, models

from index.encoding.tokens import shared_tokenizer


def test_a_tokenizer_is_shared_while_its_file_stays_and_let_go_with_its_last_user(tmp_path: Path) -> None:
    path = tmp_path / "tokenizer.json"
    Tokenizer(models.WordLevel({"<unk>": 0, "huyện": 1}, "<unk>")).save(str(path))
    one, other = shared_tokenizer(path), shared_tokenizer(path)
    assert one is other and one.load() is other.load()
    os.utime(path, ns=(1, 1))
    assert shared_tokenizer(path) is not one
    gone = ref(one)
    del one, other
    gc.collect()
    assert gone() is None
