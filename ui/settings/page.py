"""The settings become the HTML of their page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from rag.caution import CAUTIONS, Caution
from ui.settings.configuration import ModelChoice
from ui.settings.folders import FolderView
from ui.settings.password import SHORTEST
from ui.settings.strings import SettingsWords
from ui.strings import Words
from ui.views.controls import button, running
from ui.views.formatting import grouped
from ui.views.markup import Html, element, join

Rights: TypeAlias = Literal["owner", "stranger", "guests"]
"""``stranger``: not the browser that the program opened; ``guests``: other computers may come in."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page shows: the configuration as it is in its file, and what of it is not in use yet.

    ``least`` are the least probabilities at which something is told as sure and as what may be meant.
    """

    rights: Rights
    file: Path
    folders: tuple[Path, ...]
    sample: Path | None
    watch: bool
    models: tuple[ModelChoice, ...]
    fetching: str | None
    caution: Caution
    least: Mapping[Caution, tuple[float, float]]
    password: Literal["none", "set", "fixed"]
    first: bool
    lacking: bool
    unused: bool


def lead(shown: Shown, copy: SettingsWords) -> Html:
    """Head of the page, with the first steps where nothing was read yet, and why nothing may be changed."""
    parts = [element("h2", copy.first_title if shown.first else copy.title)]
    if shown.rights != "owner":
        why = copy.not_here_guests if shown.rights == "guests" else copy.not_here_open
        parts.append(
            element("div", element("strong", copy.not_here_title), element("p", why), class_="notice")
        )
    elif shown.first:
        parts.append(element("p", copy.first_text, class_="lead"))
    if shown.lacking:
        parts.append(element("p", copy.first_models, class_="notice"))
    if shown.unused and shown.rights == "owner":
        reopen = element("button", copy.reopen, type="button", class_="button", data_act="reopen")
        parts.append(element("div", element("p", copy.reopen_text), reopen, class_="done unused-change"))
    return element("div", *parts, class_="settings-lead", data_first=shown.first and shown.rights == "owner")


def folders(shown: Shown, looked: FolderView | None, words: Words, copy: SettingsWords) -> Html:
    """List the folders that are read, and offer to add one."""
    may = shown.rights == "owner"
    rows = [
        element(
            "li",
            element("span", str(folder) if may else folder.name, class_="path"),
            button(
                copy.stop_reading, "drop", picture="close", data_folder=number,
                data_confirm=copy.confirm_stop_reading, aria_label=f"{copy.stop_reading} {folder.name}",
            )
            if may
            else Html(),
        )
        for number, folder in enumerate(shown.folders)
    ]  # fmt: skip
    listed = element("ul", *rows, class_="rows") if rows else element("p", copy.no_folders, class_="note")
    parts = [element("h3", copy.folders), element("p", copy.folders_text, class_="note"), listed]
    if may:
        parts.append(_adding(shown, looked, words, copy))
        state, turn = (copy.watch_on, copy.turn_off) if shown.watch else (copy.watch_off, copy.turn_on)
        switch = element(
            "button", turn, type="button", class_="button second", data_act="watching",
            data_on="" if shown.watch else "on",
        )  # fmt: skip
        parts.append(element("p", element("span", state), switch, class_="switch"))
    return element("section", *parts)


def _adding(shown: Shown, looked: FolderView | None, words: Words, copy: SettingsWords) -> Html:
    sample = (
        element("button", copy.sample, type="button", class_="button second", data_act="sample")
        if shown.sample and not shown.folders
        else Html()
    )
    if looked is None:
        opener = element(
            "button", copy.add_folder, type="button", class_="button", data_act="look", data_place=""
        )
        return element("p", opener, sample, class_="offers")
    typed = element(
        "form",
        element(
            "label",
            element("span", copy.folder_path),
            element(
                "input",
                type="text",
                name="place",
                value=str(looked.path),
                autocomplete="off",
                spellcheck="false",
            ),
        ),
        element("button", copy.look, type="submit", class_="button second"),
        data_act="look",
    )
    inside = [
        element("li", button(folder.name, "look", picture="file", data_place=str(folder)))
        for folder in looked.inside
    ]
    up = button(copy.up, "look", picture="back", data_place=str(looked.parent)) if looked.parent else Html()
    choose = element(
        "button", copy.choose, type="button", class_="button", data_act="choose", data_place=str(looked.path)
    )
    return element(
        "div",
        typed,
        element("p", copy.documents.format(count=grouped(looked.documents, words)), class_="note"),
        element("p", choose, sample, class_="offers"),
        up,
        element("ul", *inside, class_="inside")
        if inside
        else element("p", copy.no_folders_inside, class_="note"),
        class_="adding",
    )


def models(shown: Shown, words: Words, copy: SettingsWords) -> Html:
    """List the models with size, speed and quality in words, and what can be done with each."""
    rows = [_model(choice, shown, words, copy) for choice in shown.models]
    return element(
        "section",
        element("h3", copy.models),
        element("p", copy.models_text, class_="note"),
        element("ul", *rows, class_="models"),
    )


def _model(choice: ModelChoice, shown: Shown, words: Words, copy: SettingsWords) -> Html:
    fetching = shown.fetching == choice.id
    states = {
        "ready": copy.state_ready,
        "unverified": copy.state_unverified,
        "partial": copy.state_partial,
        "missing": copy.state_missing,
    }
    facts = [format_size(choice.bytes, words), copy.state_fetching if fetching else states[choice.state]]
    head = element("h4", choice.title, element("span", copy.used, class_="tag") if choice.used else Html())
    about = choice.about[1 if words.language == "en" else 0]
    acts: list[Html] = []
    here = choice.state in ("ready", "unverified")
    size = format_size(choice.bytes, words)
    if shown.rights == "owner" and not fetching:
        if not here and shown.fetching is None:
            acts.append(
                button(copy.fetch.format(size=size), "fetch", picture="download", data_model=choice.id)
            )
        if here and not choice.used and choice.role == "llm":
            acts.append(button(copy.use, "use", picture="check", data_model=choice.id))
        if choice.state != "missing" and not choice.used:
            confirm = copy.confirm_remove.format(size=size)
            acts.append(
                button(copy.remove, "discard", picture="delete", data_confirm=confirm, data_model=choice.id)
            )
    return element(
        "li",
        head,
        element("p", " · ".join(facts), class_="meta"),
        element("p", about) if about else Html(),
        element("p", *acts, class_="acts") if acts else Html(),
        class_="in-use" if choice.used else None,
    )


def rest(shown: Shown, copy: SettingsWords) -> Html:
    """How sure it must be, the password, and where all of this is kept."""
    may = shown.rights == "owner"
    labels = {"bold": copy.bold, "usual": copy.usual, "careful": copy.careful}
    choices = [
        element(
            "button",
            labels[caution],
            element("small", _level(shown.least[caution], copy)),
            type="button",
            class_="choice",
            data_act="caution",
            data_level=caution,
            aria_pressed="true" if caution == shown.caution else "false",
            disabled=not may,
        )
        for caution in CAUTIONS
    ]
    parts = [
        element(
            "section",
            element("h3", copy.caution),
            element("p", copy.caution_text, class_="note"),
            element("div", *choices, class_="choices", role="group", aria_label=copy.caution),
        )
    ]
    if may:
        parts += [_password(shown, copy), element("p", copy.file.format(path=shown.file), class_="note path")]
    return join(*parts)


def _level(least: tuple[float, float], copy: SettingsWords) -> str:
    sure, perhaps = (round(100 * probability) for probability in least)
    return copy.caution_level.format(sure=sure, perhaps=perhaps)


def _password(shown: Shown, copy: SettingsWords) -> Html:
    states = {"none": copy.password_none, "set": copy.password_set, "fixed": copy.password_fixed}
    parts = [element("h3", copy.password), element("p", copy.password_text, class_="note")]
    parts.append(element("p", states[shown.password]))
    if shown.password != "fixed":
        box = element(
            "input",
            type="password",
            name="password",
            required=True,
            minlength=SHORTEST,
            autocomplete="new-password",
        )
        label = element("label", element("span", copy.password_new.format(least=SHORTEST)), box)
        save = element("button", copy.password_save, type="submit", class_="button second")
        parts.append(element("form", label, save, data_act="password"))
    if shown.password == "set":
        parts.append(
            button(copy.password_remove, "unlock", picture="delete", data_confirm=copy.password_remove)
        )
    return element("section", *parts)


def fetching(title: str, done: int, total: int, words: Words, copy: SettingsWords, *, fresh: bool) -> Html:
    """Tell how much of a model has come, with the way to end it."""
    message = copy.fetching.format(
        model=title, done=format_size(done, words), total=format_size(total, words)
    )
    percent = round(100 * done / max(1, total))
    stop = button(words.stop, "stop", picture="close")
    return running(message, percent, stop, label=copy.state_fetching, fresh=fresh)


def said(sentences: Sequence[str], *, reopening: bool = False) -> Html:
    """Tell what was done; a page that shows ``reopening`` waits for the program that comes."""
    paragraphs = (element("p", sentence) for sentence in sentences)
    return element("div", *paragraphs, class_="done", role="status", data_reopening=reopening)


def format_size(count: int, words: Words) -> str:
    """Tell a size in megabytes or gigabytes."""
    size = f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{round(count / 1e6)} MB"
    return size if words.language == "en" else size.replace(".", ",")
