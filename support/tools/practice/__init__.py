"""Exercises: their sources, their cells in the lessons, and runs of all their answers, right and wrong.

Run them with `python -m practice`, or through `make exercises`.
"""
