"""The whole course as one file of each kind, made from small projects."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path, PurePosixPath

import pytest
from authoring.links import update_links
from authoring.project import Project
from nbformat.v4 import new_output
from pages.__main__ import main
from pages.chromium import NoChromiumError, find_chromium
from pages.export import EPUB, PDF, ZIP, export
from pages.pdf import pdf
from small_project import code, prose, put

XHTML = "{http://www.w3.org/1999/xhtml}"
FIGURE = (
    "<figure><img alt='a dot' src='data:image/svg+xml;base64,PHN2Zy8+'><figcaption>A dot</figcaption>"
    "<details><summary>The numbers</summary><table><tr><td>1</td></tr></table></details></figure>"
)


@pytest.fixture
def course(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project whose lessons have all that a book changes, where no browser is."""
    monkeypatch.setenv("CHROMIUM_PATH", "/nowhere/chromium")
    figure, again = code("1;", text="1\n"), code("2;", text="2\n")
    hints = prose("<details><summary>Hint 1</summary>\n\nThink.\n\n</details>")
    about = prose("<details><summary>About this solution</summary>\n\nIt is short.\n\n</details>")
    hints.id, about.id = "ex-c01-a-hints", "ex-c01-a-after"
    figure.outputs = [new_output("display_data", data={"text/html": FIGURE})]
    again.outputs = figure.outputs
    put(
        project,
        "concepts/01-one",
        prose(
            '## "Quoted": a & b\n\n[two](../examples/02-two.ipynb) [part](../examples/02-two.ipynb#Part) [x](gone.html)'
        ),
        figure,
        prose("### Predict: it"),
        again,
        prose("## Exercises"),
        code("3;", "exercise", text="☐ do: not yet\n"),
        hints,
        code("4;", "solution", text="forty-two\n"),
        about,
        title="One & only",
    )
    put(project, "examples/02-two", prose("## Part"), code("2;", text="two\n"), title="Two")
    update_links(project, check=False)
    return project


def unzipped(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def chapter_roots(course: Project) -> dict[str, ET.Element]:
    export(course)
    files = unzipped(course.html / EPUB)
    return {name: ET.fromstring(text) for name, text in files.items() if name.endswith(".xhtml")}


def test_the_zip_holds_the_same_pages_and_an_index_that_needs_nothing_beside_it(course: Project) -> None:
    export(course)
    files = unzipped(course.html / ZIP)
    pages = {path.relative_to(course.html).as_posix() for path in course.html.rglob("*.html")}
    assert set(files) == {f"tsasync/{name}" for name in pages}
    for name in pages - {"index.html"}:
        assert files[f"tsasync/{name}"] == (course.html / name).read_bytes()
    outside, inside = (course.html / "index.html").read_text(), files["tsasync/index.html"].decode()
    assert f'href="{EPUB}"' in outside and f'href="{ZIP}"' in outside and "take along" not in inside


def test_the_same_lessons_give_the_same_bytes(course: Project) -> None:
    export(course)
    first = [(course.html / name).read_bytes() for name in (ZIP, EPUB)]
    export(course)
    assert [(course.html / name).read_bytes() for name in (ZIP, EPUB)] == first


def test_an_epub_begins_as_its_format_wants_and_keeps_a_picture_once(course: Project) -> None:
    export(course)
    assert (course.html / EPUB).read_bytes()[30:58] == b"mimetypeapplication/epub+zip"
    files = unzipped(course.html / EPUB)
    pictures = [name for name in files if name.endswith(".svg")]
    assert len(pictures) == 1 and files[pictures[0]] == b"<svg/>"
    package = files["EPUB/package.opf"].decode()
    assert pictures[0].removeprefix("EPUB/") in package
    assert re.search(r'"dcterms:modified">\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ<', package)


def test_every_link_and_anchor_of_the_epub_leads_somewhere(course: Project) -> None:
    roots = chapter_roots(course)
    anchors = {name: [e.get("id") for e in root.iter() if e.get("id")] for name, root in roots.items()}
    everywhere = [anchor for some in anchors.values() for anchor in some]
    assert len(set(everywhere)) == len(everywhere)
    assert all(anchor and re.fullmatch(r"[a-z][a-z0-9-]*", anchor) for anchor in everywhere)
    count = 0
    for name, root in roots.items():
        for a in root.iter(f"{XHTML}a"):
            path, _, anchor = a.get("href", "").partition("#")
            target = str(PurePosixPath(name).parent / path) if path else name
            assert anchor in anchors[target], (name, a.attrib)
            count += 1
    assert count > 8
    contents = "".join(roots["EPUB/nav.xhtml"].itertext())
    assert "One & only" in contents and '"Quoted": a & b' in contents


def test_a_book_has_no_folds_but_for_numbers_and_its_solutions_come_last(course: Project) -> None:
    root = chapter_roots(course)["EPUB/chapter-01.xhtml"]
    folds = ["".join(one.itertext()) for one in root.iter(f"{XHTML}details")]
    assert len(folds) == 2 and all("The numbers" in one for one in folds)
    for figure in root.iter(f"{XHTML}figure"):
        assert [child.tag.removeprefix(XHTML) for child in figure] == ["img", "figcaption"]
    text = " ".join("".join(root.itertext()).split())
    assert (
        text.index("☐ do: not yet")
        < text.index("Think.")
        < text.index("Solution 1")
        < text.index("Solutions")
        < text.index("forty-two")
        < text.index("It is short.")
    )
    assert not any("tabindex" in element.attrib for element in root.iter())


def test_without_a_browser_one_line_says_that_there_is_no_pdf(
    course: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--project", str(course.root)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("No PDF was written: there is no Chromium or Chrome at /nowhere/chromium")
    assert lines[1] == f"4 pages, {ZIP}, {EPUB}. Open html/index.html" and len(lines) == 2
    assert not (course.html / PDF).exists() and PDF not in (course.html / "index.html").read_text()


def test_a_browser_that_fails_is_said_with_its_last_words(tmp_path: Path) -> None:
    browser = tmp_path / "chromium"
    browser.write_text("#!/bin/sh\necho out of paper >&2\nexit 3\n")
    browser.chmod(0o755)
    assert find_chromium({"CHROMIUM_PATH": str(browser)}) == str(browser)
    with pytest.raises(NoChromiumError, match="could not print: out of paper"):
        pdf([], str(browser))


def test_a_browser_on_the_path_is_found_before_any_other(tmp_path: Path) -> None:
    browser = tmp_path / "google-chrome"
    browser.write_text("#!/bin/sh\n")
    browser.chmod(0o755)
    assert find_chromium({"PATH": str(tmp_path)}) == str(browser)
