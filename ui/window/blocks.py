"""Gradio's Blocks without what it would keep of every event for as long as the page is open."""

from __future__ import annotations

from typing import Any

import gradio as gr
from gradio.block_function import BlockFunction
from gradio.state_holder import SessionState


class Window(gr.Blocks):
    """Blocks whose memory does not grow with the events of a page.

    A component that one step of an event passes over and a later step fills is built anew by Gradio (6.31) and
    kept with its value under a number of its own, about 140 kB a question; nobody ever looks there again.
    """

    async def postprocess_data(
        self, block_fn: BlockFunction, predictions: list[Any] | dict[Any, Any], state: SessionState | None
    ) -> list[Any]:
        """Take what a handler gave, and forget what nobody will ask for."""
        output: list[Any] = await super().postprocess_data(block_fn, predictions, state)
        if state is not None:
            for stray in state.blocks_config.blocks.keys() - self.default_config.blocks.keys():
                del state.blocks_config.blocks[stray]
                state.config_values.pop(stray, None)
        return output
