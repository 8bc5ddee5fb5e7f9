"""Runs the lessons, finds what went wrong, and compares or writes their outputs. `python -m runner --help`."""
