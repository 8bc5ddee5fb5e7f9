"""Tells a Jupyter of the reader's own where this project's kernel is, and takes that back.

`install` copies the kernelspec from .venv to where the reader's Jupyter looks, `remove` removes it there. Another
kernel of the same name is left alone. Nothing else outside this folder is written. Standard library alone, as set-up.
"""

import json
import os
import shutil
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))
NAME = "tslab"
OURS = os.path.join(ROOT, ".venv", "share", "jupyter", "kernels", NAME)


class OwnJupyterError(Exception):
    """It can't be done; the message is one line that says what to do."""


def data_folder():
    """Where Jupyter keeps what belongs to one user: jupyter_core's rule."""
    named = os.environ.get("JUPYTER_DATA_DIR")
    if named:
        return named
    home = os.path.expanduser("~")
    if sys.platform == "darwin":
        return os.path.join(home, "Library", "Jupyter")
    return os.path.join(os.environ.get("XDG_DATA_HOME") or os.path.join(home, ".local", "share"), "jupyter")


def is_ours(folder):
    """Whether a kernelspec starts this project's kernel."""
    try:
        with open(os.path.join(folder, "kernel.json")) as file:
            words = json.load(file)["argv"]
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return os.path.join(ROOT, "support", "kernel", "main.ts") in words


def target():
    """Where the kernelspec goes.

    Raises:
        OwnJupyterError: another kernel of this name is there.
    """
    folder = os.path.join(data_folder(), "kernels", NAME)
    if os.path.lexists(folder) and not is_ours(folder):
        raise OwnJupyterError(
            "%s is another kernel, and the lessons ask for one of this name. To put this project's in its place,"
            " remove that folder and run the same command again" % folder
        )
    return folder


def install():
    folder = target()
    if not is_ours(OURS):
        raise OwnJupyterError("the kernel is not set up. Run: make kernel")
    shutil.copytree(OURS, folder, dirs_exist_ok=True)
    return "your own Jupyter finds the kernel now, in %s. Open the lessons in %s" % (
        folder,
        os.path.join(ROOT, "my-lessons"),
    )


def remove():
    folder = target()
    if not os.path.lexists(folder):
        return "there is nothing to remove in %s" % os.path.dirname(folder)
    shutil.rmtree(folder)
    return "%s is removed" % folder


def main(words):
    actions = {"install": install, "remove": remove}
    if len(words) != 1 or words[0] not in actions:
        sys.stderr.write("kernel: say install or remove\n")
        return 2
    try:
        print("kernel: " + actions[words[0]]())
    except (OwnJupyterError, OSError) as error:
        sys.stderr.write("kernel: %s\n" % error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
