import { describe, expect, it } from "vitest";
import { madeUpWords } from "../../test/support/made-up-words.ts";
import { activePower } from "../audio/level.ts";
import { InvalidArgumentError } from "../errors.ts";
import { createRandom } from "../random.ts";
import { type ClipStreamSettings, createClipStreams } from "./clip-streams.ts";

const WORDS = madeUpWords(4);
const DIGITS = WORDS.filter(({ digit }) => digit !== null);
const OTHERS = WORDS.filter(({ digit }) => digit === null);
const random = createRandom(8);
const NOISE = Float32Array.from({ length: 40_000 }, () => random.normal());

function streams(count: number, settings: ClipStreamSettings = {}, seed = 1) {
  const make = createClipStreams({ digits: DIGITS, otherWords: OTHERS, noises: [NOISE] }, settings, seed);
  return Array.from({ length: count }, (_, i) => make(i));
}

const gapsOf = ({ digits }: { digits: readonly { startMs: number; endMs: number }[] }) =>
  digits.slice(1).map(({ startMs }, i) => startMs - digits[i]!.endMs);

describe("createClipStreams", () => {
  it("makes the same stream for the same number and seed, others for others", () => {
    const [one, two] = streams(2);
    expect(streams(2)).toEqual([one, two]);
    expect(one!.samples).not.toEqual(two!.samples);
    expect(streams(1, {}, 2)[0]!.samples).not.toEqual(one!.samples);
  });

  it("says three to ten digits, with gaps in their range, all within the stream and its level", () => {
    const made = streams(40);
    const counts = made.map(({ digits }) => digits.length);
    expect([Math.min(...counts), Math.max(...counts)]).toEqual([3, 10]);
    for (const gap of made.flatMap(gapsOf)) {
      expect(gap).toBeGreaterThanOrEqual(79);
      expect(gap).toBeLessThanOrEqual(601);
    }
    for (const { samples, digits } of made) {
      expect(digits[0]!.startMs).toBeGreaterThanOrEqual(300);
      expect(samples.length / 8 - digits.at(-1)!.endMs).toBeCloseTo(1000, 0);
      expect(samples.every((value) => Math.abs(value) <= 0.701)).toBe(true);
    }
  });

  it("knows where each digit is: its power is there and little of it between", () => {
    for (const { samples, digits } of streams(5, { gapMs: [300, 400], levelDb: 0 })) {
      for (const [i, { startMs, endMs }] of digits.entries()) {
        const inside = activePower(samples.subarray(8 * startMs + 200, 8 * endMs - 200));
        const before = activePower(samples.subarray(8 * (startMs - 100), 8 * (startMs - 30)));
        expect(10 * Math.log10(inside / before), `digit ${i}`).toBeGreaterThan(30);
        expect(Math.abs(endMs - startMs - 500)).toBeLessThanOrEqual(20);
      }
    }
  });

  it("lets words overlap where gaps are negative", () => {
    const gaps = streams(20, { gapMs: [-60, 80] }).flatMap(gapsOf);
    expect(Math.min(...gaps)).toBeLessThan(-40);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(-60.2);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(80.2);
  });

  it("doubles as many digits as asked for, and says a digit at the rate asked for", () => {
    const always = streams(10, { doubledShare: 1 });
    for (const { digits } of always) expect(new Set(digits.map(({ digit }) => digit)).size).toBe(1);
    for (const { digits } of streams(5, { tempo: [1.25, 1.25] })) {
      for (const { startMs, endMs } of digits)
        expect(Math.abs(endMs - startMs - 400)).toBeLessThanOrEqual(20);
    }
  });

  it("puts other words between, which are no digits", () => {
    const [plain] = streams(1, { digitCount: [5, 5], gapMs: [100, 100] });
    const [mixed] = streams(1, { digitCount: [5, 5], gapMs: [100, 100], otherWordShare: 1 });
    expect(mixed!.digits).toHaveLength(5);
    expect(mixed!.samples.length - plain!.samples.length).toBeGreaterThan(5 * 8 * 500);
  });

  it("lays noise under the speech at the ratio asked for", () => {
    const ratioDb = (snrDb?: number) => {
      const [stream] = streams(1, { snrDb, gapMs: [500, 500], levelDb: 0 });
      const { samples, digits } = stream!;
      const [{ startMs, endMs }, next] = [digits[0]!, digits[1]!];
      const word = activePower(samples.subarray(8 * startMs + 200, 8 * endMs - 200));
      const pause = activePower(samples.subarray(8 * next.startMs - 2400, 8 * next.startMs - 800));
      return 10 * Math.log10(word / pause - 1);
    };
    expect(Math.abs(ratioDb(10) - 10)).toBeLessThan(2);
    expect(Math.abs(ratioDb(0))).toBeLessThan(2);
    expect(ratioDb()).toBeGreaterThan(30);
  });

  it("refuses settings without the material they need", () => {
    expect(() => createClipStreams({ digits: DIGITS.slice(0, 2) }, {}, 1)).toThrow(InvalidArgumentError);
    expect(() => createClipStreams({ digits: DIGITS }, { snrDb: 20 }, 1)).toThrow(InvalidArgumentError);
    expect(() => createClipStreams({ digits: DIGITS }, { otherWordShare: 0.5 }, 1)).toThrow(
      InvalidArgumentError,
    );
  });
});
