from __future__ import annotations

import asyncio

import gradio as gr
from gradio.state_holder import SessionState

from ui.window.blocks import Window


def test_a_page_keeps_no_component_of_a_past_event() -> None:
    async def events() -> tuple[set[int], set[int], object]:
        with Window() as app:
            box, other = gr.Textbox(), gr.Textbox()
            gr.Button().click(lambda: None, None, [box, other])
        [handler] = app.fns.values()
        page = SessionState(app)
        for number in range(3):
            await app.postprocess_data(handler, {other: "passes the first over"}, page)
            updates = await app.postprocess_data(handler, {box: f"answer {number}"}, page)
        return set(page.blocks_config.blocks), set(app.default_config.blocks), updates[0]

    kept, made, shown = asyncio.run(events())
    assert kept == made
    assert shown == "answer 2"
