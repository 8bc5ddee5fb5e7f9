"""Cells are today's TypeScript: strict modules that share their names."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from kernels import LONG, Kernel, kernel
from testing.slowness import slowness

FILES = {
    "d.json": '{"a": 1}',
    "waits.mjs": "export const waited = await Promise.resolve(7);\n",
    "live.mjs": "export let n = 1;\nexport const count = () => { n++; };\n",
    "old.cjs": "exports.c = 3;\n",
    "m.ts": "export const m: number = 5;\n",
    "uses.ts": 'import { m } from "./m.ts";\nexport const twice = (): number => m * 2;\n',
    "fails.ts": 'export function fail(): never {\n  // two\n  throw new Error("in fails");\n}\n',
    "wrong.ts": '// one\nexport const wrong: number = "x";\n',
    "enum.ts": "export enum E {\n  A,\n}\n",
    "book.ipynb": (
        '{"cells": [{"cell_type": "code", "source": "const first = 0"},'
        ' {"cell_type": "code", "source": ["let skipped = 1;\\n", "function later() {}"]}]}'
    ),
}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    folder = tmp_path_factory.mktemp("lessons")
    for name, text in FILES.items():
        (folder / name).write_text(text)
    with kernel(folder=folder, env=dict(os.environ, JPY_SESSION_NAME=str(folder / "book.ipynb"))) as running:
        yield running


# One after another: some use names of those before.
CELLS = [
    ('import d from "./d.json" with { type: "json" };\nd.a', "1"),
    ('import { waited } from "./waits.mjs";\nwaited', "7"),
    ('(await import("./waits.mjs")).waited', "7"),
    ('(await import("data:text/javascript,export default 5")).default', "5"),
    ('import { n, count } from "./live.mjs";\ncount();\nn', "2"),
    ("count();\nn", "3"),
    ('import { c } from "./old.cjs";\nc', "3"),
    ('import { m } from "./m.ts";\nm', "5"),
    ('import { m as withoutEnding } from "./m";\nwithoutEnding', "5"),
    ("import.meta.dirname === process.cwd() && __dirname === process.cwd()", "true"),
    ('import.meta.url.startsWith("file:")', "true"),
    ("const base = basename('/a/b');\nimport { basename } from 'node:path';\nbase", "'b'"),
    ("[[3, 1].toSorted(), [1, 2].findLast((x) => x < 2)]", "[ [ 1, 3 ], 1 ]"),
    ("Object.groupBy([1], () => 'all').all", "[ 1 ]"),
    ("[1, 2].values().map((x) => x + 1).toArray()", "[ 2, 3 ]"),
    ("new Set([1]).union(new Set([2])).size", "2"),
    ("const { promise, resolve } = Promise.withResolvers<number>();\nresolve(4);\nawait promise", "4"),
    ("await Promise.try(() => 6)", "6"),
    ("await Array.fromAsync([1, Promise.resolve(2)])", "[ 1, 2 ]"),
    ("WebAssembly.validate(new Uint8Array())", "false"),
    (
        "class Secret { #p = 1; static has(o: object) { return #p in o; } }\nSecret.has(new Secret())",
        "true",
    ),
    ("Secret.has({})", "false"),
    (
        "let seen = '';\nconst note = (_: unknown, at: { name?: string }) => void (seen = String(at.name));",
        None,
    ),
    ("@note class Decorated {}\nseen", "'Decorated'"),
    ("declare global { interface Array<T> { second(): T | undefined } }", None),
    ("Array.prototype.second = function () { return this[1]; };\n[1, 2].second()", "2"),
    ("let untyped;\nuntyped = 5;\nuntyped", "5"),
    ("// @ts-nocheck\nfunction loose(a) { return a; }\nloose('no types')", "'no types'"),
    ("for (var i = 0, j = 5; i < 3; i++);\n[i, j]", "[ 3, 5 ]"),
    ("if (true) { var inner = 3; }\ninner", "3"),
    ("for (var [key] of [['a'], ['b']]);\nkey!", "'b'"),
    ("enum Colour { Red, Blue }\nconst enum Level { Low = 1, High }", None),
    ("[Colour.Blue, Level.High]", "[ 1, 2 ]"),
    ("export { Colour as Tint };\nexport const kept = 1;\nexport default kept;", None),
    ("kept", "1"),
]


def test_cells_can_say(shared: Kernel, subtests: pytest.Subtests) -> None:
    for code, result in CELLS:
        with subtests.test(code=code):
            ran = shared.run(code)
            assert (ran.status, ran.result) == ("ok", result), ran.traceback


@pytest.mark.parametrize(
    ("code", "name", "told"),
    [
        ("let m1: { a: number } | null = JSON.parse('null');\nm1.a", "TypeScriptError", "possibly 'null'"),
        ("const list = [1];\nconst one: number = list[0];", "TypeScriptError", "undefined"),
        ("const f = Object.freeze({ a: 1 }) as { a: number };\nf.a = 2;", "TypeError", "read only"),
        ("let q = 5;\neval('q + 1')", "ReferenceError", "globalThis.q = q first"),
        ("skipped + 1", "TypeScriptError", "Code cell 2 of this notebook declares it and has not run"),
        ("nowhere + 1", "TypeScriptError", "Is it a name of an earlier cell?"),
        ("!ls -la", "TypeScriptError", "execSync"),
        ("%%html\n<b>x</b>", "TypeScriptError", "no magics"),
        ("#!/bin/sh\nls", "TypeScriptError", "no script"),
        ("<div>x</div>", "TypeScriptError", "JSX"),
        ('import "./nothere";', "TypeScriptError", "./nothere"),
        ('import { nope } from "./m.ts";', "TypeScriptError", "nope"),
        ("using held = 5 as unknown as Disposable;", "TypeError", "Symbol.dispose"),
        ("(" * 3000 + "1" + ")" * 3000, "RangeError", "stack"),
    ],
)
def test_a_cell_is_told(shared: Kernel, code: str, name: str, told: str) -> None:
    ran = shared.run(code)
    assert ran.of("error")[0]["ename"] == name, ran.traceback
    assert told in ran.traceback
    assert shared.run("1 + 2").result == "3"


def test_names_of_cells_that_were_not_run_are_told_once_with_what_brings_them(shared: Kernel) -> None:
    error = shared.run("one(two);\none(three, skipped);").of("error")[0]
    lines = error["evalue"].splitlines()
    assert lines[0] == "Cannot find name 'one'. (and 4 more)"
    assert "Code cell 2 of this notebook declares skipped and has not run: run it first" in lines[1]
    assert "\n".join(error["traceback"]).count("Run All Above") == 1
    error = shared.run("a1; b2; c3; d4; e5; f6; g7;").of("error")[0]
    assert "Are a1, b2, c3, d4, e5 and 2 more names of earlier cells? Then run those" in error["evalue"]


@pytest.mark.parametrize(
    "code",
    [
        "!process.exitCode && nowhereElse();",
        "const same =\n  <T,>(x: T) => x;\nconst wrong: number = same('x');",
    ],
    ids=["a negation", "a generic arrow"],
)
def test_code_that_looks_like_a_command_or_jsx_is_told_its_own_fault(shared: Kernel, code: str) -> None:
    ran = shared.run(code)
    assert "(TS2304)" in ran.traceback or "(TS2322)" in ran.traceback, ran.traceback
    assert "execSync" not in ran.traceback and "JSX" not in ran.traceback


def test_unclosed_code_is_one_error_on_its_own_line(shared: Kernel) -> None:
    ran = shared.run("const before = 1;\nconst o = { a: 1, b: 2\n\n")
    assert ran.traceback.count("TypeScriptError") == 1
    assert "line 2, column 23" in ran.traceback


@pytest.mark.parametrize(
    ("code", "place"),
    [
        ('import { fail } from "./fails.ts";\nfail()', "fails.ts:3:9"),
        ('import { wrong } from "./wrong.ts";', "wrong.ts, line 2, column 14"),
        ('import { E } from "./enum.ts";', "enum.ts, line 1, column 13"),
    ],
)
def test_an_error_in_a_module_beside_the_notebook_names_its_line(
    shared: Kernel, code: str, place: str
) -> None:
    assert place in shared.run(code).traceback


def test_a_changed_module_is_read_again_and_so_is_what_imports_it(tmp_path: Path) -> None:
    (tmp_path / "uses.ts").write_text(FILES["uses.ts"])
    (tmp_path / "m.ts").write_text(FILES["m.ts"])
    (tmp_path / "other.ts").write_text("export const state = { runs: 0 };\n")
    with kernel(folder=tmp_path) as running:
        cell = 'import { twice } from "./uses.ts";\nimport { state } from "./other.ts";\nstate.runs++;\n'
        assert running.run(f"{cell}[twice(), state.runs]").result == "[ 10, 1 ]"
        time.sleep(0.02)
        (tmp_path / "m.ts").write_text("export const m: number = 6;\n")
        assert running.run(f"{cell}[twice(), state.runs]").result == "[ 12, 2 ]"
        assert "nothere" in running.run('import { x } from "./nothere.ts";\nx').traceback
        (tmp_path / "nothere.ts").write_text("export const x = 1;\n")
        assert running.run('import { x } from "./nothere.ts";\nx').result == "1"


def test_a_function_prints_as_its_reader_wrote_it(shared: Kernel) -> None:
    shared.run("let rate = 2;\nfunction helper() { return rate; }")
    ran = shared.run("function whole() { return helper() * rate; }\nwhole.toString()")
    assert ran.result == "'function whole() { return helper() * rate; }'"


DISPOSABLE = "{ async [Symbol.asyncDispose]() { console.log('async'); } }"
USING = f"using first = {{ [Symbol.dispose]() {{ console.log('sync'); }} }};\nawait using second = {DISPOSABLE};\n"


@pytest.mark.parametrize("rest", ["void 0;", "throw new Error('x');"], ids=["at its end", "when it fails"])
def test_what_a_cell_uses_is_disposed_of(shared: Kernel, rest: str) -> None:
    assert shared.run(f"{USING}console.log('used');\n{rest}").text == "used\nasync\nsync\n"


@pytest.mark.parametrize(
    "rest", ["await new Promise(() => {});", "for (;;);"], ids=["an await", "a busy loop"]
)
def test_what_a_cell_uses_is_disposed_of_when_an_interrupt_ends(shared: Kernel, rest: str) -> None:
    ran = shared.interrupted(USING + rest)
    assert (ran.text, ran.of("error")[0]["ename"]) == ("async\nsync\n", "InterruptError")


def test_an_interrupt_ends_a_cell_that_the_compiler_works_on_for_long(shared: Kernel) -> None:
    shared.run(LONG)
    slow = "\n".join(f"type L{n} = Long<{900 + n % 90}>;\nlet l{n}: L{n} = 5;" for n in range(60))
    ename, seconds = shared.interrupted_while_compiling(slow)
    assert ename == "InterruptError"
    assert seconds < 0.5 * slowness()
    assert shared.run("[1, 2].length").result == "2"


def test_the_last_expression_is_shown_also_after_a_semicolon_and_void_hides_it(shared: Kernel) -> None:
    assert [shared.run(code).result for code in ["'abc'.length;", "void 'abc'.length;"]] == ["3", None]


# What the editor asks.


def ask(running: Kernel, kind: str, code: str, at: int | None = None) -> dict[str, Any]:
    send = running.client.complete if kind == "complete" else running.client.inspect
    send(code, len(code) if at is None else at)
    content: dict[str, Any] = running.client.get_shell_msg(timeout=20)["content"]
    return content


@pytest.mark.parametrize(
    ("code", "match", "span"),
    [
        ("'😀'; proc", "process", (5, 9)),
        ("import x from 'node:f", "node:fs", (15, 21)),
        ("const person = { name: 1 }; person['na", "name", (36, 38)),
        ("const person = { name: 1 }; person.", "name", (35, 35)),
        ("earlierNa", "earlierName", (0, 9)),
    ],
)
def test_the_begun_word_is_completed(shared: Kernel, code: str, match: str, span: tuple[int, int]) -> None:
    shared.run("const earlierName = { x: 1 };")
    found = ask(shared, "complete", code)
    assert found["matches"][0] == match
    assert (found["cursor_start"], found["cursor_end"]) == span
    kinds = {one["text"]: one["type"] for one in found["metadata"]["_jupyter_types_experimental"]}
    assert kinds[match] != ""


def test_a_completion_knows_the_members_of_an_earlier_name(shared: Kernel) -> None:
    shared.run("const earlierName = { member: 1 };")
    assert ask(shared, "complete", "earlierName.")["matches"] == ["member"]


DOCUMENTED = """\
/**
 * Adds. See {@link Math.max}.
 *
 * @example
 * add(1);
 * @param a the first
 * @returns the sum
 * @throws RangeError never
 */
function add(a: number, b = 2): number { return a + b; }
"""


@pytest.mark.parametrize("code", ["add", "add(", "add(1, "])
def test_a_function_is_shown_with_its_signature_and_its_tags(shared: Kernel, code: str) -> None:
    shared.run(DOCUMENTED)
    found = ask(shared, "inspect", code)
    text = found["data"]["text/plain"]
    assert "add(a: number, b?: number): number" in text
    assert "Adds. See Math.max." in text and "@returns the sum" in text and "@throws RangeError never" in text
    assert "*@example*\n```ts\nadd(1);\n```\n\n*@param* a the first" in found["data"]["text/markdown"]


def test_an_unknown_name_is_not_found(shared: Kernel) -> None:
    assert ask(shared, "inspect", "nobodyKnows")["found"] is False


def test_a_function_of_node_or_of_the_language_is_shown_with_its_comment(shared: Kernel) -> None:
    assert "square root" in ask(shared, "inspect", "Math.sqrt")["data"]["text/plain"]
    assert "Buffer" in ask(shared, "inspect", "Buffer.concat")["data"]["text/plain"]
