"""This project's JupyterLab: on this machine only, and exporting the same pages as `make html`."""

import atexit
import json
import os
import subprocess
import sys

c = get_config()  # noqa: F821 (traitlets puts it here)

c.ServerApp.ip = "127.0.0.1"
# As root there is no other user to run as: in a container. Any other user gets Jupyter's own guard.
c.ServerApp.allow_root = hasattr(os, "geteuid") and os.geteuid() == 0

# File, Save and Export Notebook As goes through nbconvert inside the server, which reads only the server's settings.
load_subconfig("jupyter_nbconvert_config.py")  # noqa: F821 (traitlets puts it here)


def share_a_compiler():
    """Starts a compiler for all lessons that are open, 130 MB less for each; it ends with this server's end of the pipe."""
    spec = os.path.join(sys.prefix, "share", "jupyter", "kernels", "tslab", "kernel.json")
    with open(spec) as file:
        kernel = json.load(file)
    main = next(word for word in kernel["argv"] if word.endswith("main.ts"))
    command = [kernel["argv"][0], os.path.join(os.path.dirname(main), "compiler-server.ts")]
    env = {**os.environ, **kernel["env"]}
    pipe = subprocess.PIPE
    server = subprocess.Popen(command, env=env, stdin=pipe, stdout=pipe, start_new_session=True)
    os.environ["TSASYNC_COMPILER"] = server.stdout.readline().decode().strip()
    # Which keeps the pipe open until then: what a file of settings names is forgotten once it is read.
    atexit.register(server.stdin.close)


if "TSASYNC_COMPILER" not in os.environ:
    share_a_compiler()
