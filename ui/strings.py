"""Every word that the window says: the Vietnamese and English texts of ``strings.toml``, and their names."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal, TypeAlias, TypeVar

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

Language: TypeAlias = Literal["vi", "en"]
LANGUAGES: tuple[Language, ...] = ("vi", "en")
"""In the order in which ``strings.toml`` writes them."""

LONGEST_QUESTION = 2000
"""Characters that a question may have."""

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Words:
    """The copy of one language; a name in braces is filled in by ``str.format``."""

    language: Language
    product: str
    page_title: str

    # Shell
    skip_to_question: str
    nav: str
    nav_talk: str
    nav_corpus: str
    other_language: str
    other_language_name: str
    toggle_theme: str
    part_list: str
    part_reading: str
    keys: str
    key_send: str
    key_line: str
    key_stop: str
    key_search: str
    toggle_conversations: str
    log_out: str

    # While it opens
    opening_title: str
    opening_text: str
    opening_sent: str
    opening_take_back: str
    opening_one_waits: str
    opening_unkept: str
    opening_ready: str
    opening_enter: str

    # Asking
    welcome_title: str
    welcome_text: str
    welcome_empty: str
    welcome_reading: str
    was_reading: str
    see_reading: str
    articles_read: str
    add_first: str
    examples_title: str
    further_title: str
    narrow_title: str
    narrow_place: str
    narrow_year: str
    narrow_source: str
    question_label: str
    may_be_wrong: str
    question_placeholder: str
    send: str
    stop: str
    question_by: str
    edit_question: str
    earlier_questions: str
    ask_again: str
    ask_everywhere: str
    asked_within: str
    editing_notice: str
    cancel_editing: str
    question_too_long: str
    state_queued: str
    state_loading: str
    draft_label: str
    state_sending: str
    state_searching: str
    state_reading: str
    state_writing: str
    state_checking: str
    stopping: str
    elapsed: str
    understood_as: str

    # Checking
    extract_label: str
    extract_hint: str
    extract_short: str
    closest_label: str
    closest_short: str
    sure: str
    fairly_sure: str
    not_sure: str
    no_reader: str
    cite_label: str
    unsupported_note: str
    unsupported_label: str
    stopped_note: str
    cut_note: str
    quoted_note: str
    unproved_note: str
    perhaps_note: str
    refused_title: str
    refused_title_within: str
    refused_text: str
    refused_hint: str
    nearest_title: str
    also_told: str
    facts: str
    model_facts: str
    copy_answer: str
    copy_hint: str
    copied: str
    sources_heading: str
    sources_of: str
    sources_live: str
    sources_empty_text: str
    sources_nearest: str
    other_passages: str
    sources_list: str
    show_sources: str
    score: str
    score_hint: str
    support: str
    whole_article: str
    ask_within: str
    back_to_sources: str
    back_to_answer: str
    original_page: str
    original_file: str
    original_gone: str
    page_view: str
    page_first: str
    page_alt: str
    page_loading: str
    page_failed: str
    article_gone: str
    article_changed: str
    no_date: str
    author: str
    place_page: str
    place_sheet: str
    place_row: str
    place_picture: str
    places_some: str
    recognised: str
    lines_left_out: str

    # Conversations
    new_conversation: str
    search_conversations: str
    no_conversations: str
    no_conversations_found: str
    conversations_older: str
    rename: str
    rename_label: str
    save: str
    delete: str
    confirm_delete: str
    export_markdown: str
    export_word: str
    print_page: str
    export_json: str
    export: str
    export_feedback: str
    export_newest: str
    today: str
    earlier: str
    rate_good: str
    rate_bad: str
    comment_label: str
    correction_label: str
    add_comment: str
    send_feedback: str
    feedback_kept: str

    # Filters
    filters: str
    bound_from: str
    bound_to: str
    bound_source: str
    bound_remove: str
    from_date: str
    to_date: str
    in_source: str
    every_source: str
    added_here: str
    day_example: str
    day_unclear: str
    days_reversed: str
    source_unknown: str
    apply: str
    clear: str

    # Corpus
    corpus_title: str
    corpus_counts: str
    corpus_empty: str
    last_sync: str
    never_synced: str
    sync: str
    syncing: str
    sync_step: str
    sync_articles: str
    sync_file: str
    sync_page: str
    sync_done: str
    rest_is_read: str
    passed_over: str
    passed_links: str
    passed_frames: str
    sync_stopped: str
    left_seconds: str
    left_minutes: str
    upload: str
    upload_hint: str
    upload_suffixes: str
    kind_word: str
    kind_excel: str
    kind_slides: str
    kind_pdf: str
    kind_web: str
    kind_mail: str
    kind_text: str
    kind_book: str
    kind_table: str
    uploaded: str
    upload_wrong_type: str
    upload_too_big: str
    upload_too_many: str
    upload_sending: str
    upload_failed: str
    search_articles: str
    no_articles_found: str
    column_title: str
    column_date: str
    column_source: str
    column_chunks: str
    preview_empty: str
    remove: str
    confirm_remove: str
    removed: str
    undo: str
    restore: str
    removed_articles: str
    page_of: str
    previous_page: str
    next_page: str
    damaged_title: str
    mend: str
    confirm_mend: str
    mending: str
    mend_whole: str
    mend_search: str
    mend_emptied: str

    # Errors and the login
    error_title: str
    waiting: str
    error_gone: str
    technical: str
    already_running: str
    connection_title: str
    connection_lost: str
    connection_failed: str
    too_busy: str
    close: str
    login_title: str
    login_text: str
    login_password: str
    login_enter: str
    login_wrong: str
    login_wait: str

    # Families, by the code or name of what they tell
    errors: Mapping[str, str]
    file_errors: Mapping[str, str]
    left_out: Mapping[str, str]
    health: Mapping[str, str]

    @property
    def up(self) -> str:
        """The way from the page of this language to the program's own addresses."""
        return "../" if self.language == "en" else ""


@cache
def words_in(language: Language) -> Words:
    """Give the words of the window in a language."""
    return read_words(Words, "ui", language)


def read_words(kind: Callable[..., _T], package: str, language: Language) -> _T:
    """Fill a class of words from the ``strings.toml`` of its package; TypeError where names do not fit."""
    text = resources.files(package).joinpath("strings.toml").read_text(encoding="utf-8")
    return kind(**_only(tomllib.loads(text), LANGUAGES.index(language)))


def _only(table: Mapping[str, Any], column: int) -> dict[str, Any]:
    """Take one language of a table of texts, and of the tables in it."""
    return {
        key: _only(texts, column) if isinstance(texts, Mapping) else texts[column]
        for key, texts in table.items()
    }
