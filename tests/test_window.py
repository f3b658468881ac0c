"""The window in a real browser; run with ``-m browser``, needs Playwright and a Chromium on the path."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api", reason="needs 'pip install playwright'")
from playwright.sync_api import Browser, Page, expect

from index.schema import Article
from tests.window_app import opened
from tests.window_browser import READY, Seen, ask, chromium, download, running_browser, settle

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),  # Gradio counts its calls with pandas
]

expect.set_options(timeout=20_000)
ARTICLES = {
    "ba-sen.txt": "Huyện Ba Sen giảm nghèo\n15/10/2020\nnguồn: https://basen.example/tin/1\n\n"
    "Trong 9 tháng đầu năm, huyện Ba Sen giảm 45 hộ nghèo. Tỷ lệ hộ nghèo còn 1,29%.\n\n"
    + "Các xã tiếp tục rà soát từng hộ và giao cán bộ giúp đỡ. " * 30
    + "\n\nDiện tích rừng trồng mới ở Ba Sen đạt 3.772 ha.",
    "kim-lien.txt": "Kim Liên họp sơ kết\n03/10/2018\n\n"
    "Hội nghị ở Kim Liên do đồng chí Trần Văn An chủ trì. Toàn huyện kết nạp 82 đảng viên mới.",
    "xau.txt": "Bài xấu <script>window.hacked = 1</script>\n05/05/2021\nnguồn: javascript:window.hacked=1\n\n"
    'Kẻ xấu chèn <img src=x onerror="window.hacked=1"> và <script>window.hacked=1</script> vào bài này. '
    "Kẻ xấu chèn ![ảnh](http://evil.example/a.png) và [mời bấm](http://evil.example/) ${window.hacked=1} {{hacked}}.",
}
QUESTION = "Huyện Ba Sen giảm bao nhiêu hộ nghèo?"


Visit = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if chromium() is None:
        pytest.skip("needs a Chromium on the path, for example Debian's package chromium")
    with running_browser() as browser:
        yield browser


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "articles").mkdir()
    for name, text in ARTICLES.items():
        (tmp_path / "articles" / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """Open a page as a new visitor; at the end no visitor may have seen an error or a foreign request."""
    with ExitStack() as leaving:
        seen: list[Seen] = []

        def open_page(address: str, width: int = 1280, height: int = 800, **settings: object) -> Page:
            context = browser.new_context(
                viewport={"width": width, "height": height}, locale="en-US", **settings
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


def test_a_question_is_answered_with_a_citation_that_opens_its_sentence(home: Path, visit: Visit) -> None:
    with opened(home) as window:
        page = visit(window.address)
        expect(page).to_have_title("Hỏi Đáp – hỏi kho bài viết của bạn")
        expect(page.locator("#question textarea")).to_be_focused()
        ask(page, QUESTION)
        expect(page.locator("#live .answer")).to_contain_text("giảm 45 hộ nghèo")
        page.locator("#live .cite").first.click()
        chosen = page.locator("#sources mark.active")
        expect(chosen).to_contain_text("huyện Ba Sen giảm 45 hộ nghèo.")
        expect(chosen).to_be_in_viewport()
        card = page.locator("#sources .card.active")
        expect(card).to_contain_text("15/10/2020")
        expect(card.get_by_role("link", name="Trang gốc")).to_have_attribute(
            "href", "https://basen.example/tin/1"
        )
        card.get_by_role("button", name="Xem cả bài").click()
        expect(page.locator("#sources .reading")).to_contain_text("3.772 ha")
        expect(page.locator("#sources .reading mark.active")).to_be_in_viewport()
        page.get_by_role("button", name="Quay lại các nguồn").click()
        expect(page.locator("#sources .card.active")).to_be_visible()


def test_passages_and_the_state_of_work_come_before_the_first_word(home: Path, visit: Visit) -> None:
    with opened(home, delay=0.5) as window:
        page = visit(window.address)
        ask(page, QUESTION, wait=False)
        expect(page.locator(".doing")).to_contain_text("Đang tìm trong kho")
        expect(page.locator("#sources .card").first).to_be_visible()
        expect(page.locator(".doing")).to_contain_text("Đang đọc")
        assert page.locator("#live .answer").count() == 0
        expect(page.locator(".doing")).to_contain_text("Đang viết")
        first = page.locator("#live .answer").inner_text()
        expect(page.locator("#live .answer")).not_to_have_text(first)
        assert re.fullmatch(r"\d+,\d giây", page.locator(".elapsed").inner_text())
        expect(page.locator(".doing")).to_contain_text("Đang đối chiếu với nguồn")
        expect(page.locator(".running")).to_have_count(0)


def test_a_sent_question_shows_before_the_server_answers(home: Path, visit: Visit) -> None:
    with opened(home, delay=0.2) as window:
        page = visit(window.address)
        page.evaluate(
            """() => {
              addEventListener('keydown', () => { window.pressed ??= performance.now(); }, true);
              new MutationObserver(() => {
                if (document.querySelector('#scroll').innerText.includes('Đang tìm trong kho'))
                  window.waited ??= performance.now() - pressed;
              }).observe(document.body, { childList: true, subtree: true });
            }"""
        )
        page.locator("#question textarea").fill(QUESTION)
        page.keyboard.press("Enter")
        expect(page.locator(".running, #pending").first).to_contain_text(QUESTION)
        assert page.evaluate("waited") < 100
        expect(page.locator(".running")).to_have_count(1)
        expect(page.locator("#pending")).to_have_count(0)
        expect(page.locator("#live .answer")).to_contain_text("45 hộ nghèo")


def test_stop_ends_the_answer_and_keeps_what_was_written(home: Path, visit: Visit) -> None:
    with opened(home, delay=0.8) as window:
        page = visit(window.address)
        ask(page, QUESTION, wait=False)
        expect(page.locator("#live .answer")).to_be_visible()
        page.get_by_role("button", name="Dừng").click()
        expect(page.locator("#live .note")).to_contain_text("Đã dừng giữa chừng")
        expect(page.get_by_role("button", name="Gửi")).to_be_visible()
        [talk] = window.history.conversations()
        assert window.history.exchanges(talk.id)[0].answer.stopped


def test_stop_before_the_first_word_gives_the_question_back(home: Path, visit: Visit) -> None:
    with opened(home, delay=1.0) as window:
        page = visit(window.address)
        ask(page, QUESTION, wait=False)
        page.get_by_role("button", name="Dừng").click()
        expect(page.locator("#question textarea")).to_have_value(QUESTION)
        expect(page.locator("#live .welcome")).to_be_visible()
        assert window.history.conversations() == []


def test_a_second_question_while_one_is_answered_is_told_to_wait(home: Path, visit: Visit) -> None:
    with opened(home, delay=0.4) as window:
        page = visit(window.address)
        ask(page, QUESTION, wait=False)
        page.locator("#question textarea").fill("Ai chủ trì hội nghị ở Kim Liên?")
        page.locator("#question textarea").press("Enter")
        expect(page.locator("#notice").get_by_text("Vui lòng đợi câu trả lời trước")).to_be_visible()
        expect(page.locator(".running")).to_have_count(0)
        expect(page.locator("#live .answer")).to_contain_text("45 hộ nghèo")
        expect(page.locator("#question textarea")).to_have_value("Ai chủ trì hội nghị ở Kim Liên?")
        assert [question for question, _, _ in window.assistant.asked] == [QUESTION]


def test_an_example_is_asked_by_one_press(home: Path, visit: Visit) -> None:
    with opened(home) as window:
        page = visit(window.address)
        page.get_by_role("button", name="Ai chủ trì hội nghị ở Kim Liên?").click()
        expect(page.locator("#live .answer")).to_contain_text("Trần Văn An")


def test_an_edited_question_opens_a_branch_and_nothing_is_lost(home: Path, visit: Visit) -> None:
    """Two more questions are asked in one tab while the first is edited in another, stale one."""
    with opened(home) as window:
        page = visit(window.address)
        ask(page, QUESTION)
        ask(page, "Ai chủ trì hội nghị ở Kim Liên?")
        [talk] = window.history.conversations()
        newer = window.history.ask(talk.id, "Câu hỏi từ cửa sổ khác?")
        page.locator("#past").get_by_role("button", name="Sửa và hỏi lại").click()
        expect(page.locator("#question textarea")).to_have_value(QUESTION)
        expect(page.locator("#question textarea")).to_be_focused()
        expect(page.locator("#editing")).to_contain_text("mở thành cuộc trò chuyện mới")
        ask(page, "Diện tích rừng trồng mới ở Ba Sen là bao nhiêu?")
        expect(page.locator("#live .answer")).to_contain_text("3.772 ha")
        expect(page.locator(".exchange")).to_have_count(1)
        expect(page.locator(".opener")).to_have_count(2)
        assert [item.question for item in window.history.entries(talk.id)] == [
            QUESTION, "Ai chủ trì hội nghị ở Kim Liên?", newer.question,
        ]  # fmt: skip


def test_a_question_goes_on_while_another_conversation_is_read(home: Path, visit: Visit) -> None:
    with opened(home, delay=0.4) as window:
        page = visit(window.address)
        ask(page, "Ai chủ trì hội nghị ở Kim Liên?")
        page.get_by_role("button", name="Cuộc trò chuyện mới").click()
        expect(page.locator("#live .welcome")).to_be_visible()
        ask(page, QUESTION, wait=False)
        expect(page.locator(".running")).to_be_visible()
        page.locator(".opener", has_text="Ai chủ trì").click()
        expect(page.locator("#live .answer")).to_contain_text("Trần Văn An")
        expect(page.locator(".opener[aria-current]")).to_contain_text("Ai chủ trì")
        expect(page.locator(".running")).to_have_count(0)
        page.wait_for_timeout(2500)
        expect(page.locator("#live h2")).to_contain_text("Ai chủ trì")
        page.go_back()
        expect(page.locator("#live h2")).to_contain_text(QUESTION)
        expect(page.locator("#live .answer:not(.draft)")).to_contain_text("45 hộ nghèo")
        expect(page.locator("#send")).to_be_visible()


def test_a_reload_in_the_middle_of_a_question_shows_it_and_its_answer(home: Path, visit: Visit) -> None:
    with opened(home, delay=0.4) as window:
        page = visit(window.address)
        ask(page, QUESTION, wait=False)
        expect(page.locator(".running")).to_be_visible()
        page.locator("#question textarea").fill("một câu đang gõ dở")
        page.reload()
        expect(page.locator("#live h2")).to_contain_text(QUESTION)
        expect(page.locator("#live .answer:not(.draft)")).to_contain_text("45 hộ nghèo")
        expect(page.locator("#question textarea")).to_have_value("một câu đang gõ dở")


def test_what_is_not_checked_yet_looks_unchecked(home: Path, visit: Visit) -> None:
    with opened(home, delay=0.5) as window:
        page = visit(window.address)
        ask(page, QUESTION, wait=False)
        expect(page.locator("#live .draft")).to_contain_text("Bản nháp, chưa đối chiếu với nguồn")
        assert page.locator("#live .draft").evaluate("one => getComputedStyle(one).borderStyle") == "dashed"
        assert page.locator("#live .extract, #live .sure").count() == 0
        settle(page)
        assert page.locator("#live .draft").count() == 0


def test_a_follow_up_is_asked_with_what_was_said_before(home: Path, visit: Visit) -> None:
    with opened(home) as window:
        page = visit(window.address)
        ask(page, QUESTION)
        ask(page, "Tỷ lệ còn bao nhiêu?")
        _, turns, _ = window.assistant.asked[-1]
        assert [turn.question for turn in turns] == [QUESTION]
        assert "45 hộ nghèo" in turns[0].answer
        expect(page.locator("#live .understood")).to_contain_text(QUESTION)


def test_what_the_articles_do_not_say_is_refused_with_the_nearest_passages(home: Path, visit: Visit) -> None:
    with opened(home) as window:
        page = visit(window.address)
        ask(page, "Giá vàng thế giới hôm qua tăng mấy phần trăm vậy?")
        expect(page.locator("#live .refusal")).to_contain_text("Không tìm thấy trong kho")
        titles = page.locator("#live .nearest").all_inner_texts()
        assert len(titles) == len(set(titles))
        page.locator("#live .nearest").first.click()
        expect(page.locator("#sources .card.active")).to_be_visible()


def test_an_error_is_told_and_the_question_can_be_asked_again(home: Path, visit: Visit) -> None:
    with opened(home) as window:
        page = visit(window.address)
        ask(page, "Kho hỏng chưa?")
        told = page.get_by_role("alert")
        expect(told).to_contain_text("Kho bị hỏng. Hãy đóng chương trình, chạy “hoidap verify --repair”")
        expect(told.locator("code")).to_be_hidden()
        told.get_by_text("Chi tiết kỹ thuật").click()
        expect(told.locator("code")).to_contain_text("Damaged search files in kho")
        page.reload()
        expect(page.get_by_role("alert")).to_contain_text("Kho bị hỏng")
        page.get_by_role("button", name="Hỏi lại", exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text("Kho bị hỏng")
        assert [question for question, _, _ in window.assistant.asked] == ["Kho hỏng chưa?"] * 2


def test_an_error_is_told_in_english_in_the_english_window(home: Path, visit: Visit) -> None:
    with opened(home) as window:
        page = visit(f"{window.address}en/")
        ask(page, "Kho hỏng chưa?")
        expect(page.get_by_role("alert")).to_contain_text("The collection is damaged. Close the program")


def test_an_answer_cut_by_its_time_limit_says_so(home: Path, visit: Visit) -> None:
    with opened(home) as window:
        page = visit(window.address)
        ask(page, f"{QUESTION} lâu")
        expect(page.locator("#live .note")).to_contain_text("Câu trả lời chưa đầy đủ vì đã hết thời gian")
        page.reload()
        expect(page.locator("#live .note")).to_contain_text("Câu trả lời chưa đầy đủ vì đã hết thời gian")


def test_sentences_without_a_source_look_different(home: Path, visit: Visit) -> None:
    with opened(home) as window:
        page = visit(window.address)
        ask(page, f"{QUESTION} bịa")
        line = page.locator("#live .unsupported")
        expect(line).to_contain_text("Kết quả này")
        assert "underline" in line.evaluate("element => getComputedStyle(element).textDecorationLine")


def test_a_hostile_article_is_harmless(home: Path, visit: Visit) -> None:
    with opened(home) as window:
        page = visit(window.address)
        ask(page, "Kẻ xấu chèn gì vào bài này?")
        expect(page.locator("#live .answer")).to_contain_text("<img src=x")
        page.locator("#live .cite").first.click()
        page.locator("#sources .card.active").get_by_role("button", name="Xem cả bài").click()
        expect(page.locator("#sources .reading")).to_contain_text("${window.hacked=1} {{hacked}}.")
        assert page.locator("#sources a[href^='javascript']").count() == 0
        assert (
            page.locator(".gradio-container :is(#live, #sources, #conversations) :is(img, script)").count()
            == 0
        )
        assert page.evaluate("window.hacked") is None


def test_copy_takes_the_answer_with_its_sources(home: Path, visit: Visit) -> None:
    with opened(home) as window:
        page = visit(window.address, permissions=["clipboard-read", "clipboard-write"])
        ask(page, QUESTION)
        page.get_by_role("button", name="Sao chép").click()
        expect(page.get_by_role("button", name="Đã sao chép")).to_be_visible()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert (
            "giảm 45 hộ nghèo" in copied and "[1] Huyện Ba Sen giảm nghèo, 15/10/2020, ba-sen.txt" in copied
        )


def test_everything_can_be_done_with_the_keyboard(home: Path, visit: Visit) -> None:
    with opened(home) as window:
        page = visit(window.address)
        page.keyboard.type(QUESTION)
        page.keyboard.press("Enter")
        expect(page.locator("#live .cite").first).to_be_visible()
        tab_to(page, ".cite")
        page.keyboard.press("Enter")
        expect(page.locator("#sources .card.active")).to_be_focused()
        tab_to(page, "[data-act=article]")
        page.keyboard.press("Enter")
        expect(page.locator("#sources .reading mark.active")).to_be_visible()
        tab_to(page, ".back-to-answer")
        page.keyboard.press("Enter")
        expect(page.locator("#live .cite").first).to_be_focused()
        tab_to(page, "[data-toggle=theme]")
        page.keyboard.press("Enter")
        expect(page.locator("body.dark")).to_be_attached()


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the wanted control has the focus, which must show on the way."""
    for _ in range(60):
        page.keyboard.press("Tab")
        where, outline = page.evaluate(
            "selector => [document.activeElement.matches(selector), "
            "getComputedStyle(document.activeElement).outlineStyle]",
            selector,
        )
        if where:
            assert outline != "none", f"no visible focus on {selector}"
            return
    raise AssertionError(f"Tab never reached {selector}")


def test_conversations_filters_and_articles_can_be_reached_with_the_keyboard(
    home: Path, visit: Visit
) -> None:
    with opened(home) as window:
        page = visit(window.address)
        ask(page, QUESTION)
        tab_to(page, "#filters summary")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.type("2019")
        page.keyboard.press("Enter")
        expect(page.locator("#filters .chip")).to_contain_text("từ 01/01/2019")
        tab_to(page, "#conversations summary")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.press("ControlOrMeta+A")
        page.keyboard.type("Hộ nghèo")
        page.keyboard.press("Enter")
        expect(page.locator(".opener .name")).to_have_text("Hộ nghèo")
        tab_to(page, ".pages a[href^='#kho']")
        page.keyboard.press("Enter")
        tab_to(page, "#article-search input")
        page.keyboard.type("kim lien")
        expect(page.locator("tbody tr")).to_have_count(1)
        tab_to(page, "tbody .title")
        page.keyboard.press("Enter")
        expect(page.locator("#preview .reading")).to_be_visible()
        tab_to(page, "[data-act=remove]")
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")
        expect(page.locator("#message")).to_contain_text("Đã bỏ “Kim Liên họp sơ kết” khỏi kho.")


def test_the_list_of_conversations_takes_and_gives_back_the_focus(home: Path, visit: Visit) -> None:
    with opened(home) as window:
        page = visit(window.address, 360, 740)
        toggle = page.get_by_role("button", name="Mở hoặc đóng danh sách")
        expect(toggle).to_have_attribute("aria-expanded", "false")
        toggle.press("Enter")
        expect(toggle).to_have_attribute("aria-expanded", "true")
        expect(page.get_by_role("button", name="Cuộc trò chuyện mới")).to_be_focused()
        page.keyboard.press("Escape")
        expect(toggle).to_be_focused()
        expect(toggle).to_have_attribute("aria-expanded", "false")


def test_a_screen_reader_hears_the_state_of_work_and_the_answer_once(home: Path, visit: Visit) -> None:
    with opened(home, delay=0.3) as window:
        page = visit(window.address)
        page.evaluate(
            "() => { window.heard = []; new MutationObserver(() => heard.push(said.textContent))"
            ".observe(said, { childList: true }); }"
        )
        expect(page.locator("#said")).to_have_attribute("role", "status")
        ask(page, QUESTION)
        heard = page.evaluate("heard")
        assert heard[0] == "Đang tìm trong kho"
        assert heard[1:3] == ["Đang đọc 4 đoạn", "Đang viết"]
        assert "45 hộ nghèo" in heard[-1]
        assert len(heard) == len(set(heard)) == 5
        assert page.locator("#live [aria-live], #live [role=status]").count() == 0


def test_nothing_moves_where_the_system_asks_for_calm(home: Path, visit: Visit) -> None:
    with opened(home, delay=0.4) as window:
        page = visit(window.address, reduced_motion="reduce")
        ask(page, QUESTION, wait=False)
        expect(page.locator(".pulse")).to_be_visible()
        assert page.evaluate("document.getAnimations().length") == 0
        expect(page.locator(".running")).to_have_count(0)
        assert page.evaluate("document.getAnimations().length") == 0


@pytest.mark.parametrize("place", ["", "en/"])
def test_every_control_has_a_name_and_gradio_says_nothing_in_english(
    home: Path, visit: Visit, place: str
) -> None:
    with opened(home) as window:
        page = visit(window.address + place)
        ask(page, QUESTION)
        nameless = page.evaluate(
            "() => [...document.querySelectorAll('button, a[href], input, textarea, select, summary')]"
            ".filter(one => one.checkVisibility() && !(one.getAttribute('aria-label') || one.innerText.trim() || "
            "one.labels?.[0]?.textContent.trim())).map(one => one.outerHTML)"
        )
        assert nameless == []
        expect(page.locator("html")).to_have_attribute("lang", "en" if place else "vi")
        said = page.evaluate(
            "() => document.body.innerText + [...document.querySelectorAll('[aria-label], [title], [placeholder]')]"
            ".map(one => [one.ariaLabel, one.title, one.placeholder].join(' ')).join(' ')"
        )
        found = re.findall(
            r"\b(?:Submit|Send|Stop|Clear|Upload|Copy|Loading|Search|Settings|Share|Built)\b", said
        )
        assert bool(found) == bool(place), found


def test_the_window_is_dark_when_the_system_is_and_remembers_a_choice(home: Path, visit: Visit) -> None:
    with opened(home) as window:
        page = visit(window.address, color_scheme="dark")
        ask(page, QUESTION)
        assert lightness(page) < 60
        page.get_by_role("button", name="Đổi nền sáng hoặc tối").click()
        assert lightness(page) > 200
        page.reload()
        page.wait_for_selector("#live .exchange")
        assert lightness(page) > 200


def lightness(page: Page) -> float:
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return sum(map(float, re.findall(r"\d+", colour)[:3])) / 3


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_enough_contrast(home: Path, visit: Visit, scheme: str) -> None:
    with opened(home) as window:
        page = visit(window.address, color_scheme=scheme)
        poor = page.evaluate(CONTRAST)
        ask(page, f"{QUESTION} bịa")
        page.locator("#live .cite").first.click()
        expect(page.locator("#sources .card.active")).to_be_visible()
        assert poor + page.evaluate(CONTRAST) == []


CONTRAST = """() => {
  const parse = (colour) => {
    const [r, g, b, a = 1] = colour.match(/[\\d.]+/g).map(Number);
    return colour.startsWith('color(') ? [r * 255, g * 255, b * 255, a] : [r, g, b, a];
  };
  const light = ([r, g, b]) => [r, g, b].map((one) => one / 255)
    .map((one) => one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4)
    .reduce((sum, one, at) => sum + one * [0.2126, 0.7152, 0.0722][at], 0);
  const ground = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const colour = parse(getComputedStyle(one).backgroundColor);
      if (colour[3] > 0.99) return colour;
    }
    return [255, 255, 255];
  };
  const poor = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.checkVisibility({ opacityProperty: true })) continue;
    if (['SCRIPT', 'STYLE'].includes(element.tagName)) continue;
    const [low, high] = [light(parse(getComputedStyle(element).color)), light(ground(element))].sort((a, b) => a - b);
    const ratio = (high + 0.05) / (low + 0.05);
    if (ratio < 4.5) poor.push(`${walker.currentNode.data.trim().slice(0, 30)} ${ratio.toFixed(2)}`);
  }
  return poor;
}"""


def test_a_phone_shows_everything_without_scrolling_sideways(home: Path, visit: Visit) -> None:
    with opened(home) as window:
        page = visit(window.address, 360, 740)
        assert sideways(page) == 0
        ask(page, QUESTION)
        assert sideways(page) == 0
        page.locator("#live .cite").first.click()
        expect(page.locator("#sources mark.active")).to_be_in_viewport()
        page.get_by_role("link", name="Quay lại câu trả lời").click()
        expect(page.locator("#live .cite").first).to_be_in_viewport()
        page.get_by_role("button", name="Mở hoặc đóng danh sách").click()
        expect(page.locator(".opener")).to_be_in_viewport()
        page.keyboard.press("Escape")
        expect(page.locator(".opener")).not_to_be_in_viewport()


def sideways(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def test_a_reload_and_a_restart_find_the_conversation(home: Path, visit: Visit) -> None:
    with opened(home) as window:
        page = visit(window.address)
        ask(page, QUESTION)
        port = int(window.address.rsplit(":", 1)[1].strip("/"))
        page.reload()
        expect(page.locator("#live .answer")).to_contain_text("45 hộ nghèo")
        page.goto("about:blank")
    with opened(home, port=port) as window:
        page.goto(window.address)
        expect(page.locator("#live .answer")).to_contain_text("45 hộ nghèo")
        page.locator("#live .cite").first.click()
        expect(page.locator("#sources mark.active")).to_contain_text("45 hộ nghèo")
        stranger = visit(window.address)
        stranger.locator(".opener", has_text=QUESTION).click()
        expect(stranger.locator("#live .answer")).to_contain_text("45 hộ nghèo")


def test_conversations_are_found_renamed_and_deleted(home: Path, visit: Visit) -> None:
    with opened(home) as window:
        page = visit(window.address)
        ask(page, QUESTION)
        page.get_by_role("button", name="Cuộc trò chuyện mới").click()
        expect(page.locator("#live .welcome")).to_be_visible()
        ask(page, "Ai chủ trì hội nghị ở Kim Liên?")
        expect(page.locator(".opener")).to_have_count(2)
        page.locator("#search input").press_sequentially("ho ngheo")
        expect(page.locator(".opener")).to_have_count(1)
        page.locator(".opener").click()
        expect(page.locator("#live .answer")).to_contain_text("45 hộ nghèo")
        page.locator("#conversations summary").click()
        page.get_by_label("Tên cuộc trò chuyện").fill("Hộ nghèo Ba Sen")
        page.get_by_role("button", name="Lưu").click()
        expect(page.locator(".opener .name")).to_have_text("Hộ nghèo Ba Sen")
        page.get_by_role("button", name="Xóa").click()
        page.get_by_role("button", name="Xóa hẳn cuộc trò chuyện này?").click()
        expect(page.locator(".opener")).to_have_count(0)
        expect(page.locator("#live .welcome")).to_be_visible()
        assert len(window.history.conversations()) == 1


def test_conversation_and_ratings_can_be_taken_along(home: Path, visit: Visit) -> None:
    with opened(home) as window:
        page = visit(window.address)
        ask(page, QUESTION)
        page.get_by_role("button", name="Câu trả lời chưa tốt").click()
        expect(page.get_by_role("button", name="Câu trả lời chưa tốt")).to_have_attribute(
            "aria-pressed", "true"
        )
        page.get_by_text("Thêm nhận xét").click()
        page.get_by_label("Câu trả lời đúng, nếu bạn biết").fill("45 hộ")
        page.get_by_label("Nhận xét (không bắt buộc)").fill("Thiếu năm")
        page.get_by_role("button", name="Lưu nhận xét").click()
        expect(page.get_by_text("Đã lưu, cảm ơn bạn.")).to_be_visible()
        page.locator("#exports summary").click()
        assert "**Nguồn**" in download(page, "Tải văn bản (.md)")
        told = json.loads(download(page, "Tải dữ liệu (.json)"))
        assert told["exchanges"][0]["rating"] == {
            "good": False,
            "comment": "Thiếu năm",
            "correction": "45 hộ",
        }
        line = json.loads(download(page, "Tải các đánh giá (.jsonl)"))
        assert (line["question"], line["answers"]) == (QUESTION, [["45 hộ"]])


def test_filters_bound_the_search(home: Path, visit: Visit) -> None:
    with opened(home) as window:
        page = visit(window.address)
        page.locator("#filters summary").click()
        page.get_by_label("Từ ngày").fill("1/2019")
        page.get_by_label("Đến ngày").fill("2020")
        page.get_by_role("button", name="Áp dụng").click()
        expect(page.locator("#filters .chip")).to_have_text(["từ 01/01/2019", "đến 31/12/2020"])
        ask(page, QUESTION)
        _, _, filters = window.assistant.asked[-1]
        assert (str(filters.from_date), str(filters.to_date), filters.sources) == (
            "2019-01-01",
            "2020-12-31",
            (),
        )
        expect(page.locator("#sources .card")).to_have_count(2)
        expect(page.locator("#sources .card", has_text="ba-sen.txt")).to_have_count(2)


def test_windows_are_apart(home: Path, visit: Visit) -> None:
    with opened(home, delay=0.05) as window:
        one, other = visit(window.address), visit(window.address)
        ask(one, QUESTION, wait=False)
        ask(other, "Ai chủ trì hội nghị ở Kim Liên?", wait=False)
        expect(one.locator(".running")).to_have_count(0)
        expect(other.locator(".running")).to_have_count(0)
        expect(one.locator("#live .answer")).to_contain_text("45 hộ nghèo")
        expect(other.locator("#live .answer")).to_contain_text("Trần Văn An")
        expect(one.locator(".exchange")).to_have_count(1)


def test_a_password_keeps_strangers_out_and_whoever_knows_it_shares_one_list(
    home: Path, visit: Visit, browser: Browser
) -> None:
    with opened(home, password="bí mật") as window:
        context = browser.new_context()
        page = context.new_page()
        page.goto(window.address)
        assert page.request.get(f"{window.address}gradio_api/app_id").status == 401
        page.get_by_label("Mật khẩu").fill("sai")
        page.get_by_role("button", name="Đăng nhập").click()
        expect(page.get_by_role("alert")).to_contain_text("Mật khẩu không đúng")
        page.get_by_label("Mật khẩu").fill("bí mật")
        page.get_by_role("button", name="Đăng nhập").click()
        page.wait_for_selector("#live .welcome")
        ask(page, QUESTION)
        second = browser.new_context().new_page()
        second.goto(window.address)
        second.get_by_label("Mật khẩu").fill("bí mật")
        second.get_by_role("button", name="Đăng nhập").click()
        second.wait_for_selector("#live .welcome")
        expect(second.locator(".opener .name")).to_have_text(QUESTION)
        page.get_by_role("button", name="Đăng xuất").click()
        expect(page.get_by_label("Mật khẩu")).to_be_visible()
        second.context.close()
        context.close()


def test_the_collection_is_listed_searched_and_read(home: Path, visit: Visit) -> None:
    with opened(home) as window:
        page = visit(window.address)
        page.get_by_role("link", name="Kho bài viết").click()
        expect(page.locator("#heading")).to_contain_text("3 bài viết, 5 đoạn")
        expect(page.locator("tbody tr")).to_have_count(3)
        box = page.locator("#article-search input")
        box.fill("xyz")
        expect(page.locator("#articles")).to_contain_text("Không có bài nào khớp.")
        box.fill("")
        expect(page.locator("tbody tr")).to_have_count(3)
        box.press_sequentially("so ket")
        expect(page.locator("tbody tr")).to_have_count(1)
        page.get_by_role("button", name="Kim Liên họp sơ kết").click()
        expect(page.locator("#preview")).to_contain_text("do đồng chí Trần Văn An chủ trì")
        expect(page.locator("#preview")).to_contain_text("03/10/2018")
        page.get_by_role("link", name="Trò chuyện").click()
        expect(page.locator("#question")).to_be_visible()


def test_twelve_thousand_articles_are_searched_while_one_types(home: Path, visit: Visit) -> None:
    with opened(home) as window:
        held = (
            Article(f"{n}.txt", f"tin/{n}.txt", f"Bản tin số {n} của huyện", f"Tin {n}.")
            for n in range(12_000)
        )
        window.library.held = {article.id: article for article in held}
        page = visit(f"{window.address}#kho")
        expect(page.locator("#heading")).to_contain_text("12.000 bài viết")
        expect(page.locator("tbody tr")).to_have_count(40)
        expect(page.locator(".pager")).to_contain_text("Trang 1/300")
        page.get_by_role("button", name="Trang sau").click()
        expect(page.locator("tbody .title").first).to_have_text("Bản tin số 40 của huyện")
        box = page.locator("#article-search input")
        box.press_sequentially("ban tin 1199")
        expect(page.locator("tbody tr")).to_have_count(12)
        page.evaluate(
            """() => {
              document.querySelector('#article-search input')
                .addEventListener('input', () => { window.typed = performance.now(); });
              new MutationObserver(() => { window.waited ??= performance.now() - window.typed; })
                .observe(document.querySelector('#articles'), { childList: true, subtree: true });
            }"""
        )
        box.press("End")
        box.press("9")
        expect(page.locator("tbody tr")).to_have_count(1)
        expect(page.locator("tbody .title")).to_have_text("Bản tin số 11999 của huyện")
        assert page.evaluate("waited") < 1000
        assert page.locator("datalist option").count() <= 60


def test_a_file_is_added_and_asked_about(home: Path, visit: Visit, tmp_path: Path) -> None:
    good = tmp_path / "chợ mới.txt"
    good.write_text("Chợ Mường họp phiên đầu\n\nChợ Mường họp phiên đầu với 214 gian hàng.", encoding="utf-8")
    with opened(home) as window:
        page = visit(f"{window.address}#kho")
        chooser = page.locator("#collection input[type=file]")
        chooser.set_input_files(good)
        expect(page.locator("#message")).to_contain_text("Đã thêm 1 tệp.")
        expect(page.locator("#message")).to_contain_text("Đã cập nhật: thêm 1")
        expect(page.locator("tbody tr")).to_have_count(4)
        page.get_by_role("link", name="Trò chuyện").click()
        ask(page, "Chợ Mường có bao nhiêu gian hàng?")
        expect(page.locator("#live .answer")).to_contain_text("214 gian hàng")
        assert len(list((home / "articles").iterdir())) == 4


@pytest.mark.parametrize(
    ("name", "size", "told"),
    [("anh.exe", 10, "chỉ nhận .txt .md"), ("dai.txt", 120_000, "Tệp dai.txt lớn hơn 1 MB")],
)
def test_files_that_do_not_fit_are_refused(
    home: Path, browser: Browser, tmp_path: Path, name: str, size: int, told: str
) -> None:
    (tmp_path / name).write_bytes(b"a" * size)
    with opened(home) as window:
        page = browser.new_page()
        page.goto(f"{window.address}#kho")
        page.locator("#collection input[type=file]").set_input_files(tmp_path / name)
        expect(page.locator("#message, .toast-wrap").filter(has_text=told)).to_be_visible()
        assert not re.search(r"Error|exceed|Close|Invalid", page.locator(".toast-wrap").inner_text())
        assert len(list((home / "articles").iterdir())) == 3
        page.context.close()


def test_a_removed_article_is_gone_and_comes_back(home: Path, visit: Visit) -> None:
    with opened(home) as window:
        page = visit(window.address)
        ask(page, QUESTION)
        page.get_by_role("link", name="Kho bài viết").click()
        page.get_by_role("button", name="Huyện Ba Sen giảm nghèo").click()
        page.get_by_role("button", name="Bỏ khỏi kho").click()
        page.get_by_role("button", name="Bỏ bài khỏi kho? Tệp của bạn vẫn còn.").click()
        expect(page.locator("#message")).to_contain_text("Đã bỏ “Huyện Ba Sen giảm nghèo” khỏi kho.")
        expect(page.locator("tbody tr")).to_have_count(2)
        assert (home / "articles" / "ba-sen.txt").exists()
        page.get_by_role("button", name="Cập nhật từ thư mục").click()
        expect(page.locator("#message")).to_contain_text("Đã cập nhật")
        expect(page.locator("tbody tr")).to_have_count(2)
        page.get_by_role("link", name="Trò chuyện").click()
        page.locator("#sources").get_by_role("button", name="Xem cả bài").first.click()
        expect(page.locator("#sources")).to_contain_text("Bài này không còn trong kho")
        ask(page, QUESTION)
        expect(page.locator("#live .refusal")).to_be_visible()
        page.get_by_role("link", name="Kho bài viết").click()
        page.get_by_text("Đã bỏ khỏi kho (1)").click()
        page.get_by_role("button", name="Đưa lại vào kho").click()
        expect(page.locator("tbody tr")).to_have_count(3)


def test_a_folder_is_synced_with_progress(home: Path, visit: Visit) -> None:
    with opened(home) as window:
        window.library.delay = 0.4
        (home / "articles" / "moi.txt").write_text("Bài mới\n\nNội dung mới.", encoding="utf-8")
        page = visit(f"{window.address}#kho")
        page.get_by_role("button", name="Cập nhật từ thư mục").click()
        expect(page.get_by_role("progressbar")).to_be_visible()
        expect(page.locator("#sync")).to_be_disabled()
        expect(page.locator("#message")).to_contain_text("Đã cập nhật: thêm 1 tệp, sửa 3, bỏ 0, lỗi 0.")
        expect(page.locator("#heading")).to_contain_text("4 bài viết")
        expect(page.locator("#heading")).to_contain_text("Cập nhật lần cuối")
        expect(page.locator("#sync")).to_be_enabled()
