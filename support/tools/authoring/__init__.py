"""The authors' tools: catalogue of lessons, links between them, new lessons, checks of their cells.

Run them with `python -m authoring`, or through `make links`, `make lesson`, `make format`.
"""
