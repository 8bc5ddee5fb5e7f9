"""An exercise as its one source has it: a text with sections, beside the check that judges its answers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from authoring.errors import AuthoringError
from authoring.project import Project

FOLDER = Path("support") / "exercises"
LESSON = re.compile(r"(c?)(\d\d)")
NAME = re.compile(r"[a-z]\.md")
TITLE = re.compile(r"# (c?\d\d-[a-z]): (.+)")
CODE = re.compile(r"^```ts\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SAYS = re.compile(r"^Says: (.+)$", re.MULTILINE)
IMPORT = re.compile(r"^import\s.*?;\n", re.MULTILINE | re.DOTALL)
ONCE = ("Stub", "Hints", "Solution")
HINTS = 3
WRONG = 3


class ExerciseFormError(AuthoringError):
    """An exercise's source isn't in the form that all have."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(f"{path.as_posix()}: {what}")


@dataclass(frozen=True)
class Answer:
    """An answer that must not pass: a reader's mistake, or a cheat. `says` is what its reader is told."""

    name: str
    is_cheat: bool
    says: str
    code: str


@dataclass(frozen=True)
class Exercise:
    """One exercise; code is TypeScript without a blank line at its end, the rest Markdown."""

    id: str
    title: str
    text: str
    stub: str
    hints: tuple[str, ...]
    # A long one has several cells, each with the prose before it; the first has none.
    solution: tuple[tuple[str, str], ...]
    after: str
    answers: tuple[Answer, ...]

    @property
    def lesson(self) -> str:
        """`02`, or `c02` of a concept."""
        return self.id.split("-")[0]

    def cell_of(self, answer: Answer) -> str:
        """A wrong answer as a reader would run it: with the stub's imports, and its last statement."""
        imports = "" if IMPORT.search(answer.code) else "".join(IMPORT.findall(self.stub))
        call = self.stub[self.stub.rindex("\nawait exercise(") :]
        return f"{imports}{answer.code}\n{call}".strip()


def _sections(text: str) -> list[tuple[str, str]]:
    """Heading and body of each `## …`, code blocks left whole."""
    found: list[tuple[str, list[str]]] = []
    in_code = False
    for line in text.split("\n"):
        in_code ^= line.startswith("```")
        if line.startswith("## ") and not in_code:
            found.append((line.removeprefix("## ").strip(), []))
        elif found:
            found[-1][1].append(line)
    return [(heading, "\n".join(lines).strip() + "\n") for heading, lines in found]


def parse(path: Path, text: str) -> Exercise:
    """Reads a source.

    Raises:
        ExerciseFormError: a part is missing, or there is one too many.
    """

    def code(heading: str, body: str) -> str:
        blocks = CODE.findall(body)
        if len(blocks) != 1:
            raise ExerciseFormError(
                path, f"the section {heading!r} has {len(blocks)} blocks of TypeScript; give it one"
            )
        return str(blocks[0]).strip("\n")

    first = TITLE.match(text)
    if first is None or first[1] != f"{path.parent.name}-{path.stem}":
        raise ExerciseFormError(path, f"it does not begin with `# {path.parent.name}-{path.stem}: Title`")
    sections = _sections(text)
    bodies = dict(sections)
    for heading in ONCE:
        if [name for name, _ in sections].count(heading) != 1:
            raise ExerciseFormError(path, f"it has not one section `## {heading}`")
    hints = re.split(r"^\d\. ", bodies["Hints"], flags=re.MULTILINE)[1:]
    if len(hints) != HINTS:
        raise ExerciseFormError(path, f"it has {len(hints)} hints; give it {HINTS}, as a numbered list")
    answers = []
    for heading, body in sections:
        kind, _, name = heading.partition(": ")
        if heading in (*ONCE, "After"):
            continue
        says = SAYS.search(body)
        if kind not in ("Wrong", "Cheat") or name == "" or says is None:
            raise ExerciseFormError(
                path, f"the section {heading!r} is no `Wrong: …` or `Cheat: …` with a line `Says: …`"
            )
        answers.append(Answer(name, kind == "Cheat", says[1].strip(), code(heading, body)))
    if sum(not answer.is_cheat for answer in answers) < WRONG or all(not a.is_cheat for a in answers):
        raise ExerciseFormError(path, f"it needs {WRONG} wrong answers and a cheat")
    stub = code("Stub", bodies["Stub"])
    *between, rest = CODE.split(bodies["Solution"])
    solution = tuple(
        (prose.strip(), block.strip("\n")) for prose, block in zip(between[::2], between[1::2], strict=True)
    )
    if not solution or rest.strip() or solution[0][0]:
        raise ExerciseFormError(path, "its solution does not begin and end with a block of TypeScript")
    for what, call in (
        (stub, f'await exercise("{first[1]}", '),
        (solution[-1][1], f'await solution("{first[1]}", '),
    ):
        if not what.split("\n")[-1].startswith(call):
            raise ExerciseFormError(path, f"the last line of its code is not `{call}…);`")
    return Exercise(
        id=first[1],
        title=first[2].strip(),
        text=text.split("\n## ", 1)[0].split("\n", 1)[1].strip(),
        stub=stub,
        hints=tuple(re.sub(r"\n {3}", "\n", hint).strip() for hint in hints),
        solution=solution,
        after=bodies.get("After", "").strip(),
        answers=tuple(answers),
    )


def read_exercises(project: Project) -> list[Exercise]:
    """All exercises, those of a lesson side by side.

    Raises:
        ExerciseFormError: one is not in its form, or has no check.
    """
    found = []
    for folder in sorted((project.root / FOLDER).iterdir()):
        if not folder.is_dir() or not LESSON.fullmatch(folder.name):
            continue
        for path in sorted(path for path in folder.iterdir() if NAME.fullmatch(path.name)):
            inside = path.relative_to(project.root / FOLDER)
            if not path.with_suffix(".ts").exists():
                raise ExerciseFormError(inside, f"it has no check; write {path.stem}.ts beside it")
            found.append(parse(inside, path.read_text(encoding="utf-8")))
    return found
