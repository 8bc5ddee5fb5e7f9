"""The reader's own copy of the lessons: made, kept up to date, taken back. `python -m copies --help`.

Standard library alone, and no import that takes time: `make lab` waits for it.
"""
