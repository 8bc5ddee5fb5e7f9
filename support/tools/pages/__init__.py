"""Executed lessons as pages, as one zip, as an EPUB and as a PDF.

Run it with `python -m pages`, or through `make html`. JupyterLab's own export of a page uses the same filters.
"""
