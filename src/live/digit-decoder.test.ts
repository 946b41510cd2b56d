import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { createRandom } from "../random.ts";
import type { DecodedDigit, DecoderSettings } from "./digit-decoder.ts";
import { createDigitDecoder, sureness } from "./digit-decoder.ts";
import { OH_WORD, OTHER_SPEECH, OUTPUT_COUNT } from "./stream-net.ts";

const SETTINGS: DecoderSettings = {
  digitBias: 0,
  endBias: 0,
  digitPenalty: 2,
  otherPenalty: 0,
  minFrames: 4,
  lookahead: 3,
  beam: 10,
};
const NONE = 0;

/** Frames in which one state has nearly all of the probability. */
function frames(...runs: [state: number, count: number][]): Float32Array[] {
  return runs.flatMap(([state, count]) => Array.from({ length: count }, () => sure(state, 0.9)));
}

function sure(state: number, prob: number): Float32Array {
  const row = new Float32Array(OUTPUT_COUNT).fill(Math.log((1 - prob) / (OUTPUT_COUNT - 1)));
  row[state] = Math.log(prob);
  return row;
}

/** A digit's word, its thirds of so many frames each. */
function said(word: number, perPart: number): [number, number][] {
  return [1, 2, 3].map((part) => [3 * word + part, perPart]);
}

function decode(
  rows: readonly Float32Array[],
  changes: Partial<DecoderSettings> = {},
  nDigits?: number,
): DecodedDigit[] {
  const decoder = createDigitDecoder({ ...SETTINGS, ...changes }, nDigits);
  return [...rows.flatMap((row) => decoder.push(row)), ...decoder.end()];
}

describe("createDigitDecoder", () => {
  it("finds a digit with its first and last frame", () => {
    const [found, ...more] = decode(frames([NONE, 10], ...said(7, 4), [NONE, 10]));
    expect(more).toEqual([]);
    expect(found).toMatchObject({ digit: 7, start: 10, end: 22 });
    expect(found!.probs[7]).toBeGreaterThan(0.9);
    expect(found!.probs.reduce((sum, prob) => sum + prob)).toBeLessThanOrEqual(1);
  });

  it("finds the same digit twice, with and without a pause between", () => {
    for (const pause of [0, 1, 8]) {
      const found = decode(frames([NONE, 5], ...said(3, 3), [NONE, pause], ...said(3, 3), [NONE, 9]));
      expect(found.map(({ digit, start }) => [digit, start])).toEqual([
        [3, 5],
        [3, 14 + pause],
      ]);
    }
  });

  it("takes oh for zero, and counts its probability as that of zero", () => {
    const [found, ...more] = decode(frames([NONE, 10], ...said(OH_WORD, 2), [NONE, 10]));
    expect(more).toEqual([]);
    expect(found).toMatchObject({ digit: 0, start: 10, end: 16 });
    expect(found!.probs[0]).toBeGreaterThan(0.9);
  });

  it("finds nothing in none, and nothing where the parts of a digit come in another order", () => {
    expect(decode(frames([NONE, 100]))).toEqual([]);
    const [begin, middle, end] = said(5, 3) as [[number, number], [number, number], [number, number]];
    expect(decode(frames([NONE, 5], end, middle, begin, [NONE, 5]), { digitPenalty: 30 })).toEqual([]);
  });

  it("takes what is shorter than the least duration for none", () => {
    const short = frames([NONE, 9], ...said(2, 1), [NONE, 9]);
    expect(decode(short, { minFrames: 3, digitPenalty: 8 })).toHaveLength(1);
    expect(decode(short, { minFrames: 5, digitPenalty: 8 })).toEqual([]);
  });

  it("finds fewer digits the higher the penalty, more the higher the bias", () => {
    const unsure = Array.from({ length: 30 }, (_, i) =>
      sure(i % 10 < 6 ? 1 + Math.floor((i % 10) / 2) : NONE, 0.35),
    );
    const count = (changes: Partial<DecoderSettings>) => decode(unsure, changes).length;
    expect(count({ digitPenalty: 1 })).toBe(3);
    expect(count({ digitPenalty: 60 })).toBe(0);
    expect(count({ digitPenalty: 20 })).toBe(0);
    expect(count({ digitPenalty: 20, digitBias: 2, endBias: 2 })).toBe(3);
  });

  it("tells a digit as soon as nothing else is likely, and at the latest after its look-ahead", () => {
    const waited = (changes: Partial<DecoderSettings>) => {
      const decoder = createDigitDecoder({ ...SETTINGS, ...changes });
      const rows = frames([NONE, 5], ...said(1, 3), [NONE, 20]);
      return rows.findIndex((row) => decoder.push(row).length > 0) + 1 - 14;
    };
    expect(waited({ lookahead: 2, beam: Infinity })).toBe(2);
    expect(waited({ lookahead: 3, beam: Infinity })).toBe(3);
    expect(waited({ lookahead: 3, beam: 3 })).toBe(1);
    // By then even the worst way goes through the digit.
    expect(waited({ lookahead: 20, beam: Infinity })).toBe(4);
  });

  it("ends a digit sooner the lower the bias of its last part", () => {
    const fading = sure(6, 0.45); // The last part of a one, or none.
    fading[NONE] = fading[6]!;
    const rows = [
      ...frames([NONE, 5], ...said(1, 3)),
      ...Array<Float32Array>(4).fill(fading),
      ...frames([NONE, 9]),
    ];
    const endAt = (endBias: number) => decode(rows, { endBias }).map(({ end }) => end);
    expect(endAt(0.5)).toEqual([18]);
    expect(endAt(-0.5)).toEqual([14]);
  });

  it("tells each digit once and in order, whatever comes, and keeps the times from overlapping", () => {
    const random = createRandom(5);
    const rows = Array.from({ length: 3000 }, () => {
      const row = Float32Array.from({ length: OUTPUT_COUNT }, () => 3 * random.normal());
      const total = Math.log(row.reduce((sum, value) => sum + Math.exp(value), 0));
      return row.map((value) => value - total);
    });
    const found = decode(rows, { digitPenalty: 0, digitBias: 1, endBias: 1 });
    expect(found.length).toBeGreaterThan(50);
    for (const [i, { digit, start, end, probs }] of found.entries()) {
      expect(start).toBeGreaterThanOrEqual(found[i - 1]?.end ?? 0);
      expect(end - start).toBeGreaterThanOrEqual(SETTINGS.minFrames);
      expect(probs[digit]).toBeGreaterThanOrEqual(0);
      expect(probs[digit]).toBeLessThanOrEqual(1);
    }
  });

  it("says how much other speech is before a digit, and counts it against it", () => {
    const among = decode(frames([OTHER_SPEECH, 40], ...said(1, 3), [NONE, 20]));
    const alone = decode(frames([NONE, 40], ...said(1, 3), [NONE, 20]));
    expect(among).toMatchObject([{ digit: 1, start: 40, end: 49 }]);
    expect(among[0]!.other).toBeGreaterThan(0.8);
    expect(alone[0]!.other).toBeLessThan(0.05);
    const atCost = (digit: DecodedDigit) => sureness(digit, { otherCost: 0.5 });
    expect(atCost(alone[0]!) - atCost(among[0]!)).toBeCloseTo(0.5 * (among[0]!.other - alone[0]!.other), 6);
  });

  it("hears other speech as none, and a digit in its place where nothing else is said", () => {
    const unsure = sure(OTHER_SPEECH, 0.6);
    unsure.set([Math.log(0.35)], 4);
    const middle = sure(OTHER_SPEECH, 0.6);
    middle.set([Math.log(0.35)], 5);
    const end = sure(OTHER_SPEECH, 0.6);
    end.set([Math.log(0.35)], 6);
    const rows = [...frames([NONE, 9]), unsure, unsure, middle, middle, end, end, ...frames([NONE, 20])];
    expect(decode(rows)).toEqual([]);
    expect(decode(rows, { otherPenalty: 4 })).toMatchObject([{ digit: 1, start: 9, end: 15 }]);
  });

  it("tells a digit that the stream ends in", () => {
    expect(decode(frames([NONE, 5], ...said(9, 3)))).toMatchObject([{ digit: 9, start: 5, end: 14 }]);
  });

  it("finds as many digits as there are, where that is known", () => {
    const unsure = sure(7, 0.3); // A two, or none.
    unsure[NONE] = Math.log(0.6);
    const rows = [
      ...frames([NONE, 5], ...said(1, 3), [NONE, 5]),
      ...Array<Float32Array>(3).fill(unsure),
      ...frames([8, 2], [9, 2], [NONE, 5], ...said(3, 3), [NONE, 9]),
    ];
    const found = (nDigits?: number) =>
      decode(rows, { digitPenalty: 28, lookahead: 40 }, nDigits).map(({ digit }) => digit);
    expect(found()).toEqual([1, 3]);
    expect(found(3)).toEqual([1, 2, 3]);
    expect(found(1)).toHaveLength(1);
  });

  it("finds what there is in a stream that ends before the known number of digits", () => {
    expect(decode(frames([NONE, 5], ...said(4, 3)), {}, 12).length).toBeLessThan(12);
    expect(decode(frames([NONE, 1]), {}, 3)).toEqual([]);
  });

  it("knows the digits of the best path before it decides on them", () => {
    const decoder = createDigitDecoder({ ...SETTINGS, lookahead: 10, beam: Infinity });
    for (const row of frames([NONE, 5], ...said(4, 3), [NONE, 2])) decoder.push(row);
    expect(decoder.open()).toMatchObject([{ digit: 4, start: 5, end: 14 }]);
    expect(decoder.end()).toMatchObject([{ digit: 4, start: 5, end: 14 }]);
    expect(decoder.open()).toEqual([]);
  });

  it("keeps no more after an hour than after a minute", () => {
    setFlagsFromString("--expose-gc");
    const collectGarbage = runInNewContext("gc") as () => void;
    const decoder = createDigitDecoder(SETTINGS);
    const second = frames([NONE, 10], ...said(4, 4), [NONE, 9]);
    const heapAfter = (minutes: number) => {
      for (let i = 0; i < 60 * minutes; i++) for (const row of second) decoder.push(row);
      collectGarbage();
      return process.memoryUsage().heapUsed;
    };
    const early = heapAfter(1);
    expect(heapAfter(59) - early).toBeLessThan(300_000);
  });
});
