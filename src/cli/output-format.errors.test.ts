import { expect, test } from "vitest";
import { errorLine, printable } from "./output-format.ts";

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

test("names no option of a function, which no command has", () => {
  const message = "decodeAudio: the audio lasts 700 s, the limit is 600 s (option maxDurationMs)";
  expect(errorLine(message)).toBe("spoken-digits: the audio lasts 700 s, the limit is 600 s\n");
});

test("shows control characters as JSON writes them, and leaves all other text as it is", () => {
  expect(printable("a\u001b[2J\u0007\r\n\u009b\u202eb")).toBe(
    "a\\u001b[2J\\u0007\\u000d\\u000a\\u009b\\u202eb",
  );
  expect(printable("Zahl fünf 五 🎵.wav")).toBe("Zahl fünf 五 🎵.wav");
  expect(errorLine("\u001b[31mred", "a\u0007.wav")).toBe("spoken-digits: a\\u0007.wav: \\u001b[31mred\n");
});
