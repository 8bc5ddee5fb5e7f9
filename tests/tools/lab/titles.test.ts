import assert from "node:assert/strict";
import { test } from "node:test";
import { titlesIn } from "../../../support/tools/lab/titles.ts";

const TABLE = `Some words, and a link to [one](concepts/01-one.ipynb).

| Part | Lesson | What it shows | Minutes |
|:--|:--|:--|--:|
| Concept 1 | [One](concepts/01-one.ipynb) | See one. | 5 |
| Concept 2 | [Two | too](concepts/02-two.ipynb) | See two. | 5 |
| Concept 3 | [Three](concepts/03-three.ipynb) | See three. | 5 |
| Example 1 | [Four](examples/01-four.ipynb) | See four. | 5 |
| Words | [Words for all](words.ipynb) | Look up. | 5 |

| pyasync | here | lesson |
|---|---|---|
| a claim | shown | [Concept 1](concepts/01-one.ipynb) |`;

test("a lesson is shown with its number and title, a folder with its place in the course, other pages with their title", () => {
  assert.deepEqual(Object.fromEntries(titlesIn(TABLE)), {
    concepts: "Part 1: 1 to 3",
    "concepts/01-one.ipynb": "1. One",
    "concepts/02-two.ipynb": "2. Two | too",
    "concepts/03-three.ipynb": "3. Three",
    examples: "Part 2: 1 to 1",
    "examples/01-four.ipynb": "1. Four",
    "words.ipynb": "Words for all",
  });
});

test("nothing has a title where there is no such table", () => {
  assert.equal(titlesIn("# Another notebook\n\n[One](concepts/01-one.ipynb)").size, 0);
});
