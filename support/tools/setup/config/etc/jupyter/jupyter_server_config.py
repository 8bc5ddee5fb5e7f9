"""This project's JupyterLab: on this machine only, and exporting the same pages as `make html`."""

import atexit
import contextlib
import os

c = get_config()  # noqa: F821 (traitlets puts it here)

c.ServerApp.ip = "127.0.0.1"
# As root there is no other user to run as: in a container. Any other user gets Jupyter's own guard.
c.ServerApp.allow_root = hasattr(os, "geteuid") and os.geteuid() == 0

# File, Save and Export Notebook As goes through nbconvert inside the server, which reads only the server's settings.
load_subconfig("jupyter_nbconvert_config.py")  # noqa: F821 (traitlets puts it here)

# Found where those settings say that the project's tools are.
from compilers.shared import NAME, shared_compiler  # noqa: E402

if NAME not in os.environ:
    # A compiler for all lessons that are open, 130 MB less for each. What a file of settings names is forgotten once it is read.
    until_the_end = contextlib.ExitStack()
    os.environ[NAME] = until_the_end.enter_context(shared_compiler())
    atexit.register(until_the_end.close)
