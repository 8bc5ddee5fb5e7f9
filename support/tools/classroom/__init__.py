"""Exercises as assignments that nbgrader hands out, collects and grades.

Run it with `python -m classroom`, or through `make assignment`.
"""
