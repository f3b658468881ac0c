"""Run the engine's libraries once, in a process that may die of it: ``python trial.py FOLDER``.

A library made for another processor loads well and dies at its first instruction that this one does not know, so
a small product of quantised matrices is computed.  Only ctypes is needed, no package.
"""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

_Q4_K, _F32 = 12, 0
_ROWS, _COLUMNS = 256, 32


class _Parameters(ctypes.Structure):
    _fields_ = (("mem_size", ctypes.c_size_t), ("mem_buffer", ctypes.c_void_p), ("no_alloc", ctypes.c_bool))


def main(folder: Path) -> None:
    """Load the libraries and compute; ends the process where they are of no use."""
    if sys.platform == "win32":
        os.add_dll_directory(str(folder))
    names = ("ggml-base", "ggml-cpu", "ggml", "llama")
    loaded = [
        ctypes.CDLL(str(path), mode=ctypes.RTLD_GLOBAL)
        for path in filter(None, (find(folder, name) for name in names))
    ]
    multiply(loaded)
    loaded[-1].llama_backend_init()


def multiply(libraries: list[ctypes.CDLL]) -> None:
    """Multiply a quantised matrix by another one, on one thread."""
    call = _Caller(libraries)
    memory = ctypes.create_string_buffer(16_000_000)
    parameters = _Parameters(len(memory), ctypes.cast(memory, ctypes.c_void_p), False)
    context = call("ggml_init", ctypes.c_void_p, parameters)
    quantised = call(
        "ggml_new_tensor_2d", ctypes.c_void_p, ctypes.c_void_p(context), ctypes.c_int(_Q4_K), *_shape()
    )
    other = call(
        "ggml_new_tensor_2d", ctypes.c_void_p, ctypes.c_void_p(context), ctypes.c_int(_F32), *_shape()
    )
    product = call("ggml_mul_mat", ctypes.c_void_p, *map(ctypes.c_void_p, (context, quantised, other)))
    graph = call("ggml_new_graph", ctypes.c_void_p, ctypes.c_void_p(context))
    call("ggml_build_forward_expand", None, ctypes.c_void_p(graph), ctypes.c_void_p(product))
    status = call(
        "ggml_graph_compute_with_ctx",
        ctypes.c_int,
        ctypes.c_void_p(context),
        ctypes.c_void_p(graph),
        ctypes.c_int(1),
    )
    if status != 0:
        sys.exit(f"ggml: {status}")


class _Caller:
    """Calls a function of whichever library has it."""

    def __init__(self, libraries: list[ctypes.CDLL]) -> None:
        self._libraries = libraries

    def __call__(self, name: str, result: type | None, *arguments: object) -> int:
        function = next(getattr(library, name) for library in self._libraries if hasattr(library, name))
        function.restype = result
        value: int = function(*arguments)
        return value


def _shape() -> tuple[ctypes.c_int64, ctypes.c_int64]:
    return ctypes.c_int64(_ROWS), ctypes.c_int64(_COLUMNS)


def find(folder: Path, name: str, *, system: str = sys.platform) -> Path | None:
    """The file of a library as the system calls it."""
    ends = (".dll",) if system == "win32" else (".dylib", ".so")
    found = [
        path
        for end in ends
        for path in (folder / f"lib{name}{end}", folder / f"{name}{end}")
        if path.exists()
    ]
    return found[0] if found else None


if __name__ == "__main__":
    main(Path(sys.argv[1]))
