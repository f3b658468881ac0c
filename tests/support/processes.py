"""Processes that are started again and again by tests which kill them."""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from multiprocessing.context import BaseContext


def quickly_started(*modules: str, methods: Sequence[str] | None = None) -> BaseContext:
    """Give what starts processes that have loaded ``modules`` already, where the system can: Windows loads anew.

    ``methods`` are those of the system, unless a test tells others.
    """
    if "forkserver" not in (methods or multiprocessing.get_all_start_methods()):
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([*modules])
    return context
