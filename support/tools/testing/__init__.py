"""Runs all parts of the test, side by side where that changes nothing, and counts. `python -m testing --help`."""
