"""Runs the Python of a lesson: source on standard input, the limit in seconds as the only argument.

The source runs as `__main__` from a file called `<python>`, so that tracebacks and warnings name it the same way on
every computer, and without its lines, which some versions of Python would print and others not. Indentation that all lines
share is taken off, and line 1 is the first one with text: a cell writes its Python indented, below an opening quote.
"""

import signal
import sys
import textwrap
import types

# Should the notebook's kernel die, nobody is left to end this process: the system does.
signal.alarm(int(sys.argv[1]))
source = textwrap.dedent(sys.stdin.read()).lstrip("\n")
main = types.ModuleType("__main__")
sys.argv, sys.modules["__main__"] = ["<python>"], main
exec(compile(source, "<python>", "exec"), main.__dict__)  # noqa: S102  (what it is for)
