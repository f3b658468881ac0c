"""llama.cpp in this process."""

from __future__ import annotations

import ctypes
import os
import sys
from collections import deque
from functools import cache
from pathlib import Path
from typing import Any

from rag.errors import GenerationError

_LOG_ERROR = 4  # GGML_LOG_LEVEL_ERROR, which the bindings do not name


@cache
def llama_library() -> LlamaLibrary:
    """The one of this process; loads it at the first call."""
    return LlamaLibrary()


class LlamaLibrary:
    """The functions of llama.cpp, its log taken over for good: silence, but the last errors are kept."""

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

    def open_model(self, path: Path, *, vocabulary_only: bool = False) -> int:
        """Load a GGUF file.  Raises GenerationError when it is no model that llama.cpp reads, or memory is short."""
        self.errors.clear()
        params = self.api.llama_model_default_params()
        params.vocab_only = vocabulary_only
        model = self.api.llama_model_load_from_file(os.fsencode(path), params)
        if not model:
            raise GenerationError(
                f"{path.name} cannot be loaded ({self.last_error()}); "
                "run 'hoidap models verify', or choose another model"
            )
        return model  # type: ignore[no-any-return]

    def last_error(self) -> str:
        """Why the last call failed, as far as llama.cpp tells."""
        return self.errors[0] if self.errors else "llama.cpp gives no reason"
