"""A browser, a folder with articles, and visitors who must not see an error."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.window_browser import Visit


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything here as a test in a browser; Gradio counts its calls with pandas, which warns."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import expect

    from tests.window_browser import chromium, running_browser

    if chromium() is None:
        pytest.skip("needs a Chromium on the path, for example Debian's package chromium")
    expect.set_options(timeout=60_000)
    with running_browser() as browser:
        yield browser


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder whose ``articles`` hold three files."""
    from tests.window_browser import ARTICLES

    (tmp_path / "articles").mkdir()
    for name, text in ARTICLES.items():
        (tmp_path / "articles" / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """Open pages as new visitors; at the end no visitor may have seen an error or a foreign request."""
    from tests.window_browser import READY, Seen

    with ExitStack() as leaving:
        seen: list[Seen] = []

        def open_page(address: str, width: int = 1280, height: int = 800, **settings: object) -> Page:
            context = browser.new_context(
                viewport={"width": width, "height": height},
                locale="en-US",
                # Nothing glides, so that a place which has been reached is the place where it stays.
                **{"reduced_motion": "reduce"} | settings,  # type: ignore[arg-type]
            )
            leaving.callback(context.close)
            seen.append(Seen(context.new_page()))
            page = seen[-1].watch()
            page.set_default_timeout(60_000)
            page.goto(address)
            page.wait_for_selector(READY, state="attached")
            return page

        yield open_page
        assert [complaint for item in seen for complaint in item.complaints] == []
