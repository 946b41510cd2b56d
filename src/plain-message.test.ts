import { expect, test } from "vitest";
import { plainMessage } from "./plain-message.ts";

test.each([
  ["decodeAudio: the audio holds\n no bytes", "the audio holds no bytes"],
  ["decodeAudio: too long (option maxDurationMs)", "too long"],
  ["live: a session lasts 60 s at most", "a session lasts 60 s at most"],
  ["checkpoint: the file is damaged", "checkpoint: the file is damaged"],
])("%j is told as %j", (message, told) => {
  expect(plainMessage(message)).toBe(told);
  expect(plainMessage(told)).toBe(told);
});
