"""Every word of the settings, in Vietnamese and in English."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from ui.strings import Language, read_words


@dataclass(frozen=True, slots=True)
class SettingsWords:
    """The copy of one language; a name in braces is filled in by ``str.format``."""

    nav: str
    title: str
    first_title: str
    first_text: str
    first_models: str
    not_here_title: str
    not_here_open: str
    not_here_guests: str
    folders: str
    folders_text: str
    no_folders: str
    stop_reading: str
    confirm_stop_reading: str
    add_folder: str
    folder_path: str
    look: str
    up: str
    documents: str
    no_folders_inside: str
    choose: str
    sample: str
    chosen: str
    dropped: str
    nested: str
    watch_on: str
    watch_off: str
    turn_on: str
    turn_off: str
    models: str
    models_text: str
    used: str
    state_ready: str
    state_unverified: str
    state_partial: str
    state_missing: str
    state_fetching: str
    use: str
    fetch: str
    remove: str
    confirm_remove: str
    fetching: str
    fetched: str
    fetch_stopped: str
    freed: str
    caution: str
    caution_text: str
    caution_level: str
    bold: str
    usual: str
    careful: str
    password: str
    password_text: str
    password_set: str
    password_none: str
    password_fixed: str
    password_new: str
    password_short: str
    password_save: str
    password_remove: str
    saved: str
    file: str
    reopen_text: str
    reopen: str
    reopening: str


@cache
def settings_words(language: Language) -> SettingsWords:
    """Give the words of a language."""
    return read_words(SettingsWords, "ui.settings", language)
