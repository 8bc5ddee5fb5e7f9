"""JupyterLab as the settings in support/tools/setup/config make it: its quiet, its address, its other exports."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import nbformat
import psutil
import pytest
from authoring.catalogue import Lesson
from authoring.notebook import read_notebook
from authoring.project import HOME
from nbconvert.exporters import HTMLExporter, SlidesExporter, WebPDFExporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from pages.convert import exporter, lesson_page, settings

PATIENCE_S = 60


@dataclass(frozen=True)
class Server:
    """A JupyterLab server with an empty folder."""

    url: str
    address: str
    folder: Path
    process: subprocess.Popen[bytes]

    def get(self, path: str, sent: dict[str, str] | None = None) -> str:
        """What stands at a path, or what comes back for what is sent there."""
        data = None if sent is None else json.dumps(sent).encode()
        request = urllib.request.Request(self.url + path, data, headers={"Authorization": "token secret"})
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
            return answer.read().decode("utf-8")

    def running(self, program: str) -> list[psutil.Process]:
        """The processes below it that run a program of the kernel's."""
        below = psutil.Process(self.process.pid).children(recursive=True)
        return [one for one in below if any(word.endswith(f"/{program}") for word in one.cmdline())]


def wait_for_server(runtime: Path, server: subprocess.Popen[bytes], log: Path) -> dict[str, str]:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until and server.poll() is None:
        for path in runtime.glob("jpserver-*.json"):
            try:
                about = json.loads(path.read_text())
                # It notes its port a moment before it answers there.
                socket.create_connection((about["hostname"], about["port"])).close()
            except (ValueError, ConnectionRefusedError):
                pass  # Half written, or too early.
            else:
                return about
        time.sleep(0.1)
    raise AssertionError(f"JupyterLab did not start:\n{log.read_text()}")


@contextmanager
def started_server(folder: Path) -> Iterator[Server]:
    """JupyterLab, with nothing of what it writes outside a folder."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("JUPYTER")}
    for kind in ("CONFIG", "DATA", "RUNTIME"):
        env[f"JUPYTER_{kind}_DIR"] = str(folder / kind.lower())
    env["IPYTHONDIR"] = str(folder / "ipython")
    # What the settings say must hold without the Makefile's help.
    env.pop("PYTHONPATH", None)
    env.pop("TSASYNC_COMPILER", None)
    log = folder / "log"
    options = [
        "--no-browser",
        "--port=0",
        "--IdentityProvider.token=secret",
        f"--ServerApp.root_dir={folder}",
    ]
    with log.open("wb") as out:
        started = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            env=env,
        )
    try:
        about = wait_for_server(folder / "runtime", started, log)
        yield Server(about["url"].rstrip("/"), about["hostname"], folder, started)
    finally:
        started.terminate()
        started.wait(PATIENCE_S)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with started_server(tmp_path_factory.mktemp("lab")) as server:
        yield server


def test_jupyterlab_does_not_ask_about_news_and_looks_for_no_updates(server: Server) -> None:
    name = urllib.parse.quote("@jupyterlab/apputils-extension:notification")
    properties = json.loads(server.get(f"/lab/api/settings/{name}"))["schema"]["properties"]
    assert properties["fetchNews"]["default"] == "false"
    assert properties["checkForUpdates"]["default"] is False
    assert json.loads(server.get("/lab/api/news"))["news"] == []
    assert json.loads(server.get("/lab/api/update"))["notification"] is None


def test_jupyterlab_starts_without_a_word_about_node_or_yarn(server: Server) -> None:
    said = (server.folder / "log").read_text()
    assert "is running at" in said
    assert "yarn" not in said and "Node.js v" not in said


def test_jupyterlab_finds_what_the_course_adds_to_it(server: Server) -> None:
    page = server.get("/lab")
    (found,) = [
        one
        for one in json.loads(re.search(r'"federated_extensions": (\[.*?\])', page)[1])
        if one["name"] == "tsasync"
    ]
    entry = server.get(f"/lab/extensions/tsasync/{found['load']}")
    assert "_JUPYTERLAB" in entry and 'import("./plugins.js")' in entry
    # Of the types nothing is left, and each module finds the others.
    for name in re.findall(r'"\./([\w-]+\.\w+)"', server.get("/lab/extensions/tsasync/static/plugins.js")):
        assert name.endswith(".js") and server.get(f"/lab/extensions/tsasync/static/{name}")


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGKILL])
def test_jupyterlab_starts_one_compiler_for_all_its_kernels_which_ends_with_it(
    tmp_path: Path, ending: signal.Signals
) -> None:
    with started_server(tmp_path) as server:
        for _ in range(2):
            server.get("/api/kernels", {"name": "tslab"})
        (compiler,) = server.running("compiler-server.ts")
        first, second = server.running("main.ts")
        address = Path(first.environ()["TSASYNC_COMPILER"])
        assert address.is_socket() and second.environ()["TSASYNC_COMPILER"] == str(address)
        server.process.send_signal(ending)
        server.process.wait(PATIENCE_S)
        gone, left = psutil.wait_procs([compiler, first, second], PATIENCE_S)
        assert (len(gone), left, address.parent.exists()) == (3, [], False)


def test_jupyterlab_listens_on_loopback_only(server: Server) -> None:
    assert server.address == "127.0.0.1"


def test_other_exports_keep_the_templates_they_need() -> None:
    ours = settings()
    assert HTMLExporter(config=ours).template_name == "tsasync"
    assert SlidesExporter(config=ours).template_name == SlidesExporter().template_name == "reveal"
    assert WebPDFExporter(config=ours).template_name == WebPDFExporter().template_name == "webpdf"


def test_jupyterlabs_own_export_is_byte_for_byte_the_page_of_make_html(server: Server) -> None:
    folder = server.folder / "concepts"
    folder.mkdir()
    file = Path(shutil.copy(HOME / "notebooks/concepts/01-why-async.ipynb", folder))
    lesson = Lesson("concepts/01-why-async", file, "", "", 0)
    ours = lesson_page(exporter(), lesson, read_notebook(file, lesson.name))
    assert server.get("/nbconvert/html/concepts/01-why-async.ipynb") == ours
    assert '<nav aria-label="Contents"' in ours and "Concept 1 of 1" in ours


def test_a_readers_own_notebook_is_exported_without_a_place_in_the_course(server: Server) -> None:
    cells = [new_markdown_cell("# Mine & yours"), new_code_cell("let x;", execution_count=1)]
    nbformat.write(new_notebook(cells=cells), server.folder / "mine.ipynb")
    page = server.get("/nbconvert/html/mine.ipynb")
    assert "<title>Mine &amp; yours</title>" in page and "All lessons" not in page
    assert "reveal" in server.get("/nbconvert/slides/mine.ipynb")
