"""Code with its parts marked by class, for the page's style sheet to colour."""

from __future__ import annotations

import re
from html import escape

import pygments
from pygments.filter import simplefilter
from pygments.formatters import HtmlFormatter
from pygments.lexer import bygroups, inherit
from pygments.lexers import get_lexer_by_name
from pygments.lexers.javascript import JavascriptLexer, TypeScriptLexer
from pygments.token import Comment, Keyword, Name, Number, Operator, String, Text, Whitespace
from pygments.util import ClassNotFound

# Pygments takes whatever follows a colon for a type, numbers and calls too.
AFTER_COLON = r"([\w?.$]+)(\s*)(:)(\s*)([\w?.$]+)"
TYPE_AFTER_COLON = (
    r"([\w?.$]+)(\s*)(:)(\s*)"
    r"((?:any|bigint|boolean|never|number|object|string|symbol|unknown|void|[A-Z][\w$]*(?:\.[A-Z][\w$]*)*)\b)(?!\s*[(.])"
)
OURS = ("typescript", "ts")
# What the style sheet colours; half of a page was marks around all that it does not.
COLOURED = (
    Comment,
    Keyword,
    Number,
    String,
    Operator.Word,
    Name.Builtin,
    Name.Class,
    Name.Decorator,
    Name.Exception,
    Name.Function,
)


class LessonLexer(JavascriptLexer):
    """TypeScript, in which only a type looks like one."""

    name = "TypeScript of lessons"
    tokens = {  # noqa: RUF012 (Pygments reads it from the class)
        "root": [
            (
                TYPE_AFTER_COLON,
                bygroups(Name.Other, Whitespace, Operator, Whitespace, Keyword.Type),
            ),
            *(rule for rule in TypeScriptLexer.tokens["root"] if rule is inherit or rule[0] != AFTER_COLON),
        ]
    }


@simplefilter
def only_coloured(_self, _lexer, stream, _options):
    """Takes what is not coloured for plain text."""
    for kind, value in stream:
        yield (kind if any(kind in one for one in COLOURED) else Text), value


def highlight(source: str, language: str = "typescript", **_: object) -> str:
    """Code as a `div.highlight`. A language that nobody knows is plain text."""
    word = re.split(r"[\s,]", language.strip(), maxsplit=1)[0].lower()
    if word in OURS:
        lexer = LessonLexer(stripnl=False)
    else:
        try:
            lexer = get_lexer_by_name(word, stripnl=False)
        except ClassNotFound:
            return f'<div class="highlight"><pre>{escape(source, quote=False)}</pre></div>'
    lexer.add_filter(only_coloured())
    return pygments.highlight(source, lexer, HtmlFormatter()).strip()
