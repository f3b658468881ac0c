"""The files of ``deploy/`` agree with each other and with the program; the services themselves are not started here."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from rag.config import read_config
from scripts.setup.environment.project import requirements
from ui.cli.parser import build_parser
from ui.operation.status_pages import PATHS
from ui.window.access.listen import ListenOptions

DEPLOY = Path(__file__).parents[1] / "deploy"
NAMED_PORTS = {"milvus": 19530, "llm": 8080, "postgres": 5432, "etcd": 2379, "minio": 9000, "ray-head": 6379}
"""Where each image answers unless it is told otherwise."""


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    config = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    assert isinstance(config, dict)
    return config


@pytest.fixture(scope="module")
def services(compose: dict[str, Any]) -> dict[str, Any]:
    named = compose["services"]
    assert isinstance(named, dict)
    return named


def windows(services: dict[str, Any]) -> dict[str, list[str]]:
    """The commands of the services that offer the window, their variables filled in."""
    filled = {
        name: [re.sub(r"\$\{\w+:-(\w*)\}", r"\1", word) for word in service["command"]]
        for name, service in services.items()
        if "build" in service and "entrypoint" not in service
    }
    return {name: command for name, command in filled.items() if command[0] == "ui"}


def test_every_command_of_hoidap_is_one_that_it_knows(services: dict[str, Any]) -> None:
    assert set(windows(services)) == {"hoidap-1", "hoidap-2"}
    for command in windows(services).values():
        args = build_parser().parse_args(command)
        ListenOptions(args.host, None, tuple(args.name), args.root_path, tuple(args.proxy)).hold(
            guarded=True
        ).close()
        mounted = {
            entry.split(":")[1]: entry.split(":")[0]
            for entry in services["hoidap-1"]["volumes"]
            if "$" not in entry
        }
        assert mounted[str(args.config)] == "./hoidap.toml"
        assert mounted[str(args.store)] == "store"
    fetch = build_parser().parse_args(services["models"]["command"])
    assert (fetch.action, fetch.ids) == ("fetch", ["multilingual-e5-small-q4"])


def test_the_configuration_is_valid_and_reaches_services_that_are_there(services: dict[str, Any]) -> None:
    config = read_config(DEPLOY / "hoidap.toml")
    for url in (config.llm.base_url, config.store.url):
        host, port = re.fullmatch(r"http://([\w-]+):(\d+)(?:/v1)?", url or "").groups()  # type: ignore[union-attr]
        assert NAMED_PORTS[host] == int(port) and host in services
    user, host, name = re.fullmatch(r"postgresql://(\w+)@([\w-]+)/(\w+)", config.database.url or "").groups()  # type: ignore[union-attr]
    database = services[host]["environment"]
    assert (user, name) == (database["POSTGRES_USER"], database["POSTGRES_DB"])
    assert services["hoidap-1"]["environment"]["PGPASSWORD"] == database["POSTGRES_PASSWORD"]
    assert config.store.key_variable in services["hoidap-1"]["environment"]
    llm = services["llm"]["command"]
    options = dict(zip(llm[::2], llm[1::2], strict=True))
    assert options["--alias"] == config.llm.model and int(options["--port"]) == NAMED_PORTS["llm"]
    assert int(options["--ctx-size"]) // int(options["--parallel"]) == config.llm.context_tokens
    assert config.articles.folders == (Path("/articles"),)
    assert any(entry.endswith(":/articles:ro") for entry in services["hoidap-1"]["volumes"])


def test_the_proxy_hands_on_to_every_window_and_is_the_one_that_is_believed(
    compose: dict[str, Any], services: dict[str, Any]
) -> None:
    nginx = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    assert nginx.count("{") == nginx.count("}")
    behind = re.findall(r"server ([\w-]+):(\d+)", nginx)
    named = windows(services)
    assert {name for name, _ in behind} == set(named)
    for name, port in behind:
        args = build_parser().parse_args(named[name])
        assert args.port == int(port)
        assert args.proxy == [services["proxy"]["networks"]["hoidap"]["ipv4_address"]]
    (listen,) = re.findall(r"listen (\d+);", nginx)
    assert services["proxy"]["ports"] == [f"${{PORT:-8080}}:{listen}"]
    documented = (DEPLOY.parent / "docs" / "proxy.md").read_text(encoding="utf-8")
    for line in re.findall(r"proxy_set_header .*;", documented):
        assert line in nginx  # the headers of the block that is run by the tests
    subnet = compose["networks"]["hoidap"]["ipam"]["config"][0]["subnet"]
    assert (
        subnet.rsplit(".", 1)[0] == services["proxy"]["networks"]["hoidap"]["ipv4_address"].rsplit(".", 1)[0]
    )


def test_prometheus_asks_every_window_with_the_token_that_is_mounted(services: dict[str, Any]) -> None:
    settings = yaml.safe_load((DEPLOY / "prometheus.yml").read_text(encoding="utf-8"))
    (job,) = settings["scrape_configs"]
    behind = {name: build_parser().parse_args(command).port for name, command in windows(services).items()}
    (asked,) = job["static_configs"]
    assert set(asked["targets"]) == {f"{name}:{port}" for name, port in behind.items()}
    assert job["metrics_path"] in PATHS
    mounted = [entry.rsplit(":", 2)[1] for entry in services["prometheus"]["volumes"][:2]]
    assert job["authorization"]["credentials_file"] in mounted
    for name, port in behind.items():
        assert f"http://127.0.0.1:{port}/health" in str(services[name]["healthcheck"]["test"])
    nginx = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    assert re.search(r"location = /metrics \{[^}]*return 404;", nginx)
    llm = services["llm"]["command"]
    config = read_config(DEPLOY / "hoidap.toml")
    assert config.llm.together * len(behind) == int(llm[llm.index("--parallel") + 1])


def test_services_name_each_other_and_keep_what_they_write(
    compose: dict[str, Any], services: dict[str, Any]
) -> None:
    for name, service in services.items():
        assert set(service.get("depends_on", ())) <= set(services), name
        assert "hoidap" in service["networks"], name
        for entry in service.get("volumes", ()):
            source = entry.partition(":")[0]
            if re.fullmatch(r"[a-z]+", source):
                assert source in compose["volumes"], name
            elif source.startswith("./"):
                assert (DEPLOY / source).is_file(), source
    milvus = services["milvus"]["environment"]
    for key in ("ETCD_ENDPOINTS", "MINIO_ADDRESS"):
        host, _, port = milvus[key].partition(":")
        assert host in services and NAMED_PORTS[host] == int(port)
    assert f"ray-head:{NAMED_PORTS['ray-head']}" in services["ray-worker"]["command"][1]


def test_ray_reports_to_nobody_and_is_reached_from_nowhere_else(services: dict[str, Any]) -> None:
    for name in ("ray-head", "ray-worker"):
        assert services[name]["environment"]["RAY_USAGE_STATS_ENABLED"] == "0"
        assert "ports" not in services[name]
        assert (
            services[name]["volumes"] == services["hoidap-1"]["volumes"]
        )  # the same folder at the same path
    assert "--include-dashboard=false" in services["ray-head"]["command"]


def test_the_commands_that_the_head_of_the_file_names_are_those_of_hoidap(services: dict[str, Any]) -> None:
    head = (DEPLOY / "compose.yaml").read_text(encoding="utf-8").partition("\nname:")[0]
    synced = re.findall(r"(?:run --rm|exec) (\S+) (?:hoidap )?(sync .*)", head)
    assert [service for service, _ in synced] == ["hoidap-1", "ray-head"]
    for _, command in synced:
        args = build_parser().parse_args(command.split())
        assert (args.folders, args.store) == ([Path("/articles")], Path("/srv/store"))
    assert args.ray == "auto"


def test_every_secret_has_to_be_given_and_is_in_the_example() -> None:
    asked = set(re.findall(r"\$\{(\w+)", (DEPLOY / "compose.yaml").read_text(encoding="utf-8")))
    lines = (DEPLOY / "example.env").read_text(encoding="utf-8").splitlines()
    example = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    assert asked - {"MINIO_USER"} == set(example)
    compose = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    for name in (name for name in example if name.endswith("PASSWORD")):
        assert example[name] == ""
        assert not re.search(rf"\$\{{{name}(?!:\?)", compose), f"{name} has a default"


def test_the_image_is_built_of_extras_and_files_that_there_are() -> None:
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    (extras,) = re.findall(r"ARG EXTRAS=(\S+)", text)
    project = (DEPLOY.parent / "pyproject.toml").read_text(encoding="utf-8")
    assert requirements(project, extras.split(","))
    assert {"milvus", "postgres", "ray"} <= set(extras.split(","))
    for line in re.findall(r"^COPY (.+) \S+$", text, re.MULTILINE):
        for name in line.split():
            assert (DEPLOY.parent / name).exists()
