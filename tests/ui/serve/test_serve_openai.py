"""The official client of OpenAI asks over the wire."""

from __future__ import annotations

import asyncio
import base64
import threading
import time
from collections.abc import Iterator

import openai
import pytest
from fakes import FakeGenerator
from llm_server import llm_server
from openai import AsyncOpenAI, OpenAI
from openai.types.chat import ChatCompletionChunk
from serve_app import ANSWER, QUESTION, QUOTE, REPLY, Served, served

from index.store.store import Store
from rag.errors import GenerationError
from rag.writer.generator import GenerationEvent, Piece, Prompt, Started
from rag.writer.openai_server import OpenAIServer
from ui.serve.access.rate_limits import Limits

USER = {"role": "user", "content": QUESTION}


OPENED: list[OpenAI] = []


def client(server: Served, key: str = "none") -> OpenAI:
    OPENED.append(OpenAI(base_url=f"{server.address}/v1", api_key=key, max_retries=0, timeout=20))
    return OPENED[-1]


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    while OPENED:
        OPENED.pop().close()


@pytest.fixture
def server(store: Store) -> Iterator[Served]:
    with served(store, REPLY, REPLY, REPLY) as running:
        yield running


def test_the_one_model_is_listed_and_described(server: Served) -> None:
    assert [model.id for model in client(server).models.list()] == ["hoidap"]
    assert client(server).models.retrieve("hoidap").owned_by == "hoidap"
    with pytest.raises(openai.NotFoundError, match="There is no model 'gpt-9'"):
        client(server).models.retrieve("gpt-9")
    with pytest.raises(openai.NotFoundError) as caught:
        client(server).chat.completions.create(model="gpt-9", messages=[USER])
    assert caught.value.code == "model_not_found"


def test_an_answer_carries_its_sources_where_they_stand_in_it(server: Served) -> None:
    response = client(server).chat.completions.create(model="hoidap", messages=[USER])
    message = response.choices[0].message
    assert (message.content, response.choices[0].finish_reason) == (ANSWER, "stop")
    (annotation,) = message.annotations
    citation = annotation.url_citation
    assert annotation.type == "url_citation"
    assert message.content[citation.start_index : citation.end_index] == ANSWER
    assert citation.title == "Đảng bộ huyện Kim Liên kết nạp đảng viên mới"
    extension = response.model_extra["hoidap"]
    (quoted,) = extension["citations"]
    assert (quoted["quote"], quoted["article_id"]) == (QUOTE, "kim-lien.txt")
    assert citation.url == (
        f"{server.address}/articles/kim-lien.txt?start={quoted['start']}&end={quoted['end']}#trich"
    )
    assert 0.5 < extension["confidence"] <= 1
    assert extension["scope"] == {"from": None, "to": None, "sources": []}
    assert response.usage.completion_tokens == 8
    assert response.usage.total_tokens == response.usage.prompt_tokens + 8


def test_every_sentence_has_its_own_place(store: Store) -> None:
    reply = "Huyện kết nạp 82 đảng viên mới. Hội nghị do đồng chí Trần Văn An chủ trì."
    asked = {"role": "user", "content": "Hội nghị kết nạp đảng viên mới của huyện ra sao?"}
    with served(store, reply) as server:
        message = client(server).chat.completions.create(model="hoidap", messages=[asked]).choices[0].message
    places = [
        message.content[one.url_citation.start_index : one.url_citation.end_index]
        for one in message.annotations
    ]
    assert places == [
        "Huyện kết nạp 82 đảng viên mới. [1]",
        "Hội nghị do đồng chí Trần Văn An chủ trì. [2]",
    ]


def streamed(server: Served, **more: object) -> list[ChatCompletionChunk]:
    return list(client(server).chat.completions.create(model="hoidap", messages=[USER], stream=True, **more))


def test_a_stream_joins_to_the_same_answer_and_ends_with_its_proof(server: Served) -> None:
    whole = client(server).chat.completions.create(model="hoidap", messages=[USER])
    chunks = streamed(server)
    deltas = [chunk.choices[0].delta for chunk in chunks]
    assert deltas[0].role == "assistant"
    assert "".join(delta.content or "" for delta in deltas) == whole.choices[0].message.content
    draft = "".join((delta.model_extra or {}).get("reasoning_content", "") for delta in deltas)
    assert draft == REPLY
    found = [note for delta in deltas if (note := (delta.model_extra or {}).get("annotations"))]
    assert found == [[note.model_dump() for note in whole.choices[0].message.annotations]]
    assert [chunk.choices[0].finish_reason for chunk in chunks if chunk.choices[0].finish_reason] == ["stop"]
    assert chunks[-1].model_extra["hoidap"]["citations"][0]["quote"] == QUOTE
    assert {chunk.id for chunk in chunks} == {chunks[0].id}


def test_a_stream_tells_what_happens_before_the_first_word(server: Served) -> None:
    states = [extension["state"] for chunk in streamed(server) if "state" in (extension := own(chunk))]
    assert states == ["reading", "checking"]


def own(chunk: ChatCompletionChunk) -> dict[str, object]:
    return (chunk.model_extra or {}).get("hoidap", {})


def test_tokens_are_counted_at_the_end_of_a_stream_for_who_wants_it(server: Served) -> None:
    assert all(chunk.usage is None for chunk in streamed(server))
    last = streamed(server, stream_options={"include_usage": True})[-1]
    assert (last.choices, last.usage.completion_tokens) == ([], 8)


def test_a_later_question_leans_on_the_earlier_ones(store: Store) -> None:
    with served(store, "Đồng chí Trần Văn An chủ trì hội nghị.") as server:
        response = client(server).chat.completions.create(
            model="hoidap",
            messages=[
                {"role": "system", "content": "Trả lời như một nhà thơ."},
                USER,
                {"role": "assistant", "content": ANSWER},
                {
                    "role": "user",
                    "content": [{"type": "text", "text": "Hội nghị đó do đồng chí nào chủ trì?"}],
                },
            ],
            temperature=0.7,
        )
    extension = response.model_extra["hoidap"]
    assert extension["question"] == "Hội nghị đó do đồng chí nào chủ trì?"
    assert extension["standalone"] == f"{QUESTION} Hội nghị đó do đồng chí nào chủ trì?"
    assert extension["citations"][0]["article_id"] == "kim-lien.txt"
    assert extension["ignored"] == ["system message", "temperature"]


def test_what_the_articles_do_not_tell_is_refused_in_words(server: Served) -> None:
    response = client(server).chat.completions.create(
        model="hoidap", messages=[{"role": "user", "content": "Giá vàng thế giới hôm nay ra sao?"}]
    )
    message = response.choices[0].message
    assert "không tìm thấy" in message.content
    assert (message.annotations, response.model_extra["hoidap"]["refused"]) == ([], True)
    assert response.usage.total_tokens == 0


def test_a_scope_leaves_out_the_other_articles(server: Served) -> None:
    response = client(server).chat.completions.create(
        model="hoidap",
        messages=[USER],
        extra_body={"hoidap": {"from": "2020-01-01", "sources": ["ba-sen.txt"]}},
    )
    extension = response.model_extra["hoidap"]
    assert extension["scope"] == {"from": "2020-01-01", "to": None, "sources": ["ba-sen.txt"]}
    assert {passage["article_id"] for passage in extension["passages"]} <= {"ba-sen.txt"}


def test_a_message_that_asks_nothing_gets_its_reply_in_every_form(server: Served) -> None:
    """Such a reply is the first event and the last."""
    reply = "Tôi chưa hiểu bạn muốn hỏi gì."
    messages = [{"role": "user", "content": "?!"}]
    whole = client(server).chat.completions.create(model="hoidap", messages=messages)
    assert whole.choices[0].message.content.startswith(reply)
    pieces = client(server).chat.completions.create(model="hoidap", messages=messages, stream=True)
    assert "".join(piece.choices[0].delta.content or "" for piece in pieces if piece.choices).startswith(
        reply
    )
    assert client(server).responses.create(model="hoidap", input="?!").output_text.startswith(reply)


@pytest.mark.parametrize(
    ("messages", "more", "expected"),
    [
        ([{"role": "user", "content": " "}], {}, "must be the user's question"),
        ([USER, {"role": "assistant", "content": "82"}], {}, "must be the user's question"),
        ([], {}, "must be the user's question"),
        ([{"role": "user", "content": "dài " * 600}], {}, "2,000 characters"),
        ([USER], {"n": 2}, "n: not offered"),
        ([USER], {"response_format": {"type": "json_object"}}, "response_format: not offered"),
        ([USER], {"extra_body": {"hoidap": {"form": "2020-01-01"}}}, "hoidap.form"),
        ([USER], {"extra_body": {"hoidap": {"from": "31/12"}}}, "hoidap.from"),
    ],
)
def test_what_cannot_be_answered_is_told(server: Served, messages: list, more: dict, expected: str) -> None:
    for stream in (False, True):
        with pytest.raises(openai.BadRequestError, match=expected):
            client(server).chat.completions.create(model="hoidap", messages=messages, stream=stream, **more)


def test_a_picture_is_not_read(server: Served) -> None:
    picture = f"data:image/png;base64,{base64.b64encode(b'png').decode()}"
    parts = [{"type": "text", "text": "Ảnh gì?"}, {"type": "image_url", "image_url": {"url": picture}}]
    with pytest.raises(openai.BadRequestError, match="Only text can be read, not 'image_url'"):
        client(server).chat.completions.create(model="hoidap", messages=[{"role": "user", "content": parts}])


def test_a_token_is_asked_for_as_soon_as_there_is_one(server: Served) -> None:
    secret = server.tokens.new("may-phong-hop", "read")
    for wrong in ("none", secret[:-1], f"{secret}x"):
        with pytest.raises(openai.AuthenticationError) as caught:
            client(server, wrong).models.list()
        assert caught.value.code == "invalid_api_key"
    response = client(server, secret).chat.completions.create(model="hoidap", messages=[USER])
    assert response.choices[0].message.content == ANSWER
    server.tokens.remove("may-phong-hop")
    server.tokens.new("other", "read")
    with pytest.raises(openai.AuthenticationError):
        client(server, secret).models.list()


def test_who_asks_too_often_waits(store: Store) -> None:
    with served(store, limits=Limits(requests_per_minute=3)) as server:
        for _ in range(3):
            client(server).models.list()
        with pytest.raises(openai.RateLimitError) as caught:
            client(server).models.list()
        assert 15 <= int(caught.value.response.headers["retry-after"]) <= 20


def test_a_request_has_an_id_which_the_asker_may_give(server: Served) -> None:
    raw = client(server).models.with_raw_response
    assert raw.list().headers["x-request-id"].startswith("req_")
    assert raw.list(extra_headers={"x-request-id": "abc-1"}).headers["x-request-id"] == "abc-1"
    assert raw.list(extra_headers={"x-request-id": "a b"}).headers["x-request-id"].startswith("req_")


class SlowGenerator(FakeGenerator):
    """Writes words until it is stopped, or breaks after the third."""

    def __init__(self, *, breaks: bool = False) -> None:
        super().__init__()
        self.breaks, self.ended = breaks, threading.Event()

    def generate(
        self, prompt: Prompt, *, max_tokens: int, stop: threading.Event, seconds: float
    ) -> Iterator[GenerationEvent]:
        yield Started(10)
        for number in range(2_000):
            if stop.is_set():
                self.ended.set()
                return
            if self.breaks and number == 3:
                raise GenerationError("the language model has failed; start again")
            yield Piece(" huyện", 1, -0.1)
            time.sleep(0.01)


def test_who_leaves_a_stream_ends_the_writing(store: Store) -> None:
    generator = SlowGenerator()
    with served(store, generator=generator) as server:
        stream = client(server).chat.completions.create(model="hoidap", messages=[USER], stream=True)
        for _, _chunk in zip(range(5), stream, strict=False):
            assert not generator.ended.is_set()
        stream.close()
        assert generator.ended.wait(5)


def test_who_does_not_wait_for_a_whole_answer_ends_the_writing(store: Store) -> None:
    generator = SlowGenerator()
    with served(store, generator=generator) as server:
        with pytest.raises(openai.APITimeoutError):
            client(server).with_options(timeout=0.5).chat.completions.create(model="hoidap", messages=[USER])
        assert generator.ended.wait(5)


def test_what_breaks_in_a_stream_is_told_in_it(store: Store) -> None:
    with served(store, generator=SlowGenerator(breaks=True)) as server:
        stream = client(server).chat.completions.create(model="hoidap", messages=[USER], stream=True)
        with pytest.raises(openai.APIError, match="the language model has failed"):
            list(stream)
        with pytest.raises(openai.InternalServerError, match="the language model has failed"):
            client(server).chat.completions.create(model="hoidap", messages=[USER])


def test_too_many_at_once_are_told_to_come_again(store: Store) -> None:
    with served(store, generator=SlowGenerator(), limits=Limits(waiting=1)) as server:
        streams = [
            client(server).chat.completions.create(model="hoidap", messages=[USER], stream=True)
            for _ in range(2)
        ]
        (queued,) = (
            chunk.model_extra["hoidap"]
            for _, chunk in zip(range(2), streams[1], strict=False)
            if chunk.model_extra
        )
        assert queued == {"state": "queued", "ahead": 1}
        with pytest.raises(openai.InternalServerError) as caught:
            client(server).chat.completions.create(model="hoidap", messages=[USER])
        assert (caught.value.status_code, caught.value.code) == (503, "busy")
        assert int(caught.value.response.headers["retry-after"]) > 0
        for stream in streams:
            stream.close()


def test_one_asker_may_not_fill_the_line_and_is_told_what_to_do(store: Store) -> None:
    with served(store, generator=SlowGenerator(), limits=Limits(waiting_each=1)) as server:
        tokens = [server.tokens.new(name, "read") for name in ("a", "b")]
        streams = [
            client(server, token).chat.completions.create(model="hoidap", messages=[USER], stream=True)
            for token in (tokens[0], tokens[0], tokens[1])
        ]
        with pytest.raises(openai.RateLimitError, match="stop one") as caught:
            client(server, tokens[0]).chat.completions.create(model="hoidap", messages=[USER])
        assert caught.value.code == "too_many_waiting"
        assert int(caught.value.response.headers["retry-after"]) > 0
        for stream in streams:
            stream.close()


def test_a_single_question_is_not_kept_waiting_by_another_asker_s_fifty(store: Store) -> None:
    order: list[str] = []

    def ask(server: Served, name: str, secret: str) -> None:
        client(server, secret).chat.completions.create(model="hoidap", messages=[USER])
        order.append(name)

    with llm_server(reply=REPLY, wait=0.1) as llm:
        generator = OpenAIServer(llm.base_url, "m", None, 4096)
        with served(store, generator=generator, limits=Limits(waiting_each=50)) as server:
            secrets = {name: server.tokens.new(name, "read") for name in ("many", "one")}
            threads = [
                threading.Thread(target=ask, args=(server, "many", secrets["many"])) for _ in range(20)
            ]
            for thread in threads:
                thread.start()
            while llm.counts()["asked"] < 1:
                time.sleep(0.01)
            time.sleep(0.1)
            ask(server, "one", secrets["one"])
            behind = order.index("one")
            for thread in threads:
                thread.join()
    assert len(order) == 21 and behind <= 4, (
        "the running question, one of the others, and what ended meanwhile"
    )


def test_as_many_are_answered_at_once_as_the_servers_take(store: Store) -> None:
    with llm_server(reply=REPLY, wait=0.3) as llm:
        generator = OpenAIServer(llm.base_url, "m", None, 4096)
        with served(store, generator=generator, limits=Limits(at_once=3)) as server:
            asking = [
                threading.Thread(
                    target=client(server).chat.completions.create,
                    kwargs={"model": "hoidap", "messages": [USER]},
                )
                for _ in range(9)
            ]
            for thread in asking:
                thread.start()
            for thread in asking:
                thread.join()
        assert llm.counts() == {"asked": 9, "running": 0, "most": 3}


def test_several_ask_at_once(store: Store) -> None:
    async def ask(server: Served) -> list[str | None]:
        async with AsyncOpenAI(base_url=f"{server.address}/v1", api_key="none", max_retries=0) as several:
            work = (several.chat.completions.create(model="hoidap", messages=[USER]) for _ in range(6))
            return [response.choices[0].message.content for response in await asyncio.gather(*work)]

    with served(store, *[REPLY] * 6) as server:
        assert asyncio.run(ask(server)) == [ANSWER] * 6


def test_the_newer_interface_gives_the_same_answer_and_places(server: Served) -> None:
    response = client(server).responses.create(model="hoidap", input=QUESTION, instructions="Ngắn thôi.")
    assert (response.output_text, response.status) == (ANSWER, "completed")
    (note,) = response.output[0].content[0].annotations
    assert (note.type, response.output_text[note.start_index : note.end_index]) == ("url_citation", ANSWER)
    assert note.title == "Đảng bộ huyện Kim Liên kết nạp đảng viên mới"
    assert response.usage.output_tokens == 8
    assert response.model_extra["hoidap"]["citations"][0]["quote"] == QUOTE
    assert response.model_extra["hoidap"]["ignored"] == ["instructions"]


def test_the_newer_interface_streams_and_takes_conversations(store: Store) -> None:
    messages = [
        {"role": "user", "content": QUESTION},
        {"role": "assistant", "content": ANSWER},
        {"role": "user", "content": [{"type": "input_text", "text": "Hội nghị đó do đồng chí nào chủ trì?"}]},
    ]
    with (
        served(store, "Đồng chí Trần Văn An chủ trì hội nghị.") as server,
        client(server).responses.stream(model="hoidap", input=messages) as stream,
    ):
        events = list(stream)
        whole = stream.get_final_response()
    joined = "".join(event.delta for event in events if event.type == "response.output_text.delta")
    assert joined == whole.output_text == "Đồng chí Trần Văn An chủ trì hội nghị. [1]"
    assert whole.model_extra["hoidap"]["standalone"].startswith(QUESTION)


def test_what_the_newer_interface_cannot_do_is_told(store: Store, server: Served) -> None:
    for more in ({"previous_response_id": "resp_1"}, {"tool_choice": "required"}):
        with pytest.raises(openai.BadRequestError):
            client(server).responses.create(model="hoidap", input=QUESTION, **more)
    with served(store, generator=SlowGenerator(breaks=True)) as broken:
        stream = client(broken).responses.create(model="hoidap", input=QUESTION, stream=True)
        assert [event.type for event in stream][-1] == "error"
