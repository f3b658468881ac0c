"""Gradio's Blocks without what it would keep, and build, of every event for as long as the page is open."""

from __future__ import annotations

from copy import copy
from typing import Any

import gradio as gr
from gradio.block_function import BlockFunction
from gradio.blocks import convert_component_dict_to_list
from gradio.state_holder import SessionState

_SKIPPED: dict[str, Any] = gr.skip()


class Window(gr.Blocks):
    """Blocks whose memory does not grow with the events of a page, and that build nothing which stays as it is.

    A component that one step of an event passes over is built anew by Gradio (6.31), which costs more than the rest of
    the step; and where a later step fills it, it is kept with its value under a number of its own, about 140 kB a
    question, where nobody ever looks again.
    """

    async def postprocess_data(
        self, block_fn: BlockFunction, predictions: list[Any] | dict[Any, Any], state: SessionState | None
    ) -> list[Any]:
        """Draw the outputs of a handler, and drop components that are no longer used."""
        # Of one component alone nothing is passed over; a dictionary may be its new looks, or hold its value.
        if isinstance(predictions, dict) and len(block_fn.outputs) > 1 and predictions != _SKIPPED:
            output = await self._changed(block_fn, predictions, state)
        else:
            output = await super().postprocess_data(block_fn, predictions, state)
        if state is not None:
            for stray in state.blocks_config.blocks.keys() - self.default_config.blocks.keys():
                del state.blocks_config.blocks[stray]
                state.config_values.pop(stray, None)
        return output

    async def _changed(
        self, block_fn: BlockFunction, predictions: dict[Any, Any], state: SessionState | None
    ) -> list[Any]:
        """Let Gradio see only the components that get another value."""
        updates = list(convert_component_dict_to_list(list(block_fn.outputs), predictions))
        kept = [at for at, value in enumerate(updates) if value != _SKIPPED]
        output: list[Any] = [dict(_SKIPPED) for _ in updates]
        if kept:
            fewer = copy(block_fn)
            fewer.outputs = [block_fn.outputs[at] for at in kept]
            values = [updates[at] for at in kept]
            given = await super().postprocess_data(fewer, values if len(kept) > 1 else values[0], state)
            for at, value in zip(kept, given, strict=True):
                output[at] = value
        return output
