import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Label, Recording } from "../corpus/recording.ts";
import { loadClassifier } from "../load-models.ts";
import type { Classifier } from "../model/classifier.ts";
import { formatVoices, measureVoices } from "./measure-voices.ts";

let classifier: Classifier;
beforeAll(async () => {
  classifier = await loadClassifier();
});
afterAll(() => classifier.release());

const sample = (digit: number, label: Label, take: number): Recording => ({
  path: fileURLToPath(new URL(`../../fixtures/samples/${digit}.wav`, import.meta.url)),
  corpus: "speech-commands",
  speaker: "ada",
  label,
  take,
});
const takesOf = (digits: readonly Label[], count: number) =>
  digits.flatMap((label) => Array.from({ length: count }, (_, take) => sample(Number(label), label, take)));

const material = (digits: readonly Label[], count: number) => ({
  digits: { "speech-commands-validation": takesOf(digits, count) },
  words: { "other-words": [sample(7, "none", 0)] },
  noises: [],
});

it("counts before and after, the takes left out, and what a wrong label does", async () => {
  const report = await measureVoices(classifier, material([1, 2, 3], 5), { part: "dev" });
  expect(report).toMatchObject({ speakers: 1, negatives: 1, takes: { n: 9, leftOut: 0 } });
  expect(report.rows).toHaveLength(1);
  expect(report.rows[0]).toMatchObject({ wrong: [0, 0], missed: [0, 0], accepted: [1, 1] });
  expect(report.rows[0]!.falseAccepts[0]).toBe(1);
  expect(formatVoices(report)).toMatch(/^1 speakers, 1 recordings without a digit\n\n {2}fit +wrong %/);
});

it("tries every fit of the grid", async () => {
  const { rows } = await measureVoices(classifier, material([1, 2, 3], 5), { part: "dev", grid: true });
  expect(new Set(rows.map(({ fit }) => JSON.stringify(fit))).size).toBe(18);
});

it("leaves out speakers with few takes, and has none in the other part", async () => {
  const few = await measureVoices(classifier, material([1, 2, 3], 4), { part: "dev" });
  const other = await measureVoices(classifier, material([1, 2, 3], 5), { part: "test" });
  expect([few.speakers, other.speakers]).toEqual([0, 0]);
});
