"""The authoring checklist of Notebooks For All, as far as a program can tell, on the page of every lesson.

https://iota-school.github.io/notebooks-for-all/exports/resources/event-hackathon/notebook-authoring-checklist

What else it has is held elsewhere: prose before code and the length of a cell by `authoring/form.py`, contrast and labels of
controls by axe in the part `browser`. Plain words, whole sentences and one task at a time are for a reader to judge. Dates and
authors are git's. There is no video, no sound and no widget.
"""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from authoring.catalogue import Lesson, catalogue
from authoring.notebook import read_notebook
from authoring.project import HOME, Project
from bs4 import BeautifulSoup, Tag
from pages.convert import exporter, lesson_page

LESSONS = catalogue(Project(HOME))
VAGUE = re.compile(r"(click )?here|this( one| page)?|link|(read )?more|https?:\S+", re.IGNORECASE)


@pytest.fixture(scope="module")
def pages() -> dict[str, Tag]:
    def page_of(lesson: Lesson) -> Tag:
        html = lesson_page(exporter(), lesson, read_notebook(lesson.path, lesson.name))
        whole = BeautifulSoup(html, "html.parser")
        assert whole.html is not None and whole.html["lang"] == "en"
        return whole

    return {lesson.name: page_of(lesson) for lesson in LESSONS}


def words(tag: Tag) -> str:
    return " ".join(tag.get_text().split())


def test_a_page_begins_with_its_only_first_level_heading_and_says_what_it_is_for(
    pages: dict[str, Tag],
) -> None:
    for name, page in pages.items():
        (title,) = page.select("h1")
        assert page.select("main :is(h1, h2, h3, h4)")[0] is title, name
        about = title.find_next("p")
        assert isinstance(about, Tag) and len(words(about)) > 40, name


def test_its_contents_are_an_ordered_list_with_every_heading(pages: dict[str, Tag]) -> None:
    for name, page in pages.items():
        listed = [words(one) for one in page.select(".beside > ol a")]
        assert listed == [words(one) for one in page.select("main :is(h2, h3)")], name


def test_headings_skip_no_level(pages: dict[str, Tag]) -> None:
    for name, page in pages.items():
        levels = [int(one.name[1]) for one in page.select("main :is(h1, h2, h3, h4, h5, h6)")]
        assert [below for above, below in pairwise(levels) if below > above + 1] == [], name


def test_the_words_of_a_link_say_where_it_leads(pages: dict[str, Tag]) -> None:
    for name, page in pages.items():
        texts = [words(one) for one in page.select("a")]
        assert [text for text in texts if text == "" or VAGUE.fullmatch(text)] == [], name


def test_a_picture_is_described_in_words_and_its_figure_has_a_caption(pages: dict[str, Tag]) -> None:
    assert sum(len(page.select("figure img")) for page in pages.values()) > len(pages)
    for name, page in pages.items():
        for picture in page.select("img"):
            assert len(str(picture.get("alt", "")).split()) > 4, name
        for figure in page.select("figure"):
            (caption,) = figure.select("figcaption")
            assert words(caption) != "", name


def test_what_a_figure_shows_can_be_read_as_a_table_or_a_list_too(pages: dict[str, Tag]) -> None:
    for name, page in pages.items():
        for figure in page.select("figure"):
            assert figure.select("table td, ol li, ul li"), f"{name}: {words(figure)[:100]}"


def test_a_table_names_its_columns(pages: dict[str, Tag]) -> None:
    for name, page in pages.items():
        for table in page.select("table"):
            heads = table.select("th")
            assert heads, f"{name}: {words(table)[:100]}"
            assert any(words(head) for head in heads), name
