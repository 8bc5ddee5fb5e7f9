"""Puts this folder where the tests below it find what they share."""

from small_project import project

__all__ = ["project"]
