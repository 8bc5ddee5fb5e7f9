"""This project's JupyterLab: on this machine only, and exporting the same pages as `make html`."""

import os

c = get_config()  # noqa: F821 (traitlets puts it here)

c.ServerApp.ip = "127.0.0.1"
# As root there is no other user to run as: in a container. Any other user gets Jupyter's own guard.
c.ServerApp.allow_root = hasattr(os, "geteuid") and os.geteuid() == 0

# File, Save and Export Notebook As goes through nbconvert inside the server, which reads only the server's settings.
load_subconfig("jupyter_nbconvert_config.py")  # noqa: F821 (traitlets puts it here)
