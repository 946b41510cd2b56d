import { describe, expect, it } from "vitest";
import type { Label } from "../corpus/recording.ts";
import { createRandom } from "../random.ts";
import { buildReport, type EvaluationRow } from "./report.ts";

const ROWS: EvaluationRow[] = [
  { label: 0, topDigit: 0, digit: 0, speaker: "ann", corpus: "home" },
  { label: 0, topDigit: 0, digit: null, speaker: "ann", corpus: "home" },
  { label: 0, topDigit: 8, digit: 8, speaker: "bob", corpus: "car" },
  { label: 8, topDigit: 8, digit: 8, speaker: "bob", corpus: "car" },
  { label: 8, topDigit: 3, digit: null, speaker: "ann", corpus: "car" },
  { label: 8, topDigit: 8, digit: 8 },
  { label: "none", topDigit: 4, digit: null, speaker: "ann", corpus: "home" },
  { label: "none", topDigit: 4, digit: 4, speaker: "bob", corpus: "home" },
  { label: "none", topDigit: 1, digit: null, speaker: "bob", corpus: "car" },
  { label: "none", topDigit: 1, digit: null, speaker: "bob", corpus: "car" },
];

function randomRows(seed: number, n: number): EvaluationRow[] {
  const random = createRandom(seed);
  return Array.from({ length: n }, () => {
    const topDigit = random.integer(0, 10);
    return {
      label: random.chance(0.2) ? "none" : (random.integer(0, 10) as Label),
      topDigit,
      digit: random.chance(0.3) ? null : topDigit,
      speaker: `s${random.integer(0, 5)}`,
      corpus: random.chance(0.5) ? "a" : "b",
    };
  });
}

describe("buildReport", () => {
  it("gives the figures worked out by hand for ten clips", () => {
    const failed = [{ path: "x.wav", code: "audio-empty", message: "x.wav: no bytes" }] as const;
    const { digits, ...rest } = buildReport(ROWS, failed);
    const { perDigit, confusion, ...shares } = digits;
    expect(rest).toEqual({
      n: 10,
      none: {
        n: 4,
        falseAccept: 1 / 4,
        byCorpus: { car: { n: 2, falseAccept: 0 }, home: { n: 2, falseAccept: 1 / 2 } },
      },
      failed: { n: 1, files: failed },
    });
    expect(shares).toEqual({
      n: 6,
      accuracy: 4 / 6,
      accepted: 4 / 6,
      byCorpus: {
        car: { n: 3, accuracy: 1 / 3, accepted: 2 / 3 },
        home: { n: 2, accuracy: 1, accepted: 1 / 2 },
        unknown: { n: 1, accuracy: 1, accepted: 1 },
      },
      bySpeaker: {
        ann: { n: 3, accuracy: 2 / 3 },
        bob: { n: 2, accuracy: 1 / 2 },
        unknown: { n: 1, accuracy: 1 },
      },
    });
    expect(perDigit).toHaveLength(10);
    expect(perDigit[0]).toEqual({ digit: 0, precision: 1, recall: 2 / 3, f1: 4 / 5, support: 3 });
    expect(perDigit[3]).toEqual({ digit: 3, precision: 0, recall: null, f1: 0, support: 0 });
    expect(perDigit[4]).toEqual({ digit: 4, precision: null, recall: null, f1: null, support: 0 });
    expect(perDigit[8]).toEqual({ digit: 8, precision: 2 / 3, recall: 2 / 3, f1: 2 / 3, support: 3 });
    const expected = Array.from({ length: 10 }, () => Array(10).fill(0));
    Object.assign(expected[0]!, { 0: 2, 8: 1 });
    Object.assign(expected[8]!, { 8: 2, 3: 1 });
    expect(confusion).toEqual(expected);
  });

  it("has null, never NaN, where there are no clips", () => {
    const report = buildReport([]);
    expect(report).toMatchObject({
      n: 0,
      digits: { n: 0, accuracy: null, accepted: null, byCorpus: {}, bySpeaker: {} },
      none: { n: 0, falseAccept: null, byCorpus: {} },
      failed: { n: 0, files: [] },
    });
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  it("has the same figures whatever the order of the rows", () => {
    const rows = randomRows(1, 500);
    const report = JSON.stringify(buildReport(rows));
    for (let seed = 0; seed < 5; seed++) {
      expect(JSON.stringify(buildReport(createRandom(seed).shuffle(rows)))).toBe(report);
    }
  });

  it("keeps its figures consistent with each other for random answers", () => {
    for (let seed = 0; seed < 20; seed++) {
      const { n, digits, none } = buildReport(randomRows(seed, 200));
      expect(digits.n + none.n).toBe(n);
      expect(digits.confusion.flat().reduce((a, b) => a + b)).toBe(digits.n);
      const nRight = digits.confusion.reduce((total, counts, digit) => total + counts[digit]!, 0);
      expect(digits.accuracy).toBeCloseTo(nRight / digits.n, 12);
      for (const group of [digits.byCorpus, digits.bySpeaker]) {
        const sum = Object.values(group).reduce((total, entry) => total + entry.n * entry.accuracy!, 0);
        expect(sum).toBeCloseTo(nRight, 9);
      }
      for (const { precision, recall, f1 } of digits.perDigit) {
        for (const share of [precision ?? 0, recall ?? 0, f1 ?? 0]) {
          expect(share).toBeGreaterThanOrEqual(0);
          expect(share).toBeLessThanOrEqual(1);
        }
        if (precision && recall) expect(f1).toBeCloseTo((2 * precision * recall) / (precision + recall), 12);
      }
    }
  });

  it("counts speakers named like members of Object.prototype", () => {
    const row = { label: 1, topDigit: 1, digit: 1 } as const;
    const names = ["__proto__", "constructor", "toString"];
    const { bySpeaker } = buildReport(names.map((speaker) => ({ ...row, speaker }))).digits;
    expect(Object.keys(bySpeaker)).toEqual(names);
  });
});
