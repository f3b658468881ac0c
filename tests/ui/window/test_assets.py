"""What every page needs comes pressed together, early, and once."""

from __future__ import annotations

import gzip
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.window_app import Window, opened
from tests.support.window_browser import Visit, ask
from ui.window.access.gradio_seam import ASSETS, NEEDED

SCRIPT = f"assets/{NEEDED[0]}"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("window")
    (home / "articles").mkdir()
    with opened(home) as window:
        yield window.address


def raw(url: str, taken: str) -> tuple[httpx.Response, bytes]:
    """Give an answer and its body as it came over the line."""
    with httpx.stream("GET", url, headers={"accept-encoding": taken}) as response:
        return response, b"".join(response.iter_raw())


@pytest.mark.parametrize("place", ["", "en/"])
@pytest.mark.parametrize(("taken", "way"), [("gzip, deflate, br", "gzip"), ("", "identity")])
def test_a_script_comes_as_small_as_the_browser_takes_it_and_is_kept(
    address: str, place: str, taken: str, way: str
) -> None:
    response, body = raw(f"{address}{place}{SCRIPT}", taken)
    plain = (ASSETS / NEEDED[0]).read_bytes()
    opened_up = gzip.decompress(body) if way == "gzip" else body
    assert (response.status_code, response.headers.get("content-encoding", "identity"), opened_up) == (
        200,
        way,
        plain,
    )
    assert way == "identity" or len(body) < len(plain) / 2
    assert "immutable" in response.headers["cache-control"] and response.headers["vary"] == "accept-encoding"
    assert "default-src 'self'" in response.headers["content-security-policy"]


def test_a_page_comes_pressed_and_names_early_only_scripts_that_there_are(address: str) -> None:
    response, body = raw(address, "gzip")
    assert b"gradio_config" in gzip.decompress(body) and len(body) < 40_000
    named = re.findall(r"<\./([^>]+)>; rel=modulepreload", response.headers["link"])
    assert len(named) == len(NEEDED)
    assert [httpx.head(address + path).status_code for path in named] == [200] * len(named)


def test_no_plotting_library_is_loaded_for_an_event(tmp_path: Path) -> None:
    """It would keep everybody waiting at the first press, in a program that draws nothing."""
    code = (
        "import pathlib, sys; from tests.support.window_app import opened\n"
        "from tests.support.window_person import Person\n"
        f"home = pathlib.Path({str(tmp_path)!r}); (home / 'articles').mkdir()\n"
        "with opened(home) as window, Person(window.address, 'person0001') as person:\n"
        "    assert 'welcome' in person.open()\n"
        "    print('matplotlib' in sys.modules)"
    )
    completed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert completed.stdout.strip() == "False"


def test_a_browser_fetches_little_and_the_second_time_hardly_anything(window: Window, visit: Visit) -> None:
    page = visit(window.address)
    ask(page, "Huyện Ba Sen giảm bao nhiêu hộ nghèo?")
    page.reload()
    page.wait_for_selector("#live .exchange")
    again = page.evaluate("performance.getEntries().reduce((sum, one) => sum + (one.transferSize ?? 0), 0)")
    assert 10_000 < again < 60_000
