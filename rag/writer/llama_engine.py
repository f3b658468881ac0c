"""A GGUF model in memory, with its one live context."""

from __future__ import annotations

import codecs
import ctypes
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np

from rag.errors import GenerationError
from rag.writer.generator import Cut, Piece
from rag.writer.llama_library import llama_library
from rag.writer.llama_vocabulary import TokenPrompt, Vocabulary

ADAPTER_BASE_KEY = "hoidap.base.sha256"
"""Where an adapter says for which file it was trained."""

_BEGINNINGS = 6
"""So many fixed beginnings are kept evaluated, a megabyte or two each."""
_Step: TypeAlias = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Adapter:
    """A file of low-rank weights, and the SHA-256 of the model file beside which it is to be used."""

    path: Path
    base_sha256: str


class StopFlag:
    """A byte that native code reads: set, it ends an evaluation between two matrix operations.

    The address is given to ``strlen``, which finds 0 characters until the flag is set.  A callback in
    Python would need the interpreter's lock several hundred times a token, and halves the speed as soon
    as another thread is busy.
    """

    def __init__(self) -> None:
        self._bytes = ctypes.create_string_buffer(2)

    @property
    def address(self) -> int:
        """Where the byte is, as long as this object lives."""
        return ctypes.addressof(self._bytes)

    def set(self) -> None:
        """End the evaluation; there is no way back."""
        self._bytes[0] = b"\x01"

    def is_set(self) -> bool:
        """Tell whether ``set`` was called."""
        return self._bytes[0] != b"\x00"


class LlamaEngine:
    """Loads a model, perhaps with an adapter, and writes with it; everything but ``vocabulary`` belongs to one thread.

    The same prompt always gives the same reply: rounding differs with how many tokens are evaluated together, so a
    prompt is always cut into the same steps, and of what the context holds only whole steps are used again.

    Raises GenerationError when a file is none that llama.cpp reads, or memory does not suffice.
    """

    def __init__(
        self, path: Path, *, context_tokens: int, threads: int, batch: int, adapter: Adapter | None = None
    ) -> None:
        self._library = llama_library()
        self._api = self._library.api
        self._batch = batch
        self._steps: list[_Step] = []  # what was evaluated together and is still in the context, in order
        self._beginnings: dict[tuple[_Step, ...], bytes] = {}  # saved keys and values, the latest last
        self._flag = StopFlag()  # the one that the context points to
        self._model = self._library.open_model(path)
        self.vocabulary = Vocabulary(self._model)
        self._context = self._open_context(context_tokens, threads)
        if adapter is not None:
            self._set_adapter(adapter)

    def write(
        self, prompt: TokenPrompt, max_tokens: int, flag: StopFlag, is_over: Callable[[], bool]
    ) -> Iterator[Piece | Cut]:
        """Continue the prompt greedily, until the model ends, ``max_tokens``, ``flag`` or ``is_over``."""
        if not self._read(prompt, flag, is_over):
            return
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        token, tokens, logprob = -1, 0, 0.0
        for place in range(max_tokens):
            if place and (is_over() or not self._evaluate((token,), flag)):
                return
            logits = self._logits()
            token = int(logits.argmax())
            if self.vocabulary.is_end(token):
                return
            tokens, logprob = tokens + 1, logprob - float(np.log(np.exp(logits - logits[token]).sum()))
            if text := decoder.decode(self.vocabulary.token_bytes(token)):
                yield Piece(text, tokens, logprob)
                tokens, logprob = 0, 0.0
        yield Cut("length")

    def close(self) -> None:
        """Give the memory back; the object is of no use afterwards."""
        self._api.llama_free(self._context)
        self._api.llama_model_free(self._model)  # with its adapter

    def _open_context(self, context_tokens: int, threads: int) -> int:
        params = self._api.llama_context_default_params()
        params.n_ctx = context_tokens
        params.n_batch = params.n_ubatch = self._batch
        params.n_threads = params.n_threads_batch = threads
        params.no_perf = True
        context = self._api.llama_init_from_model(self._model, params)
        if not context:
            self._api.llama_model_free(self._model)
            raise GenerationError(
                f"no memory for a context of {context_tokens} tokens; "
                "lower llm.context_tokens, choose a smaller model or close other programs",
                code="memory",
            )
        return context  # type: ignore[no-any-return]

    def _set_adapter(self, adapter: Adapter) -> None:
        """Put the adapter to work; refuses one that was trained for other weights."""
        self._library.errors.clear()
        loaded = self._api.llama_adapter_lora_init(self._model, os.fsencode(adapter.path))
        if not loaded:
            reason = self._library.last_error()
        elif self._trained_for(loaded) != adapter.base_sha256:
            reason = "it was trained for other weights"
        else:
            one = (self._api.llama_adapter_lora_p_ctypes * 1)(loaded)
            if not self._api.llama_set_adapters_lora(self._context, one, 1, (ctypes.c_float * 1)(1.0)):
                return
            reason = self._library.last_error()
        self.close()
        raise GenerationError(
            f"the adapter {adapter.path.name} does not fit the language model ({reason}); install the program again"
        )

    def _trained_for(self, loaded: object) -> str:
        buffer = ctypes.create_string_buffer(128)
        self._api.llama_adapter_meta_val_str(loaded, ADAPTER_BASE_KEY.encode(), buffer, len(buffer))
        return buffer.value.decode()

    def _read(self, prompt: TokenPrompt, flag: StopFlag, is_over: Callable[[], bool]) -> bool:
        """Evaluate a prompt, as far as it is not in the context; false when ended early."""
        self._api.llama_set_abort_callback(self._context, self._library.strlen, flag.address)
        self._flag = flag
        beginning = self._cut(prompt.ids[: prompt.fixed])
        steps = [*beginning, *self._cut(prompt.ids[prompt.fixed :])]
        self._forget_all_but_common(steps)
        if not self._steps:
            self._restore(beginning)
        for step in steps[len(self._steps) :]:
            if is_over() or not self._evaluate(step, flag):
                return False
            if self._steps == beginning:
                self._save(beginning)
        return True

    def _cut(self, ids: Sequence[int]) -> list[_Step]:
        return [tuple(ids[start : start + self._batch]) for start in range(0, len(ids), self._batch)]

    def _forget_all_but_common(self, steps: list[_Step]) -> None:
        """Keep of the context the steps that begin these ones, never the last: its logits are not kept."""
        common = 0
        for old, new in zip(self._steps, steps[:-1], strict=False):
            if old != new:
                break
            common += 1
        kept = sum(len(step) for step in self._steps[:common])
        memory = self._api.llama_get_memory(self._context)
        # Recurrent models cannot forget a part.
        if not kept or not self._api.llama_memory_seq_rm(memory, 0, kept, -1):
            self._api.llama_memory_clear(memory, True)
            common = 0
        del self._steps[common:]

    def _save(self, beginning: list[_Step]) -> None:
        """Keep what a fixed beginning left in the context, for when another one has taken its place."""
        size = self._api.llama_state_seq_get_size(self._context, 0)
        data = (ctypes.c_uint8 * size)()
        written = self._api.llama_state_seq_get_data(self._context, data, size, 0)
        while len(self._beginnings) >= _BEGINNINGS:
            del self._beginnings[next(iter(self._beginnings))]
        self._beginnings[tuple(beginning)] = bytes(data[:written])

    def _restore(self, beginning: list[_Step]) -> None:
        """Bring a saved beginning into the empty context, if it is there."""
        saved = self._beginnings.pop(tuple(beginning), None)
        if saved is None:
            return
        self._beginnings[tuple(beginning)] = saved
        data = (ctypes.c_uint8 * len(saved)).from_buffer_copy(saved)
        if self._api.llama_state_seq_set_data(self._context, data, len(saved), 0):
            self._steps = list(beginning)

    def _evaluate(self, step: _Step, flag: StopFlag) -> bool:
        """Add tokens to the context in one step; false when ended early.  Raises GenerationError."""
        array = (self._api.llama_token * len(step))(*step)
        code = self._api.llama_decode(self._context, self._api.llama_batch_get_one(array, len(step)))
        if code == 0:
            self._steps.append(step)
            return True
        if flag.is_set():
            return False
        raise GenerationError(
            f"the language model failed (llama.cpp: {code}); ask again, and if it fails again "
            "lower llm.context_tokens or choose another model"
        )

    def _logits(self) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
        """What the model thinks of each token as the next one; valid until the next evaluation."""
        pointer = self._api.llama_get_logits_ith(self._context, -1)
        return np.ctypeslib.as_array(pointer, shape=(self.vocabulary.size,))
