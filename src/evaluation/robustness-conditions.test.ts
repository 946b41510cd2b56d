import { describe, expect, it } from "vitest";
import { createRandom } from "../random.ts";
import { listConditions, ROBUSTNESS_GROUPS } from "./robustness-conditions.ts";

const word = (seed: number) => {
  const random = createRandom(seed);
  return Float32Array.from(
    { length: 4000 },
    (_, i) => 0.2 * Math.sin((Math.PI * i) / 4000) * random.normal(),
  );
};

const material = {
  clips: [word(1), word(2), word(3)],
  speakers: ["a", "b", "b"],
  noises: [word(9)],
  seed: 1,
};

describe("listConditions", () => {
  it("has every group but the codecs, in the order of a report", () => {
    const groups = listConditions(material).map(({ group }) => group);
    const ofCodecs = ["mp3", "opus"];
    expect([...new Set(groups)]).toEqual(ROBUSTNESS_GROUPS.filter((group) => !ofCodecs.includes(group)));
  });

  it("tries each noise at 20, 10, 5 and 0 dB", () => {
    const conditions = listConditions(material);
    for (const noise of ["white noise", "coloured noise", "recorded noise", "babble"])
      expect(conditions.flatMap((c) => (c.group === noise ? [c.setting] : []))).toEqual([20, 10, 5, 0]);
  });

  it("leaves out recorded noise without recordings and babble with one speaker alone", () => {
    const groups = new Set(
      listConditions({ ...material, noises: [], speakers: ["a", "a", "a"] }).map(({ group }) => group),
    );
    expect(groups.has("recorded noise")).toBe(false);
    expect(groups.has("babble")).toBe(false);
    expect(groups.has("white noise")).toBe(true);
  });

  it("gives finite samples and leaves its input alone", async () => {
    const clip = word(1);
    for (const condition of listConditions(material)) {
      const changed = await condition.apply(clip, { clipIndex: 0, random: createRandom(4) });
      expect(changed.length).toBeGreaterThan(0);
      expect(changed.every(Number.isFinite)).toBe(true);
    }
    expect(clip).toEqual(word(1));
  });

  it("adds the same noise at every ratio for equal streams", async () => {
    const clip = word(1);
    const conditions = listConditions(material);
    for (const group of ["white noise", "coloured noise", "recorded noise", "babble"]) {
      const ofGroup = conditions.filter((condition) => condition.group === group);
      const changed = await Promise.all(
        ofGroup.map(({ apply }) => apply(clip, { clipIndex: 0, random: createRandom(4) })),
      );
      const [first, second] = changed.map((samples) => samples.map((value, i) => value - clip[i]!));
      // From 20 to 10 dB the noise grows by 10 dB.
      for (let i = 0; i < 4000; i += 97) expect(second![i]).toBeCloseTo(first![i]! * Math.sqrt(10), 4);
    }
  });

  it("makes no babble out of the speaker's own clips", () => {
    // Of the two speakers one has nothing but silence to say: without it the other's babble has no voice.
    const silent = { ...material, clips: [word(1), new Float32Array(100), new Float32Array(100)] };
    const babble = listConditions(silent).find(({ group }) => group === "babble")!;
    expect(() => babble.apply(word(1), { clipIndex: 0, random: createRandom(1) })).toThrow(/got none/);
    expect(babble.apply(word(2), { clipIndex: 1, random: createRandom(1) })).toHaveLength(4000);
  });
});
