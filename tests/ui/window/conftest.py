"""A browser, a folder with articles, and visitors who must not see an error."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

    from tests.support.window_app import Window
    from tests.support.window_browser import Visit


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what opens a browser; a window alone takes seconds."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.slow)
            if "browser" in getattr(item, "fixturenames", ()):
                item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import expect

    from tests.support.window_browser import chromium, running_browser

    if chromium() is None:
        pytest.skip("needs a Chromium on the path, for example Debian's package chromium")
    expect.set_options(timeout=60_000)
    with running_browser() as browser:
        yield browser


def furnished(home: Path) -> Path:
    """Let a folder's ``articles`` hold the three files and nothing else."""
    from tests.support.window_browser import ARTICLES

    folder = home / "articles"
    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():
        path.unlink()
    for name, text in ARTICLES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return home


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder whose ``articles`` hold three files, for a test that opens a window of its own."""
    return furnished(tmp_path)


@pytest.fixture(scope="module")
def opened_window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Window]:
    from tests.support.window_app import opened

    with opened(furnished(tmp_path_factory.mktemp("window"))) as window:
        yield window


@pytest.fixture
def window(opened_window: Window) -> Window:
    """The window that the tests of a module share, as if it had just been opened on the three files."""
    furnished(opened_window.library.folder.parent)
    opened_window.begin_anew()
    return opened_window


@pytest.fixture(scope="module")
def cached(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that has the parts of the page already, so that only the first visit of a module fetches them."""
    context = browser.new_context(locale="en-US")
    yield context
    context.close()


@pytest.fixture
def visit(browser: Browser, cached: BrowserContext) -> Iterator[Visit]:
    """Open pages as new visitors; at the end no visitor may have seen an error or a foreign request.

    Nothing glides in them unless a test asks for it: a place that has been reached is the place where it stays.
    """
    from tests.support.window_browser import READY, Seen

    seen: list[Seen] = []

    def open_page(address: str, width: int = 1280, height: int = 800, **media: str) -> Page:
        context = browser.new_context(locale="en-US") if seen else cached
        seen.append(Seen(context.new_page()))
        page = seen[-1].watch()
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(**{"reduced_motion": "reduce"} | media)  # type: ignore[arg-type]
        page.set_default_timeout(60_000)
        page.goto(address)
        page.wait_for_selector(READY, state="attached")
        return page

    yield open_page
    for item in seen:
        if item.page.url.startswith("http") and not item.page.is_closed():
            item.page.evaluate("localStorage.clear()")
        item.page.close()
        if item.page.context != cached:
            item.page.context.close()
    cached.clear_cookies()
    cached.clear_permissions()
    assert [complaint for item in seen for complaint in item.complaints] == []
