"""What is decided before Ray is spoken to; the cluster itself is in test_kills.py."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from index.cluster.ray_cluster import blocks, check_ray, joining
from index.cluster.wire import FileTask
from index.errors import ClusterError
from index.ingest.list_folder import SourceFile


def task(number: int, size: int) -> FileTask:
    return FileTask(number, SourceFile(Path("x"), str(number), size), "")


def test_a_missing_extra_is_named_with_its_command() -> None:
    with pytest.raises(ClusterError, match=r"package ray,.*pip install 'hoidap\[ray\]'"):
        check_ray(lambda package: None)
    check_ray(lambda package: package)


def test_files_are_read_together_up_to_a_number_and_a_size_in_their_order() -> None:
    small = [task(number, 10) for number in range(20)]
    large = [task(20, 1_900_000), task(21, 200_000), task(22, 90_000_000), task(23, 1)]
    made = list(blocks([*small, *large]))
    assert [len(block) for block in made] == [16, 5, 1, 1, 1]
    assert [one.number for block in made for one in block] == list(range(24))
    assert list(blocks([])) == []


def test_a_cluster_of_this_computer_listens_on_loopback_without_a_dashboard() -> None:
    local = joining("local")
    assert (local["_node_ip_address"], local["include_dashboard"]) == ("127.0.0.1", False)
    assert joining("10.0.0.1:6379").keys() == {"address", "logging_level", "log_to_driver"}


@pytest.mark.slow
def test_a_plain_sync_imports_nothing_of_ray_or_arrow() -> None:
    code = (
        "import sys, index.sync.sync, index.sync.store_articles, index.cluster.ray_cluster, ui.cli.sync;"
        "sys.exit(', '.join({'ray', 'pyarrow'} & sys.modules.keys()) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
