"""Style sheets and styles that come with an output: kept, as far as they reach no further than that output.

A figure may bring rules, so that it answers to the reader's choice without a script. Nothing of it can load a file, lie
over the page, or change how another output looks.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Any

import tinycss2

# The style sheet that every figure brings, support/helpers/drawing/figure-style.ts, by its hash: as it reaches only into
# figures, it stands on a page once for all of them. A test says when it is another.
KNOWN = frozenset({"3648bd6ca3671d68694fd8c1ba473e3dd89e77c6ca3c0c04e14a78481afcc6fb"})
# Rules that hold other rules.
GROUPS = {"media", "supports", "container"}
LOADS = re.compile(r"url\s*\((?!\s*['\"]?#)|image-set|image\s*\(|expression|[\\<]", re.IGNORECASE)
COVERS = re.compile(r"fixed", re.IGNORECASE)


def declarations(nodes: Any) -> Iterator[str]:
    """The harmless ones among declarations; rules inside a rule are left out."""
    for node in tinycss2.parse_blocks_contents(nodes, skip_comments=True, skip_whitespace=True):
        if node.type != "declaration":
            continue
        value = tinycss2.serialize(node.value).strip()
        if LOADS.search(value) or (node.lower_name == "position" and COVERS.search(value)):
            continue
        yield f"{node.name}: {value}{' !important' if node.important else ''}"


def harmless_declarations(style: str) -> str | None:
    """The value of a `style` attribute without what loads files or covers the page; None when nothing is left."""
    return "; ".join(declarations(style)) or None


def within(scope: str, prelude: list[Any]) -> str | None:
    """A list of selectors, each made to match inside the scope only; None when one of them could leave it."""
    parts: list[list[Any]] = [[]]
    for token in prelude:
        if token.type == "error":
            return None
        if token == ",":
            parts.append([])
        elif token.type != "comment":
            parts[-1].append(token)
    selectors = [tinycss2.serialize(part).strip() for part in parts]
    if any(not one or one[0] in "+~>|" or LOADS.search(one) or "&" in one for one in selectors):
        return None
    return ", ".join(f"{scope} {one}" for one in selectors)


def rules(scope: str, nodes: Any) -> Iterator[str]:
    for node in tinycss2.parse_rule_list(nodes, skip_comments=True, skip_whitespace=True):
        if node.type == "qualified-rule":
            selectors, inside = within(scope, node.prelude), "; ".join(declarations(node.content))
            if selectors and inside:
                yield f"{selectors} {{ {inside} }}"
        elif node.type == "at-rule" and node.lower_at_keyword in GROUPS and node.content is not None:
            condition, inside = tinycss2.serialize(node.prelude), "\n".join(rules(scope, node.content))
            if inside and not LOADS.search(condition):
                yield f"@{node.lower_at_keyword}{condition}{{\n{inside}\n}}"


def is_known(sheet: str) -> bool:
    """Whether it is the style sheet of all figures."""
    return hashlib.sha256(sheet.strip().encode()).hexdigest() in KNOWN


def confined(sheet: str, scope: str) -> str:
    """The rules of a style sheet that are harmless, each made to match inside the scope only; empty when there is none.

    Args:
        scope: a selector of the element that the sheet may reach into.
    """
    return "\n".join(rules(scope, sheet))
