import { expect, test } from "vitest";
import { errorLine } from "./error-line.ts";

test.each([
  ["loadSamples: cannot read a.wav", "cannot read a.wav"],
  ["robustness: cannot write into out", "cannot write into out"],
  ["checkpoint runs/a.onnx: the file is damaged", "checkpoint runs/a.onnx: the file is damaged"],
  ["report: it was measured of another file", "report: it was measured of another file"],
  ["--out: fsdd-loso trains several models", "--out: fsdd-loso trains several models"],
])("%j is told as %j: who threw it is left out, what it is about is not", (message, told) => {
  expect(errorLine(message)).toBe(`spoken-digits: ${told}\n`);
});

test("is one line, after the name of its file", () => {
  expect(errorLine("decodeWav: cut off\n  at byte 44", "a.wav")).toBe(
    "spoken-digits: a.wav: cut off at byte 44\n",
  );
});
