"""Pages of lessons, tried on small projects of their own."""

from __future__ import annotations

import hashlib
import json

import bs4
import pytest
from authoring.cells import check_cells
from authoring.errors import NotExecutedError
from authoring.links import update_links
from authoring.project import Project
from nbformat.v4 import new_output
from pages.export import LIST, export
from small_project import code, prose, put


def test_pages_are_written_and_old_ones_removed_but_nobody_elses(project: Project) -> None:
    update_links(project, check=False)
    written = export(project, pages_only=True).files
    assert sorted(written) == [
        "00-start-here.html",
        "concepts/01-one.html",
        "examples/02-two.html",
        "index.html",
    ]
    mine = project.html / "mine.html"
    mine.write_text("my own")
    (project.notebooks / "examples/02-two.ipynb").unlink()
    removed = export(project, pages_only=True).removed
    assert removed == ["examples/02-two.html"] and mine.exists()
    assert "One &amp; only" in (project.html / "index.html").read_text()


def test_an_old_page_that_somebody_changed_or_that_lies_outside_is_not_removed(project: Project) -> None:
    export(project, pages_only=True)
    changed, outside = project.html / "examples/02-two.html", project.root / "README.md"
    changed.write_text("changed")
    outside.write_text("")
    known = json.loads((project.html / LIST).read_text())
    known["../README.md"] = hashlib.sha256(b"").hexdigest()
    (project.html / LIST).write_text(json.dumps(known))
    (project.notebooks / "examples/02-two.ipynb").unlink()
    assert export(project, pages_only=True).removed == []
    assert outside.exists() and changed.read_text() == "changed"


def test_a_page_that_another_tool_has_made_lies_beside_the_lessons_and_is_named_in_the_index(
    project: Project,
) -> None:
    made = project.root / "build" / "pages"
    made.mkdir(parents=True)
    (made / "speed.html").write_text("<title>Fast &amp; slow</title><p>12 ms")
    assert "speed.html" in export(project, pages_only=True).files
    assert (project.html / "speed.html").read_text() == "<title>Fast &amp; slow</title><p>12 ms"
    index = bs4.BeautifulSoup((project.html / "index.html").read_text(), "html.parser")
    assert [link.text for link in index.find_all("a", href="speed.html")] == ["Fast & slow"]
    (made / "speed.html").unlink()
    assert export(project, pages_only=True).removed == ["speed.html"]


UNWANTED = [
    '<meta http-equiv="refresh" content="0; url=https://evil.example/">',
    "<META\nhttp-equiv=refresh content=0>",
    "<meta/http-equiv=refresh content=0>",
    '<link rel="stylesheet" href="https://evil.example/a.css">',
    '<base href="https://evil.example/">',
    '<iframe srcdoc="x"></iframe>',
    "<style>main { display: none }</style>",
    "<script>alert(1)</script>",
    "<svg><title>x</title></svg>",
    '<form action="https://evil.example/"></form>',
]


def test_a_tag_that_no_lesson_needs_is_text_on_the_page(project: Project) -> None:
    cells = []
    for tag in UNWANTED:
        shown = code("1;", text="1\n")
        shown.outputs = [
            new_output("display_data", data={"text/html": f"<p>out {tag} put</p>"}),
            new_output("display_data", data={"text/markdown": f"out {tag} put"}),
        ]
        cells += [prose(f"in {tag} line"), prose(tag), shown]
    put(project, "concepts/01-one", *cells)
    export(project, pages_only=True)
    page = bs4.BeautifulSoup((project.html / "concepts/01-one.html").read_text(), "html.parser")
    main = page.main
    assert main is not None
    assert main.select("meta, link, base, iframe, script, form, .prose style, .prose svg") == []
    text = main.text
    assert {tag: text.count(tag) for tag in UNWANTED} == {
        tag: 3 if tag.startswith(("<style", "<svg")) else 4 for tag in UNWANTED
    }


def test_tags_that_lessons_need_and_signs_that_are_none_stay(project: Project) -> None:
    html = (
        "<figure><img alt='1 < 2, <meta>' src='data:,'><FIGCAPTION>a<br/>b</FIGCAPTION></figure><!-- note -->"
    )
    shown = code("1;", text="1\n")
    shown.outputs = [new_output("display_data", data={"text/html": html})]
    put(
        project,
        "concepts/01-one",
        prose("<details>\n<summary>More</summary>\n\n1 < 2 <kbd>x</kbd>\n\n</details>"),
        shown,
    )
    export(project, pages_only=True)
    page = bs4.BeautifulSoup((project.html / "concepts/01-one.html").read_text(), "html.parser")
    assert page.select("details summary")[0].text == "More" and "1 < 2 x" in page.select("details")[0].text
    assert page.select("figure img")[0]["alt"] == "1 < 2, <meta>"
    assert page.select("figure figcaption")[0].decode_contents() == "a<br/>b"
    assert "note" not in page.select(".rich")[0].text


def test_what_a_cell_printed_is_text_on_the_page_and_links_in_code_stay(project: Project) -> None:
    path = put(
        project,
        "concepts/01-one",
        prose('[two](../examples/02-two.ipynb#a) [web](https://example.org/x.ipynb) `<a href="x.ipynb">`'),
        code("1;", text="<script>alert(1)</script> & \x1b[31mred\x1b[0m\n"),
        code("2;", "solution", text="forty-two\n"),
    )
    export(project, pages_only=True)
    page = bs4.BeautifulSoup((project.html / "concepts/01-one.html").read_text(), "html.parser")
    assert path.exists() and page.select("script") == []
    assert page.select(".output pre")[0].text == "<script>alert(1)</script> & red\n"
    links = [a["href"] for a in page.select(".prose a")]
    assert links == ["../examples/02-two.html#a", "https://example.org/x.ipynb"]
    assert page.select(".prose code")[0].text == '<a href="x.ipynb">'
    (folded,) = page.select("details")
    assert "forty-two" in folded.text and "script" not in folded.text


def test_a_program_in_python_is_folded_once_with_its_output(project: Project) -> None:
    cell = code("2;", "python", text="said by Python\n")
    cell.metadata.jupyter = {"source_hidden": True}
    put(project, "concepts/01-one", prose("Look."), cell)
    assert check_cells(project, ["concepts/01-one"]) == []
    export(project, pages_only=True)
    page = bs4.BeautifulSoup((project.html / "concepts/01-one.html").read_text(), "html.parser")
    (folded,) = page.select("details")
    assert folded["class"] == ["python"] and not folded.has_attr("open")
    assert folded.select("summary")[0].text == "The same in Python"
    assert "2;" in folded.select(".input")[0].text and "said by Python" in folded.select(".output")[0].text


def test_a_lesson_that_was_executed_in_part_is_refused(project: Project) -> None:
    put(project, "examples/03-three", code("1;", text="1\n"), code("2;"))
    with pytest.raises(NotExecutedError, match="examples/03-three: cell 3 was not executed, others were"):
        export(project, pages_only=True)
    assert not project.html.exists()


def test_a_lesson_that_was_not_executed_is_refused_with_the_command_that_does_it(project: Project) -> None:
    put(project, "examples/03-three", code("1;"))
    with pytest.raises(NotExecutedError, match="make execute LESSON=examples/03-three"):
        export(project, pages_only=True)


def page_of(project: Project, name: str = "concepts/01-one") -> bs4.BeautifulSoup:
    export(project, pages_only=True)
    return bs4.BeautifulSoup((project.html / f"{name}.html").read_text(), "html.parser")


def test_a_page_has_contents_in_which_predictions_are_told_apart(project: Project) -> None:
    put(
        project,
        "concepts/01-one",
        prose("## A `b` & c\n\n### Predict: tea"),
        prose("### Predict: toast\n\n## A `b` & c"),
        code("1;", text="1\n"),
    )
    page = page_of(project)
    for contents in page.select("nav.contents > ol, nav.contents details > ol"):
        entries = [(" ".join(a.text.split()), a["href"]) for a in contents.select("a")]
        assert entries == [
            ("A b & c", "#A-b-%26-c"),
            ("Predict: tea", "#Predict%3A-tea"),
            ("Predict: toast", "#Predict%3A-toast"),
            ("A b & c", "#A-b-%26-c-2"),
        ]
    assert [h["id"] for h in page.select("main :is(h2, h3)")] == [
        "A-b-&-c",
        "Predict:-tea",
        "Predict:-toast",
        "A-b-&-c-2",
    ]
    assert len(page.select("nav.contents")) == 2


def test_a_page_says_its_place_and_leads_to_its_neighbours_at_both_ends(project: Project) -> None:
    put(project, "concepts/02-three", code("1;", text="1\n"), title=r"Three \<b\>")
    update_links(project, check=False)
    page = page_of(project)
    for end in page.select("header, footer"):
        assert end.select(".place")[0].text == "Concept 1 of 2"
        assert [a["href"] for a in end.select("a[rel=prev], a[rel=next]")] == [
            "../00-start-here.html",
            "02-three.html",
        ]
        assert "Three <b>" in end.select("a[rel=next]")[0].text
        assert "../index.html" in [a["href"] for a in end.select("a")]
    first = page_of(project, "00-start-here")
    assert first.select("header .place")[0].text == "Start" and first.select("a[rel=prev]") == []


def test_the_output_that_answers_a_prediction_is_folded_and_no_other(project: Project) -> None:
    put(
        project,
        "concepts/01-one",
        prose("### Predict: tea"),
        code("const tea = 1;"),
        prose("Look."),
        code("tea;", text="answer\n"),
        code("2;", text="more\n"),
        prose("### Predict: solved"),
        code("3;", "exercise", text="☐ tea: not yet\n"),
    )
    # Not executed cells are refused; a declaration shows nothing.
    path = project.notebooks / "concepts/01-one.ipynb"
    notebook = json.loads(path.read_text())
    for at, cell in enumerate(one for one in notebook["cells"] if one["cell_type"] == "code"):
        cell["execution_count"] = at + 1
    path.write_text(json.dumps(notebook))
    page = page_of(project)
    (folded,) = page.select("details.run")
    assert folded.select("summary")[0].text == "Run"
    assert "answer" in folded.text and "more" not in folded.text and not folded.has_attr("open")
    assert len(page.select("#unfold")) == 1


def test_all_outputs_from_a_prediction_to_its_outcome_are_folded(project: Project) -> None:
    put(
        project,
        "concepts/01-one",
        prose("### Predict: tea"),
        code('predict("c01-tea", "?");', text="a picture\n"),
        prose("The proof."),
        code("2;", text="between\n"),
        code("outcome('c01-tea', 2);", text="came out\n"),
        code("3;", text="afterwards\n"),
        prose("### Predict: nobody tells"),
        code('predict("c01-lost", "?");', text="the first\n"),
        code("5;", text="the second\n"),
    )
    page = page_of(project)
    folded = [" ".join(one.text.split()) for one in page.select("details.run")]
    assert folded == ["Run a picture", "Run between", "Run came out", "Run the first"]


def test_hints_and_solutions_are_folded_and_told_apart_and_a_solution_with_what_it_shows(
    project: Project,
) -> None:
    hints = prose("<details><summary>Hint 1</summary>\n\nThink.\n\n</details>\n\nA solution, folded:")
    about = prose("<details><summary>About this solution</summary>\n\nIt is short.\n\n</details>")
    hints.id, about.id = "ex-c01-a-hints", "ex-c01-a-after"
    put(
        project,
        "concepts/01-one",
        code("exercise();", "exercise", text="not yet\n"),
        hints,
        code("solution();", "solution", text="forty-two\n"),
        about,
    )
    page = page_of(project)
    (hint,), (solution,), (said,) = map(page.select, ["details.hint", "details.solution", "details.about"])
    assert "Think." in hint.text and "forty-two" in solution.text and "It is short." in said.text
    assert not any(one.has_attr("open") for one in (hint, solution, said))
    assert page.text.count("forty-two") == 1 and page.select("script") == []


def test_claims_and_checks_are_lists_and_other_lines_stay_as_they_were(project: Project) -> None:
    put(
        project,
        "concepts/01-one",
        code("1;", text="tea\n✓ it <i>holds</i>\n✗ it: this does not hold\ntoast ✓\n☐ do: not yet\n"),
    )
    output = page_of(project).select(".output")[0]
    assert [(li["class"], li.text) for li in output.select(".claims li")] == [
        (["holds"], "✓ it <i>holds</i>"),
        (["fails"], "✗ it: this does not hold"),
        (["open"], "☐ do: not yet"),
    ]
    assert [pre.text for pre in output.select("pre")] == ["tea\n", "toast ✓\n"]


def test_a_number_or_a_call_after_a_colon_is_not_coloured_as_a_type(project: Project) -> None:
    source = "const a: number = f({ until: 6, of: g(x) });\nconst b: Map<string, Foo> = c ? d : e;"
    put(project, "concepts/01-one", code(source, text="1\n"))
    page = page_of(project)
    assert [one.text for one in page.select(".input .kt")] == ["number", "Map", "string"]
    assert [one.text for one in page.select(".input .mf, .input .mi")] == ["6"]


def test_only_what_scrolls_on_a_phone_is_a_tab_stop(project: Project) -> None:
    small, large = "| a | b |\n|---|---|\n| c | d |", f"| {'a' * 30} | {'b' * 30} |\n|---|---|\n| c | d |"
    put(
        project,
        "concepts/01-one",
        prose(f"{small}\n\ntext\n\n{large}\n\n```\n{'long ' * 40}\n```"),
        code(f"const a = '{'x' * 60}';", text=f"{'long ' * 40}\n┌{'─' * 60}┐\n"),
        code("2;", text="┌──┐\n"),
    )
    stops = page_of(project).select("[tabindex]")
    assert [(one.name, one["aria-label"]) for one in stops] == [
        ("div", "Table, scrolls sideways"),
        ("pre", "Printed table, scrolls sideways"),
    ]


def test_the_index_says_for_whom_each_lesson_is(project: Project) -> None:
    items = page_of(project, "index").select("li")
    assert len(items) == 3
    assert items[1].select(".who")[0].text == "Know first: nothing. You will be able to run it"


def test_a_lesson_beyond_the_fourteen_has_a_part_of_the_index_and_is_counted_on(project: Project) -> None:
    put(project, "beyond/15-fifteen", code("15;", text="15\n"), title="Fifteen")
    update_links(project, check=False)
    export(project)
    index = bs4.BeautifulSoup((project.html / "index.html").read_text(), "html.parser")
    headings = [heading.text for heading in index.find_all("h2")]
    assert headings[-1] == "Beyond the fourteen"
    link = index.find("a", href="beyond/15-fifteen.html")
    assert link is not None
    assert "Fifteen" in link.text
    assert "Beyond 15 of 15" in (project.html / "beyond" / "15-fifteen.html").read_text()
