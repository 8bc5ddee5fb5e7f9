import assert from "node:assert/strict";
import { test } from "node:test";
import { escapeHtml, shorten, visible } from "../../../support/helpers/display/escape.ts";

test("signs with a meaning in HTML lose it", () => {
  assert.equal(
    escapeHtml(`<a href="x" id='y'>&</a>`),
    "&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;&lt;/a&gt;",
  );
});

test("control characters, lone surrogates and direction marks become visible; text does not change", () => {
  assert.equal(visible("a\u0007b\ud800c\u202ed"), "a\u{fffd}b\u{fffd}c\u{fffd}d");
  assert.equal(visible("line one\r\n\tline two"), "line one line two");
  assert.equal(visible("协程 naïve 🎉"), "协程 naïve 🎉");
});

test("a text is cut by characters, never within one", () => {
  assert.equal(shorten("🎉🎉🎉", 2), "🎉…");
  assert.equal(shorten("abc", 3), "abc");
});
