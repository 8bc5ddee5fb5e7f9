"""`cells`: checks the code cells of lessons as strictly as any other code, and formats them."""

from __future__ import annotations

import shutil
from pathlib import Path

from nbformat import NotebookNode

from authoring.biome import formatted, lint
from authoring.catalogue import lesson_path, read_lesson, runs_on_stock
from authoring.complaints import Complaint
from authoring.extraction import CodeCell, Module, code_cells, module
from authoring.form import form
from authoring.notebook import write_notebook
from authoring.project import Project
from authoring.shorthand import shorthand_complaints
from authoring.typescript import check_types, write_settings


def extract(project: Project, lessons: dict[str, list[CodeCell]]) -> dict[Path, tuple[str, Module]]:
    """Writes each lesson's cells as `build/cells/<same path>.ts`, in place of what an earlier run wrote."""
    folder = project.cells
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    written = {}
    for lesson, cells in lessons.items():
        if cells:
            path = folder / f"{lesson}.ts"
            path.parent.mkdir(parents=True, exist_ok=True)
            extracted = module(cells)
            path.write_text(extracted.text, encoding="utf-8")
            written[path.resolve()] = (lesson, extracted)
    return written


def tool_complaints(project: Project, modules: dict[Path, tuple[str, Module]]) -> list[Complaint]:
    """What TypeScript and Biome's linter say of the extracted modules."""
    if not modules:
        return []
    write_settings(project.cells)
    found = check_types(project.cells) + lint(project.cells, len(modules))
    complaints = []
    for path, at, what in found:
        lesson, extracted = modules[path.resolve()]
        cell, line = extracted.locate(at)
        complaints.append(Complaint(lesson, cell, line, what))
    return complaints


def format_complaints(lessons: dict[str, list[CodeCell]]) -> list[Complaint]:
    """The cells that the formatter would change, at the first line that it would."""
    new = formatted(lessons)
    complaints = []
    for lesson, cells in lessons.items():
        for cell in cells:
            old_lines, new_lines = cell.source.split("\n"), new[lesson][cell.number].split("\n")
            if old_lines != new_lines:
                pairs = zip(old_lines, new_lines, strict=False)
                same = next(
                    (at for at, (a, b) in enumerate(pairs) if a != b), min(len(old_lines), len(new_lines))
                )
                line = min(same + 1, len(old_lines))
                complaints.append(Complaint(lesson, cell.number, line, "not formatted. Run: make format"))
    return complaints


def read_cells(
    project: Project, names: list[str]
) -> tuple[dict[str, NotebookNode], dict[str, list[CodeCell]]]:
    """The notebooks and their code cells."""
    notebooks = {name: read_lesson(project, name)[1] for name in names}
    return notebooks, {name: code_cells(notebook) for name, notebook in notebooks.items()}


def check_cells(project: Project, names: list[str]) -> list[Complaint]:
    """Every complaint about these lessons, in order.

    Raises:
        AuthoringError: a lesson can't be read, or a tool did not do its work.
    """
    notebooks, lessons = read_cells(project, names)
    complaints = [complaint for name, notebook in notebooks.items() for complaint in form(name, notebook)]
    complaints += format_complaints(lessons)
    modules = extract(project, lessons)
    complaints += tool_complaints(project, modules)
    complaints += shorthand_complaints({at: one for at, one in modules.items() if runs_on_stock(one[0])})
    return sorted(set(complaints), key=lambda c: (names.index(c.lesson), c.cell, c.line, c.what))


def format_cells(project: Project, names: list[str]) -> list[str]:
    """Formats the cells of these lessons and writes the notebooks that change; outputs stay.

    Returns:
        The files written.

    Raises:
        AuthoringError: a lesson can't be read, or a tool did not do its work. Then nothing is written.
    """
    notebooks, lessons = read_cells(project, names)
    new = formatted(lessons)
    written = []
    for name, notebook in notebooks.items():
        changed = False
        for cell in lessons[name]:
            node = notebook.cells[cell.number - 1]
            changed = changed or node.source != new[name][cell.number]
            node.source = new[name][cell.number]
        if changed:
            write_notebook(lesson_path(project, name), notebook)
            written.append(project.name(lesson_path(project, name)))
    return written
