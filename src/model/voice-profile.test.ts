import { describe, expect, test } from "vitest";
import { logitsOfVoice, MAX_PROFILE_LENGTH, readVoiceProfile, type VoiceProfile } from "./voice-profile.ts";

const RAISE_NINE = [0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0];
const PROFILE: VoiceProfile = {
  format: "spoken-digits-voice",
  version: 1,
  name: "Ada",
  created: "2026-01-01T00:00:00.000Z",
  model: "0123abcd",
  reach: 0.8,
  caution: 0,
  takes: [{ label: 9, features: [1, 0], weights: RAISE_NINE }],
};
const STREAM = {
  model: "89abcdef",
  reach: 0.5,
  caution: 1,
  states: [{ features: [0.6, 0.8], weights: [1, 2, 3] }],
};
const LOGITS = Float32Array.from({ length: 11 }, (_, k) => k / 10);

describe("a voice", () => {
  test("adds its weights in full to a recording like the take, whatever the length of the features", () => {
    const changed = logitsOfVoice(LOGITS, [3, 0], PROFILE);
    expect(changed[9]).toBeCloseTo(4.9, 5);
    expect(changed[8]).toBe(LOGITS[8]);
  });

  test("adds half of them half-way to the edge of its reach", () => {
    expect(logitsOfVoice(LOGITS, [0.9, Math.sqrt(1 - 0.81)], PROFILE)[9]).toBeCloseTo(2.9, 5);
  });

  test.each([[[0.79, 0.62]], [[0, 1]], [[-1, 0]], [[0, 0]]])(
    "leaves a recording beyond its reach exactly as it is: %j",
    (features) => {
      expect(logitsOfVoice(LOGITS, features, PROFILE)).toEqual(LOGITS);
    },
  );
});

test("makes none likelier by its caution, near a take or not", () => {
  const changed = logitsOfVoice(LOGITS, [0, 1], { ...PROFILE, caution: 0.5 });
  expect(changed[10]).toBeCloseTo(LOGITS[10]! + 0.5, 5);
  expect(changed.subarray(0, 10)).toEqual(LOGITS.subarray(0, 10));
});

describe("readVoiceProfile", () => {
  test("reads what was written", () => {
    expect(readVoiceProfile(JSON.stringify(PROFILE))).toEqual(PROFILE);
    const withNumbers = { ...PROFILE, stream: STREAM };
    expect(readVoiceProfile(JSON.stringify(withNumbers))).toEqual(withNumbers);
    const { caution: _, ...older } = PROFILE;
    expect(readVoiceProfile(older)).toEqual(PROFILE);
  });

  test.each<[string, unknown]>([
    ["no JSON", "{"],
    ["another thing", "[]"],
    ["null", "null"],
    ["too large a text", `"${"x".repeat(MAX_PROFILE_LENGTH)}"`],
    ["a newer version", { ...PROFILE, version: 2 }],
    ["no name", { ...PROFILE, name: undefined }],
    ["a checksum that is none", { ...PROFILE, model: "../../etc" }],
    ["a reach of one", { ...PROFILE, reach: 1 }],
    ["a caution below 0", { ...PROFILE, caution: -1 }],
    ["a stream part that is none", { ...PROFILE, stream: 1 }],
    ["a stream part without states", { ...PROFILE, stream: { ...STREAM, states: [] } }],
    [
      "more states than may be",
      { ...PROFILE, stream: { ...STREAM, states: new Array(301).fill(STREAM.states[0]) } },
    ],
    [
      "a damaged state",
      { ...PROFILE, stream: { ...STREAM, states: [STREAM.states[0], { features: [1, 0] }] } },
    ],
    ["no takes", { ...PROFILE, takes: [] }],
    ["more takes than may be", { ...PROFILE, takes: new Array(201).fill(PROFILE.takes[0]) }],
    ["a label that is no digit", { ...PROFILE, takes: [{ ...PROFILE.takes[0], label: 10 }] }],
    [
      "a weight that forces an answer",
      { ...PROFILE, takes: [{ ...PROFILE.takes[0], weights: RAISE_NINE.map((w) => w * 100) }] },
    ],
    [
      "features of other lengths",
      { ...PROFILE, takes: [PROFILE.takes[0], { ...PROFILE.takes[0], features: [1] }] },
    ],
    ["numbers that are none", { ...PROFILE, takes: [{ ...PROFILE.takes[0], features: [null, 1] }] }],
  ])("refuses %s", (_, json) => {
    expect(() => readVoiceProfile(json)).toThrow(expect.objectContaining({ code: "voice-format" }));
  });
});
