"""What may stand on a page, and what becomes of the rest."""

from __future__ import annotations

import hashlib
import subprocess
import xml.etree.ElementTree as ET

import pytest
from authoring.project import HOME, node_command
from pages.harmless import harmless
from pages.styles import confined, is_known

FIGURE = (
    "<figure><style>.lane:hover { fill: red } @media (prefers-color-scheme: dark) { text { fill: #fff } }</style>"
    '<input type="radio" name="r1" id="r1-0" checked><label for="r1-0">all</label>'
    '<div hidden style="display: grid"><svg viewBox="0 0 9 9" role="img" aria-label="x"><defs>'
    '<linearGradient id="g"><stop offset="0" stop-color="#000"/></linearGradient>'
    '<clipPath id="c"><rect width="9" height="9"/></clipPath></defs>'
    '<path class="lane" d="M0 0V9" fill="url(#g)" clip-path="url(#c)"/><text x="1" text-anchor="end">tea</text>'
    "</svg></div></figure>"
)


def test_the_style_sheet_of_all_figures_is_known_and_any_other_is_not() -> None:
    ask = "const { FIGURE_STYLE } = await import(process.argv[1]); process.stdout.write(FIGURE_STYLE)"
    node = node_command("typescript/bin/tsc")[0]
    path = str(HOME / "support/helpers/drawing/figure-style.ts")
    sheet = subprocess.run(
        [node, "--input-type=module", "-e", ask, path], check=True, capture_output=True, text=True
    ).stdout
    now = hashlib.sha256(sheet.strip().encode()).hexdigest()
    assert is_known(sheet), f"write {now} into KNOWN of support/tools/pages/styles.py"
    assert not is_known(sheet + "main { color: red }")
    rules = confined(sheet, ".rich").splitlines()
    assert len(rules) > 15 and all(".rich " in rule or rule[0] in "@}" for rule in rules)


def test_a_figure_that_answers_without_a_script_stays_as_it_is() -> None:
    html = harmless(FIGURE, drawn=".rich")
    for part in (
        'viewBox="0 0 9 9"',
        "<linearGradient",
        "<clipPath",
        'fill="url(#g)"',
        'type="radio"',
        "checked",
    ):
        assert part in html
    assert 'for="r1-0"' in html and 'style="display: grid"' in html and "hidden" in html
    assert ".rich .lane:hover { fill: red }" in html
    assert "@media (prefers-color-scheme: dark) {\n.rich text { fill: #fff }\n}" in html


def test_a_picture_that_scrolls_is_a_tab_stop_unless_something_in_it_is() -> None:
    still = harmless('<div class="scroll"><div><img src="data:,"></div></div>', drawn=".rich")
    assert still.startswith(
        '<div tabindex="0" role="group" aria-label="Picture, scrolls sideways" class="scroll">'
    )
    answers = '<div class="scroll"><img src="data:,"><label><input type="radio"/></label></div>'
    assert "tabindex" not in harmless(answers, drawn=".rich")


@pytest.mark.parametrize(
    "html",
    [
        '<img src=x onerror="alert(1)">',
        '<img src="https://evil.example/a.png">',
        "<svg onload=alert(1)><animate onbegin=alert(1) attributeName=x /></svg>",
        '<svg><use href="https://evil.example/a.svg#x"/></svg>',
        '<svg><path fill="url(https://evil.example/a)"/></svg>',
        '<svg><a href="javascript:alert(1)">x</a></svg>',
        "<svg><style>@import 'https://evil.example/a.css'; * { background: url(//evil.example) }</style></svg>",
        "<svg><foreignObject><iframe src=javascript:alert(1)></iframe></foreignObject></svg>",
        '<a href="java\nscript:alert(1)">x</a>',
        '<a href="&#106;avascript:alert(1)">x</a>',
        '<a href="//evil.example/">x</a>',
        '<a href="\\\\evil.example/">x</a>',
        '<a href="data:text/html,<script>alert(1)</script>">x</a>',
        '<form action="https://evil.example"><input type="submit"><input type=image src=//evil.example></form>',
        '<div style="background: url(https://evil.example/a)">x</div>',
        '<div style="background: u\\72l(https://evil.example/a)">x</div>',
        '<div style="position: fixed; inset: 0">x</div>',
        "<style><!--</style><script>alert(1)</script>",
        "<math><mtext></p><script>alert(1)</script></math>",
        "<p><script>alert(1)</p>",
        "<title><img src=x onerror=alert(1)></title>",
        "</main></body><script>alert(1)</script>",
        "<p <script>alert(1)</script>>",
        "<scr<script>ipt>alert(1)</script>",
        "<!--><script>alert(1)</script>-->",
        "<![CDATA[<script>alert(1)</script>]]>",
        "<template><script>alert(1)</script></template>",
        '<object data="https://evil.example"></object><embed src=//evil.example>',
    ],
)
@pytest.mark.parametrize("drawn", [None, ".rich"])
def test_nothing_of_an_attack_is_left_but_its_text(html: str, drawn: str | None) -> None:
    safe = harmless(html, drawn=drawn)
    root = ET.fromstring(f"<root>{safe}</root>")
    for element in root.iter():
        assert element.tag.lower() not in (
            [
                "script",
                "iframe",
                "foreignobject",
                "form",
                "object",
                "embed",
                "base",
                "link",
                "meta",
                "template",
                "math",
                "animate",
            ]
        )
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            assert "evil.example" not in value and "script:" not in value and "fixed" not in value
        if element.tag == "style":
            assert "evil" not in (element.text or "")
        if element.tag == "input":
            assert element.get("type") in ("checkbox", "radio")


@pytest.mark.parametrize(
    "html", ["<div><p>a", "</p></div>", "<b><i>a</b></i>", "<td>", "a < b && c", "<br><hr/>", "<p a=1 a=2>"]
)
def test_what_comes_out_is_well_formed(html: str) -> None:
    ET.fromstring(f"<root>{harmless(html)}</root>")
    assert harmless(harmless(html)) == harmless(html)


@pytest.mark.parametrize(
    ("sheet", "kept"),
    [
        ("main { display: none }", ".rich main { display: none }"),
        ("a, b { color: red }", ".rich a, .rich b { color: red }"),
        ("~ main { display: none }", ""),
        ("a, + main { display: none }", ""),
        ("& main { display: none }", ""),
        ("a { & ~ main { display: none } color: red }", ".rich a { color: red }"),
        ("@import 'x.css';", ""),
        ("@font-face { font-family: x; src: url(x) }", ""),
        ("a { background: url(x) }", ""),
        ("a { background: image-set('x' 1x) }", ""),
        ("a { fill: url(#hatched) }", ".rich a { fill: url(#hatched) }"),
        ("a { position: fixed }", ""),
        ("a } body { display: none }", ""),
        ("@media print { body { display: none } }", "@media print {\n.rich body { display: none }\n}"),
        ("a { color: red; } <!-- -->", ".rich a { color: red }"),
        ("a::before { content: '</style><script>' }", ""),
    ],
)
def test_a_style_sheet_reaches_its_own_output_only_and_loads_nothing(sheet: str, kept: str) -> None:
    assert confined(sheet, ".rich") == kept
