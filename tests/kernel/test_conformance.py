"""The Jupyter project's own suite of tests for kernels, whole."""

from typing import Any, ClassVar

import jupyter_kernel_test

CELL = 'import { currentCell } from "support/kernel/cell";\n'
RESULTS = [
    {"code": "6 * 7", "result": "42"},
    {"code": "[1, 2, 3].map((x) => x * x)", "result": "[ 1, 4, 9 ]"},
    {"code": "await (Promise.resolve('x'))", "result": "'x'"},
    {
        "code": '({ [Symbol.for("Jupyter.display")]: () => ({ "text/html": "<b>x</b>" }) })',
        "mime": "text/html",
        "result": "<b>x</b>",
    },
]


class ConformanceTests(jupyter_kernel_test.KernelTests):
    kernel_name = "tslab"
    language_name = "typescript"
    file_extension = ".ts"
    code_hello_world = 'console.log("hello, world")'
    code_stderr = 'console.error("oops")'
    completion_samples: ClassVar[list[dict[str, Any]]] = [
        {"text": "Math.sq", "matches": {"sqrt", "SQRT2", "SQRT1_2"}},
        {"text": "process.hrt", "matches": {"hrtime"}},
    ]
    complete_code_samples: ClassVar[list[str]] = [
        "1",
        "const f = () => 1",
        "for await (const x of []) console.log(x)",
    ]
    incomplete_code_samples: ClassVar[list[str]] = ["function f() {", "[1, 2,"]
    invalid_code_samples: ClassVar[list[str]] = ["const const = 1", "1 +* 2", "}"]
    code_page_something = f'{CELL}currentCell()?.page({{ "text/plain": "long" }});'
    code_generate_error = 'throw new Error("x")'
    code_execute_result = RESULTS
    code_display_data: ClassVar[list[dict[str, str]]] = [
        {"code": 'import { display } from "tslab";\ndisplay.html("<b>x</b>");', "mime": "text/html"},
        {
            "code": f'{CELL}currentCell()?.display({{ "text/plain": "x", "text/html": "x" }});',
            "mime": "text/plain",
        },
    ]
    code_history_pattern = "6 ?*"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "Math.sqrt"
    code_clear_output = f"{CELL}currentCell()?.clearOutput(true);"
