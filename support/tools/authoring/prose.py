"""Markdown read as nbconvert reads it: headings, links, pictures and plain words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from nbconvert.filters.markdown_mistune import MarkdownWithMath

Token = dict[str, Any]

HTML_LINK = re.compile(r"""<(?:a|img)\b[^>]*?\s(?:href|src)\s*=\s*["']([^"']*)["']""", re.IGNORECASE)
HTML_IMAGE = re.compile(r"<img\b[^>]*>", re.IGNORECASE)
HTML_ALT = re.compile(r"""\salt\s*=\s*["'][^"']*\w""", re.IGNORECASE)
HTML_TYPES = ("block_html", "inline_html")
MATH_TYPES = ("inline_math", "block_math", "multiline_math", "latex_environment")


@cache
def parse(source: str) -> Sequence[Token]:
    """The blocks of a Markdown text, to be read only: a text is asked for its headings, its links and more, and is read once."""
    tokens = MarkdownWithMath(renderer=None)(source)
    return tokens if isinstance(tokens, list) else []


def walk(tokens: Iterable[Token]) -> Iterator[Token]:
    """All tokens, each before its children."""
    for token in tokens:
        yield token
        yield from walk(token.get("children") or [])


def plain(tokens: Iterable[Token]) -> str:
    """The words as a reader sees them, code included, on one line."""
    words = []
    for token in walk(tokens):
        if token["type"] in ("softbreak", "linebreak"):
            words.append(" ")
        elif token["type"] in ("text", "codespan"):
            words.append(token.get("raw", ""))
    return " ".join("".join(words).split())


def headings(source: str) -> list[tuple[int, str]]:
    """Level and words of each heading."""
    found = [token for token in walk(parse(source)) if token["type"] == "heading"]
    return [(token["attrs"]["level"], plain(token["children"])) for token in found]


def links(source: str) -> list[str]:
    """Where the links and pictures lead, as written."""
    found = []
    for token in walk(parse(source)):
        if token["type"] in ("link", "image"):
            found.append(token["attrs"]["url"])
        elif token["type"] in HTML_TYPES:
            found += HTML_LINK.findall(token["raw"])
    return found


def texts(source: str) -> list[str]:
    """The stretches of prose, without code and HTML."""
    return [token["raw"] for token in walk(parse(source)) if token["type"] == "text"]


def pictures_without_words(source: str) -> int:
    """How many pictures have no alternative text."""
    count = 0
    for token in walk(parse(source)):
        if token["type"] == "image" and not plain(token.get("children") or []):
            count += 1
        elif token["type"] in HTML_TYPES:
            count += sum(1 for tag in HTML_IMAGE.findall(token["raw"]) if not HTML_ALT.search(tag))
    return count


def picture_files(source: str) -> list[str]:
    """The pictures that are files or lie elsewhere, not in the cell itself."""
    found = []
    for token in walk(parse(source)):
        if token["type"] == "image":
            found.append(token["attrs"]["url"])
        elif token["type"] in HTML_TYPES:
            found += [url for tag in HTML_IMAGE.findall(token["raw"]) for url in HTML_LINK.findall(tag)]
    return [url for url in found if not url.startswith(("data:", "attachment:"))]


def needs_script(source: str) -> list[str]:
    """What an exported page, which runs no script, cannot draw."""
    found = []
    for token in walk(parse(source)):
        if token["type"] in MATH_TYPES:
            found.append("a formula between dollar signs")
        elif token["type"] == "block_code":
            info = (token.get("attrs") or {}).get("info") or ""
            found += ["a mermaid diagram"] if info.startswith("mermaid") else []
    return found


def escape(text: str) -> str:
    """Plain words as Markdown that reads the same, also inside a link or a table."""
    return re.sub(r"([\\`*_\[\]<>|$#!~&])", r"\\\1", text)
