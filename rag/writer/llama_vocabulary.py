"""The words of a language model: texts and prompts become token ids."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from rag.errors import GenerationError
from rag.writer.chat_template import Render, TemplateError, render_chatml, split_prompt
from rag.writer.generator import Prompt
from rag.writer.llama_library import llama_library


@dataclass(frozen=True, slots=True)
class TokenPrompt:
    """The token ids of a prompt; the first ``fixed``, never all, are those of every prompt with its system message."""

    ids: tuple[int, ...]
    fixed: int


def open_vocabulary(path: Path) -> Vocabulary:
    """Read the vocabulary of a GGUF file without its weights; it stays in memory.  Raises GenerationError."""
    return Vocabulary(llama_library().open_model(path, vocabulary_only=True))


class Vocabulary:
    """Tokens and chat template of a loaded model; any thread may use it while the model is loaded."""

    def __init__(self, model: int) -> None:
        self._api = llama_library().api
        self._vocabulary = self._api.llama_model_get_vocab(model)
        self._begin = self._text(self._api.llama_vocab_bos(self._vocabulary))
        self._render = self._template(model)

    @property
    def size(self) -> int:
        """How many tokens there are."""
        return int(self._api.llama_vocab_n_tokens(self._vocabulary))

    @property
    def end(self) -> int:
        """The token with which the model ends its turn."""
        token = int(self._api.llama_vocab_eot(self._vocabulary))
        return token if token >= 0 else int(self._api.llama_vocab_eos(self._vocabulary))

    def tokenise(self, text: str, *, control: bool = False, begin: bool = False) -> list[int]:
        """Token ids of a text; only with ``control`` can it give control tokens, with ``begin`` also the first one."""
        data = text.encode()
        size = len(data) + 2
        ids = (self._api.llama_token * size)()
        count = self._api.llama_tokenize(self._vocabulary, data, len(data), ids, size, begin, control)
        return list(ids[:count])

    def prompt(self, prompt: Prompt) -> TokenPrompt:
        """Token ids of a whole prompt, up to where the reply goes on.  Raises GenerationError."""
        try:
            segments = split_prompt(prompt, self._render)
        except TemplateError as error:
            raise GenerationError(
                f"the chat template of the model does not work ({error}); choose another model"
            ) from error
        begins_itself = bool(self._begin) and segments[0].text.startswith(self._begin)
        tokens = [
            self.tokenise(segment.text, control=segment.trusted, begin=place == 0 and not begins_itself)
            for place, segment in enumerate(segments)
        ]
        fixed = takewhile(lambda pair: pair[0].fixed, zip(segments, tokens, strict=True))
        ids = tuple(token for part in tokens for token in part)
        return TokenPrompt(ids, min(sum(len(part) for _, part in fixed), len(ids) - 1))

    def is_end(self, token: int) -> bool:
        """Whether the model ends its turn with this token."""
        return bool(self._api.llama_vocab_is_eog(self._vocabulary, token))

    def token_bytes(self, token: int) -> bytes:
        """What a token writes; it may hold a part of a character only."""
        buffer = ctypes.create_string_buffer(512)
        length = self._api.llama_token_to_piece(self._vocabulary, token, buffer, len(buffer), 0, False)
        return buffer.raw[: max(length, 0)]

    def _template(self, model: int) -> Render:
        """The model's own chat template as a function; ChatML where it has none."""
        template = self._api.llama_model_chat_template(model, None)
        if not template:
            return render_chatml
        from llama_cpp.llama_chat_format import Jinja2ChatFormatter

        formatter = Jinja2ChatFormatter(
            template=template.decode(),
            bos_token=self._begin,
            eos_token=self._text(self._api.llama_vocab_eos(self._vocabulary)),
        )
        # Reasoning models would think aloud for minutes on a processor.
        return lambda messages: str(formatter(messages=messages, enable_thinking=False).prompt)

    def _text(self, token: int) -> str:
        return "" if token < 0 else str(self._api.llama_vocab_get_text(self._vocabulary, token).decode())
