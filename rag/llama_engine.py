"""A GGUF model in memory, with its one live context."""

from __future__ import annotations

import codecs
import ctypes
import os
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from rag.chat_template import Render, TemplateError, render_chatml, split_prompt
from rag.errors import GenerationError
from rag.generate import Cut, Piece, Prompt

_LOG_ERROR = 4  # GGML_LOG_LEVEL_ERROR, which the bindings do not name


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
    """Loads a model, and writes with it; ``write`` belongs to one thread, ``tokenise`` to any.

    Raises GenerationError when the file is no model that llama.cpp reads, or memory does not suffice.
    """

    def __init__(self, path: Path, *, context_tokens: int, threads: int, batch: int) -> None:
        library = _library()
        self._api = library.api
        self._batch = batch
        self._live: list[int] = []  # the tokens whose keys and values the context holds
        self._flag = StopFlag()  # the one that the context points to
        errors = library.errors
        errors.clear()
        self._model = self._api.llama_model_load_from_file(
            os.fsencode(path), self._api.llama_model_default_params()
        )
        if not self._model:
            detail = errors[0] if errors else "llama.cpp gives no reason"
            raise GenerationError(
                f"{path.name} cannot be loaded ({detail}); run 'hoidap models verify', or choose another model"
            )
        self._vocabulary = self._api.llama_model_get_vocab(self._model)
        self._words: int = self._api.llama_vocab_n_tokens(self._vocabulary)
        self._context = self._open_context(context_tokens, threads)
        self._render = self._template()

    def tokenise(self, text: str, *, control: bool = False, begin: bool = False) -> list[int]:
        """Token ids of a text; only with ``control`` can it give control tokens, with ``begin`` also the first one."""
        data = text.encode()
        size = len(data) + 2
        ids = (self._api.llama_token * size)()
        count = self._api.llama_tokenize(self._vocabulary, data, len(data), ids, size, begin, control)
        return list(ids[:count])

    def prompt_ids(self, prompt: Prompt) -> list[int]:
        """Token ids of a whole prompt, up to where the reply goes on.  Raises GenerationError."""
        try:
            segments = split_prompt(prompt, self._render)
        except TemplateError as error:
            raise GenerationError(
                f"the chat template of the model does not work ({error}); choose another model"
            ) from error
        first, *rest = segments
        begin_text = self._token_text(self._api.llama_vocab_bos(self._vocabulary))
        begins_itself = bool(begin_text) and first.text.startswith(begin_text)
        ids = self.tokenise(first.text, control=first.trusted, begin=not begins_itself)
        for segment in rest:
            ids += self.tokenise(segment.text, control=segment.trusted)
        return ids

    def write(
        self, ids: Sequence[int], max_tokens: int, flag: StopFlag, is_over: Callable[[], bool]
    ) -> Iterator[Piece | Cut]:
        """Continue the prompt ``ids`` greedily, until the model ends, ``max_tokens``, ``flag`` or ``is_over``.

        What the last call left in the context is used again as far as it is the same.
        """
        self._api.llama_set_abort_callback(self._context, _library().strlen, flag.address)
        self._flag = flag
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        pending = self._forget_all_but_common(ids)
        tokens, logprob = 0, 0.0
        for _ in range(max_tokens):
            if not self._evaluate(pending, flag, is_over):
                return
            token, token_logprob = self._likeliest()
            if self._api.llama_vocab_is_eog(self._vocabulary, token):
                return
            tokens, logprob = tokens + 1, logprob + token_logprob
            if text := decoder.decode(self._token_bytes(token)):
                yield Piece(text, tokens, logprob)
                tokens, logprob = 0, 0.0
            pending = [token]
        yield Cut("length")

    def close(self) -> None:
        """Give the memory back; the object is of no use afterwards."""
        self._api.llama_free(self._context)
        self._api.llama_model_free(self._model)

    def _open_context(self, context_tokens: int, threads: int) -> object:
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
        return context

    def _template(self) -> Render:
        """The model's own chat template as a function; ChatML where it has none."""
        template = self._api.llama_model_chat_template(self._model, None)
        if not template:
            return render_chatml
        from llama_cpp.llama_chat_format import Jinja2ChatFormatter

        formatter = Jinja2ChatFormatter(
            template=template.decode(),
            bos_token=self._token_text(self._api.llama_vocab_bos(self._vocabulary)),
            eos_token=self._token_text(self._api.llama_vocab_eos(self._vocabulary)),
        )
        # Reasoning models would think aloud for minutes on a processor.
        return lambda messages: str(formatter(messages=messages, enable_thinking=False).prompt)

    def _forget_all_but_common(self, ids: Sequence[int]) -> Sequence[int]:
        """Keep the part of the context that begins ``ids``, and return the tokens still to be evaluated."""
        # The last token is always evaluated anew: its logits are not kept.
        common = next(
            (place for place, (old, new) in enumerate(zip(self._live, ids[:-1], strict=False)) if old != new),
            min(len(self._live), len(ids) - 1),
        )
        memory = self._api.llama_get_memory(self._context)
        if not self._api.llama_memory_seq_rm(memory, 0, common, -1):  # recurrent models cannot forget a part
            self._api.llama_memory_clear(memory, True)
            common = 0
        del self._live[common:]
        return ids[common:]

    def _evaluate(self, ids: Sequence[int], flag: StopFlag, is_over: Callable[[], bool]) -> bool:
        """Add tokens to the context; false when ended early.  ``_live`` tells what is in it for certain."""
        for start in range(0, len(ids), self._batch):
            if is_over():
                return False
            part = ids[start : start + self._batch]
            array = (self._api.llama_token * len(part))(*part)
            code = self._api.llama_decode(self._context, self._api.llama_batch_get_one(array, len(part)))
            if code != 0:
                if flag.is_set():
                    return False
                raise GenerationError(
                    f"the language model failed (llama.cpp: {code}); ask again, and if it fails again "
                    "lower llm.context_tokens or choose another model"
                )
            self._live += part
        return True

    def _likeliest(self) -> tuple[int, float]:
        """The most probable next token and the natural logarithm of its probability."""
        pointer = self._api.llama_get_logits_ith(self._context, -1)
        logits = np.ctypeslib.as_array(pointer, shape=(self._words,))
        token = int(logits.argmax())
        return token, -float(np.log(np.exp(logits - logits[token]).sum()))

    def _token_text(self, token: int) -> str:
        return "" if token < 0 else str(self._api.llama_vocab_get_text(self._vocabulary, token).decode())

    def _token_bytes(self, token: int) -> bytes:
        buffer = ctypes.create_string_buffer(512)
        length = self._api.llama_token_to_piece(self._vocabulary, token, buffer, len(buffer), 0, False)
        return buffer.raw[: max(length, 0)]


@cache
def _library() -> _Library:
    return _Library()


class _Library:
    """llama.cpp in this process, its log taken over for good: silence, but the last errors are kept."""

    def __init__(self) -> None:
        # Threads that spin while they wait for each other lose most of their speed as soon as another
        # program, be it the browser with the chat window, wants a core. Only read when first loaded.
        os.environ.setdefault("OMP_WAIT_POLICY", "passive")
        import llama_cpp

        native = ctypes.CDLL("msvcrt") if sys.platform == "win32" else ctypes.CDLL(None)
        self.api: Any = llama_cpp
        self.strlen = ctypes.cast(native.strlen, llama_cpp.ggml_abort_callback)
        self.errors: deque[str] = deque(maxlen=8)
        self._callback = llama_cpp.llama_log_callback(self._keep)  # llama.cpp does not keep it alive
        llama_cpp.llama_log_set(self._callback, None)
        llama_cpp.llama_backend_init()

    def _keep(self, level: int, text: bytes, _: object) -> None:
        if level == _LOG_ERROR:
            message = text.decode(errors="replace").strip()
            self.errors.append(message.partition(": ")[2] or message)  # without the C++ function's name
