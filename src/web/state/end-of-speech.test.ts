import { describe, expect, it } from "vitest";
import { EndOfSpeech } from "./end-of-speech.ts";

const STEP_MS = 20;

/** When a recording of stretches of [ms, dB] ends by itself, in ms; null where it does not. */
function endsAt(...stretches: [ms: number, levelDb: number][]): number | null {
  const speech = new EndOfSpeech();
  let nowMs = 0;
  for (const [ms, levelDb] of stretches) {
    for (let passed = 0; passed < ms; passed += STEP_MS) {
      nowMs += STEP_MS;
      if (speech.push(levelDb, nowMs)) return nowMs;
    }
  }
  return null;
}

describe("EndOfSpeech", () => {
  it("is a second and a half after the last word", () => {
    expect(endsAt([500, -65], [400, -25], [3000, -65])).toBe(2400);
  });

  it("is not in a pause within a number", () => {
    expect(endsAt([500, -65], [400, -25], [1200, -65], [400, -25], [3000, -65])).toBe(4000);
  });

  it("is not before something was said, and not for a click", () => {
    expect(endsAt([9000, -65])).toBeNull();
    expect(endsAt([500, -65], [60, -20], [5000, -65])).toBeNull();
  });

  it("is found in a loud room, also where that was quiet first", () => {
    expect(endsAt([500, -42], [400, -20], [2000, -42])).toBe(2400);
    expect(endsAt([500, -90], [400, -20], [9000, -60])).not.toBeNull();
  });
});
