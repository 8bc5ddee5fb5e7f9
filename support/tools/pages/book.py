"""All lessons as the chapters of a book: what the EPUB and the PDF are made of.

A book has no folds and asks for no choice. What a page folds stands open in it, but for solutions, which come at the
end of their chapter with a link each way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from posixpath import dirname, join, normpath
from urllib.parse import unquote

import bs4
from authoring.catalogue import Lesson

# What only a page that is alive has a use for.
LIVE = ".unfold, .rich style, .rich input, .rich [hidden]"
# A link between chapters, until it is known whether it leads to a file or to a place in this one.
LINK = re.compile(r'href="chapter:(\d+):([^"]*)"')


@dataclass(frozen=True)
class Section:
    anchor: str
    words: str


@dataclass(frozen=True)
class Chapter:
    """One lesson. `html` is well-formed XML; its anchors are unique in the whole book."""

    number: int
    lesson: Lesson
    anchor: str
    sections: list[Section]
    html: str

    def linked(self, link: Callable[[int, str], str]) -> str:
        """The chapter's HTML with its links to chapters written as `link` says, from number and anchor."""
        return LINK.sub(lambda found: f'href="{link(int(found[1]), found[2])}"', self.html)


def words_of(tag: bs4.Tag) -> str:
    return " ".join(tag.get_text().split())


class Anchors:
    """New names for the anchors of all chapters: short, allowed in XML, and unique in the book."""

    def __init__(self, bodies: Mapping[str, bs4.Tag]) -> None:
        self.numbers = {name: number for number, name in enumerate(bodies)}
        self.names = {
            (name, tag["id"]): f"c{number}-{at}"
            for number, (name, body) in enumerate(bodies.items())
            for at, tag in enumerate(body.select("[id]"))
        }

    def first(self, name: str) -> str:
        return f"c{self.numbers[name]}"

    def rename(self, name: str, body: bs4.Tag) -> None:
        for tag in body.select("[id]"):
            tag["id"] = self.names[name, tag["id"]]

    def link(self, name: str, url: str) -> str | None:
        """A page's link as a link of the book; None when it leads nowhere in it."""
        path, _, anchor = url.partition("#")
        target = name if path == "" else normpath(join(dirname(name), unquote(path).removesuffix(".html")))
        if target not in self.numbers:
            return None
        new = self.names.get((target, unquote(anchor)), self.first(target))
        return f"chapter:{self.numbers[target]}:{new}"


def make(soup: bs4.BeautifulSoup, tag: str, words: str, **attributes: str) -> bs4.Tag:
    made = soup.new_tag(tag, attrs=attributes)
    made.string = words
    return made


def unfold(fold: bs4.Tag) -> None:
    summary = fold.find("summary", recursive=False)
    if isinstance(summary, bs4.Tag):
        summary.name = "p"
        summary["class"] = "kind"
    fold.name = "div"


def open_folds(body: bs4.Tag) -> None:
    """Makes what is folded an ordinary part; what unfolds a figure's numbers stays, since they are an extra."""
    for fold in body.select("details.run, details.python, details.code, details.hint"):
        unfold(fold)


def put_numbers_behind(body: bs4.Tag) -> None:
    """Puts a figure's numbers behind it: a figure ends with its caption, says the format of EPUBs."""
    for numbers in body.select("figure > details"):
        figure = numbers.parent
        if figure is not None:
            figure.insert_after(numbers.extract())


def put_solutions_last(soup: bs4.BeautifulSoup, body: bs4.Tag, number: int) -> None:
    """Moves solutions to the end of a chapter, each with what is said about it; a link leads there and back."""
    solutions = body.select("details.solution, details.about")
    if not solutions:
        return
    last = soup.new_tag("div", attrs={"class": "solutions"})
    last.append(make(soup, "h2", "Solutions", id=f"c{number}-solutions"))
    at = 0
    for solution in solutions:
        if "about" in solution.get_attribute_list("class"):
            unfold(solution)
            last.append(solution.extract())
            continue
        at += 1
        here, there = f"c{number}-exercise{at}", f"c{number}-solution{at}"
        hint = soup.new_tag("p", attrs={"id": here})
        hint.append(make(soup, "a", f"Solution {at}", href=f"chapter:{number}:{there}"))
        solution.replace_with(hint)
        summary = solution.find("summary", recursive=False)
        if isinstance(summary, bs4.Tag):
            summary.decompose()
        heading = soup.new_tag("h3", attrs={"id": there})
        heading.append(make(soup, "a", f"Solution {at}", href=f"chapter:{number}:{here}"))
        last.append(heading)
        solution.name = "div"
        last.append(solution)
    body.append(last)


def plain_attributes(body: bs4.Tag) -> None:
    for tag in body.find_all(True):
        # Nothing scrolls in a book.
        for name in [*(name for name in tag.attrs if name.startswith("data-")), "tabindex", "rel"]:
            tag.attrs.pop(name, None)
        if tag.get("role") == "group":
            del tag["role"], tag["aria-label"]


def chapter(soup: bs4.BeautifulSoup, body: bs4.Tag, lesson: Lesson, anchors: Anchors) -> Chapter:
    number = anchors.numbers[lesson.name]
    for a in body.select("a[href]"):
        url = str(a["href"])
        if not re.match(r"https?:|mailto:", url):
            new = anchors.link(lesson.name, url)
            if new is None:
                a.unwrap()
            else:
                a["href"] = new
    anchors.rename(lesson.name, body)
    open_folds(body)
    put_numbers_behind(body)
    put_solutions_last(soup, body, number)
    plain_attributes(body)
    sections = [Section(str(head["id"]), words_of(head)) for head in body.select("h2")]
    return Chapter(number, lesson, anchors.first(lesson.name), sections, body.decode_contents())


def chapters(lessons: Sequence[Lesson], pages: Mapping[str, str]) -> Iterator[Chapter]:
    """The chapters, in order, made from the lessons' pages.

    Args:
        pages: each lesson's page, by the lesson's name.
    """
    soups = {lesson.name: bs4.BeautifulSoup(pages[lesson.name], "html.parser") for lesson in lessons}
    bodies = {name: soup.main for name, soup in soups.items() if soup.main is not None}
    for body in bodies.values():
        for tag in body.select(LIVE):
            tag.decompose()
    anchors = Anchors(bodies)
    for lesson in lessons:
        yield chapter(soups[lesson.name], bodies[lesson.name], lesson, anchors)
