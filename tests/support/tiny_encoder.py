"""A random encoder of two layers, as sentence-transformers keeps one."""

from __future__ import annotations

import json
from pathlib import Path

WORDS = ("huyện", "kết", "nạp", "82", "đảng", "viên", "mới", "năm", "2018", "query", "passage", ":", "?")


def make_folder(path: Path, kind: str, pooling: str, prompts: dict[str, str], positions: int = 24) -> Path:
    """Save a random model with room for so many tokens."""
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import BertConfig, BertModel, XLMRobertaConfig, XLMRobertaModel

    path.mkdir()
    tokenizer = Tokenizer(
        models.WordLevel(
            {word: number for number, word in enumerate(("<s>", "<pad>", "</s>", "<unk>", *WORDS))}, "<unk>"
        )
    )
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    tokenizer.save(str(path / "tokenizer.json"))
    sizes = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 48}
    sizes |= {"vocab_size": 20, "pad_token_id": 1}
    torch.manual_seed(1)
    if kind == "bert":
        BertModel(BertConfig(**sizes, max_position_embeddings=positions)).save_pretrained(path)
    else:
        XLMRobertaModel(XLMRobertaConfig(**sizes, max_position_embeddings=positions + 2)).save_pretrained(
            path
        )
    settings = {
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": positions,
            "pad_token": "<pad>",
            "unk_token": "<unk>",
        },
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
        ],
        "1_Pooling/config.json": {
            "word_embedding_dimension": 32,
            "pooling_mode_cls_token": pooling == "cls",
            "pooling_mode_mean_tokens": pooling == "mean",
            "include_prompt": True,
        },
        "sentence_bert_config.json": {"max_seq_length": positions},
        "config_sentence_transformers.json": {"prompts": prompts},
    }
    for name, content in settings.items():
        (path / name).parent.mkdir(exist_ok=True)
        (path / name).write_text(json.dumps(content), encoding="utf-8")
    return path
