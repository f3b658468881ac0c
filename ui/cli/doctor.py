"""``hoidap doctor``: what is installed, what is missing, what is slow here, each with its remedy."""

from __future__ import annotations

import argparse
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

from index.errors import IndexingError
from index.ingest.programs import find_office
from index.models.cache import ModelCache
from index.platform import available_cores, available_memory, free_bytes, run_program
from index.store.database.binding import bind, bound_to
from index.store.database.postgres import Postgres, without_password
from index.store.store import Store
from rag.assemble import check_servers, chosen_models, open_encoder, open_model_cache, open_store
from rag.config import Config, default_config_path, read_config
from rag.errors import AnsweringError
from ui.cli.terminal import print_json, print_line
from ui.operation.checks import Finding, disk, installed_version, opened_store, servers

_NEEDED = ("sentence-transformers", "faiss-cpu", "llama-cpp-python", "gradio", "fastapi", "mcp", "torch")
_ENGINE = "import llama_cpp; print(llama_cpp.llama_print_system_info().decode())"
_FAST_INSTRUCTIONS = {"avx2": "AVX2 = 1", "avx512f": "AVX512 = 1", "amx_int8": "AMX_INT8 = 1"}
_REMEDIES = {
    "database": "start that server, or mend [database] url in the configuration",
    "driver": "pip install 'hoidap[postgres]'",
    "store": "name another folder with --store, then 'hoidap store copy' from this one",
}
"""What to do about a database, by the code of the error."""
_LEAST_MEMORY = 3_000_000_000


def add_doctor_command(
    parsers: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser
) -> None:
    """Describe the command."""
    doctor = parsers.add_parser(
        "doctor", parents=[common], help="tell what is installed, missing or slow here, with remedies"
    )
    doctor.set_defaults(run=run_doctor, binds_itself=True)


def run_doctor(args: argparse.Namespace) -> int:
    """Print the page; 1 where something is missing or wrong."""
    findings = list(examine(args.config, args.store))
    if args.json:
        print_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            print_line(f"{finding.state:8} {finding.name:12} {finding.told}")
            if finding.remedy:
                print_line(f"{'':21} -> {finding.remedy}")
    return 1 if any(finding.state in ("missing", "fault") for finding in findings) else 0


def examine(config_path: Path | None, store: Path) -> Iterator[Finding]:
    """Look at everything; a configuration that cannot be read is a finding and the defaults are looked at."""
    yield Finding(
        "system", "ok", f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    )
    try:
        config = read_config(config_path)
        where = config_path or default_config_path()
        yield Finding(
            "settings", "ok", str(where) if where.is_file() else f"the defaults ({where} is not there)"
        )
    except AnsweringError as error:
        config = Config()
        yield Finding("settings", "fault", str(error), "mend the file, or delete it for the defaults")
    yield from packages(installed_version)
    yield engine(run_engine(), processor_flags())
    yield from models(config, open_model_cache(config))
    yield from resources(config, available_cores(), available_memory(), free_bytes(store))
    database = database_state(config, store)
    yield database
    if database.state == "ok":
        yield from store_state(config, store)
    yield scans(shutil.which("tesseract"))
    yield old_office(find_office())


def packages(found: Callable[[str], str | None]) -> Iterator[Finding]:
    """The libraries with their versions; without OpenVINO all is there, and slower."""
    versions = {name: found(name) for name in _NEEDED}
    absent = [name for name, version in versions.items() if version is None]
    here = ", ".join(f"{name} {version}" for name, version in versions.items() if version)
    yield (
        Finding(
            "libraries", "missing", ", ".join(absent), "run 'python start.py install' or install hoidap again"
        )
        if absent
        else Finding("libraries", "ok", here)
    )
    fast = found("openvino")
    yield (
        Finding("openvino", "ok", fast)
        if fast
        else Finding(
            "openvino",
            "slow",
            "not here: reading articles takes three times as long",
            "pip install 'hoidap[fast]'",
        )
    )


def engine(version: str | None, flags: frozenset[str]) -> Finding:
    """Whether the language model engine runs, and uses what this processor can do."""
    if version is None:
        return Finding(
            "engine", "fault", "it dies when it is loaded", "run 'python start.py install --compile'"
        )
    unused = [name for name, mark in _FAST_INSTRUCTIONS.items() if name in flags and mark not in version]
    if unused:
        return Finding(
            "engine", "slow", f"it does not use {', '.join(unused)} of this processor",
            "run 'python start.py install --compile'",
        )  # fmt: skip
    return Finding("engine", "ok", " ".join(version.split()))


def models(config: Config, cache: ModelCache) -> Iterator[Finding]:
    """The models that the configuration uses."""
    for entry in chosen_models(config):
        state = cache.status(entry).state
        detail = f"{entry.id}, {entry.size / 1e6:.0f} MB, {state}"
        here = state in ("ready", "unverified")
        yield Finding(
            "model",
            "ok" if here else "missing",
            detail,
            "" if here else f"run 'hoidap models fetch {entry.id}'",
        )
    yield from servers(config.llm.model, check_servers(config))


def resources(config: Config, cores: int, memory: int | None, free: int) -> Iterator[Finding]:
    """Cores, memory and disk."""
    threads = config.llm.threads or cores
    yield (
        Finding(
            "processor", "slow", f"{cores} cores, {threads} used", "set llm.threads to 0 in the configuration"
        )
        if threads < cores
        else Finding("processor", "ok", f"{cores} cores, all used")
        if cores > 1
        else Finding("processor", "slow", "one core", "choose the 0.5B model; see models.md")
    )
    if memory is not None:
        small = memory < _LEAST_MEMORY
        remedy = "close other programs, or choose the 0.5B model" if small else ""
        yield Finding("memory", "slow" if small else "ok", f"{memory / 1e9:.1f} GB free", remedy)
    yield disk(free)


def database_state(config: Config, folder: Path) -> Finding:
    """Which database keeps the articles, whether it answers, and the format of its tables."""
    url = config.database.url or bound_to(folder)
    try:
        if url is None:
            return Finding("database", "ok", f"SQLite, in {folder}")
        bind(folder, url)
        with closing(Postgres(url)) as sql:
            ((version, made),) = sql.run(
                "SELECT current_setting('server_version'), to_regclass('settings') IS NOT NULL"
            )
            formats = sql.run("SELECT value FROM settings WHERE key = 'format'") if made else []
    except (IndexingError, OSError) as error:
        return Finding("database", "fault", str(error), _REMEDIES.get(getattr(error, "code", ""), ""))
    detail = f"format {formats[0][0]}" if formats else "no tables of articles yet"
    return Finding("database", "ok", f"PostgreSQL {version}, {without_password(url)}, {detail}")


def store_state(config: Config, folder: Path) -> Iterator[Finding]:
    """The store: whether there is one, what it holds, and whether it fits the encoder of the configuration."""
    if not Store.exists(folder):
        yield Finding("store", "missing", f"none in {folder}", "run 'hoidap sync FOLDER'")
        return
    try:
        name = open_encoder(config).name
    except (IndexingError, AnsweringError):
        name = None  # told with the models
    try:
        store = open_store(config, folder, name)
    except IndexingError as error:
        yield Finding("store", "fault", str(error))
        return
    try:
        yield from opened_store(store)
    finally:
        store.close()


def scans(tesseract: str | None) -> Finding:
    """Whether scanned pages can be read."""
    if tesseract is None:
        return Finding(
            "scans", "slow", "pages that are pictures are left out and told",
            "install Tesseract with Vietnamese (sudo apt install tesseract-ocr-vie)",
        )  # fmt: skip
    asked = run_program([tesseract, "--list-langs"])
    if "vie" not in asked.stdout.split():
        return Finding("scans", "slow", "Tesseract has no Vietnamese", "sudo apt install tesseract-ocr-vie")
    return Finding("scans", "ok", "Tesseract with Vietnamese")


def old_office(program: str | None) -> Finding:
    """Whether the office files of before 2007 can be read."""
    if program is None:
        return Finding(
            "old office", "slow", ".doc, .xls and .ppt are left out and told",
            "install LibreOffice (sudo apt install libreoffice-writer libreoffice-calc libreoffice-impress)",
        )  # fmt: skip
    return Finding("old office", "ok", program)


def run_engine() -> str | None:
    """What the engine tells of itself, in a process of its own; ``None`` where that dies."""
    asked = run_program([sys.executable, "-c", _ENGINE])
    return asked.stdout.strip() if asked.returncode == 0 else None


def processor_flags(cpuinfo: Path = Path("/proc/cpuinfo")) -> frozenset[str]:
    """What Linux tells of the processor's instructions; nothing elsewhere."""
    if not cpuinfo.exists():
        return frozenset()
    lines = cpuinfo.read_text(encoding="utf-8", errors="replace").splitlines()
    return frozenset(next((line for line in lines if line.startswith("flags")), "").split())
