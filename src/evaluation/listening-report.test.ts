import { describe, expect, it } from "vitest";
import {
  formatListeningReport,
  type ListeningSets,
  measureListening,
  type Said,
} from "./listening-report.ts";

type Heard = Said & { heard: string };

const recording = (digits: string, heard: string, corpus = "an4"): Heard => ({
  path: "a.flac",
  digits,
  speaker: `of ${corpus}`,
  corpus,
  durationMs: 36_000,
  heard,
});

const MATERIAL: ListeningSets<Heard> = {
  numbers: {
    "digits alone": [recording("12", "12"), recording("345", "35"), recording("7", "7", "librispeech")],
    "among words": [recording("9", "99")],
  },
  negatives: { sentences: [recording("", "5"), recording("", "")], calls: [] },
};
const recognize = async ({ heard }: Heard) => heard;

describe("measureListening", () => {
  it("counts errors by set, corpus and speaker, and false digits over time", async () => {
    const sets: string[] = [];
    const report = await measureListening(MATERIAL, recognize, (set) => sets.push(set));
    expect(report.numbers["digits alone"]).toMatchObject({
      n: 3,
      nDigits: 6,
      deletions: 1,
      byCorpus: { an4: { digitErrorRate: 1 / 5 }, librispeech: { digitErrorRate: 0 } },
      bySpeaker: { "of librispeech": { n: 1 } },
    });
    expect(report.numbers["among words"]).toMatchObject({ insertions: 1, stringAccuracy: 0 });
    expect(report.negatives.sentences).toEqual({ falseDigits: 1, hours: 0.02, perHour: 50 });
    expect(report.negatives.calls).toEqual({ falseDigits: 0, hours: 0, perHour: 0 });
    expect(sets).toEqual(["digits alone", "among words", "sentences", "calls"]);
  });
});

describe("formatListeningReport", () => {
  it("prints a line a corpus, and one a speaker when it is asked for", async () => {
    const report = await measureListening(MATERIAL, recognize);
    const lines = formatListeningReport(report).split("\n");
    expect(lines.find((line) => /digits alone +an4/.test(line))).toMatch(/2 +50\.0 % +5 +20\.0 % +0 +1 +0/);
    expect(lines.find((line) => line.trim().startsWith("sentences"))).toMatch(/1 +1\.2 +50/);
    expect(lines.some((line) => line.includes("of an4"))).toBe(false);
    expect(formatListeningReport(report, { speakers: true })).toContain("of an4");
  });
});
