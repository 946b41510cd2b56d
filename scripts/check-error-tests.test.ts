import { expect, test } from "vitest";
import { findUntestedCodes } from "./check-error-tests.ts";

test("names the codes which no test but that of the table mentions", () => {
  const sources = new Map([
    ["src/audio/decode.test.ts", 'expect(error.code).toBe("audio-empty");'],
    ["src/audio/decode.ts", 'throw new AudioFormatError("audio-damaged", "x");'],
    ["src/errors.test.ts", '"audio-too-long"'],
  ]);
  expect(findUntestedCodes(["audio-empty", "audio-damaged", "audio-too-long"], sources)).toEqual([
    "no test raises audio-damaged",
    "no test raises audio-too-long",
  ]);
});
