import { describe, expect, it } from "vitest";
import { buildStringReport, type StringRow } from "./report.ts";

function row(digits: string, heard: string, about: Partial<StringRow> = {}): StringRow {
  return { path: "a.wav", digits, heard, speaker: "ann", corpus: "home", durationMs: 2000, ...about };
}

describe("buildStringReport", () => {
  it("sums up errors over all digits, and counts strings without one", () => {
    const rows = [row("0451", "0451"), row("33", "3"), row("7", "19"), row("58", "5588")];
    expect(buildStringReport(rows)).toMatchObject({
      n: 4,
      nDigits: 9,
      durationMs: 8000,
      substitutions: 1,
      deletions: 1,
      insertions: 3,
      digitErrorRate: 5 / 9,
      stringAccuracy: 0.25,
      failed: { n: 0, files: [] },
    });
  });

  it("groups by corpus and by speaker, in the order of the names", () => {
    const rows = [
      row("12", "12", { speaker: "zoe", corpus: "car" }),
      row("12", "13", { corpus: "car" }),
      row("5", "5", { speaker: "bob" }),
    ];
    const { byCorpus, bySpeaker } = buildStringReport(rows);
    expect(Object.keys(bySpeaker)).toEqual(["ann", "bob", "zoe"]);
    expect(Object.keys(byCorpus)).toEqual(["car", "home"]);
    expect(byCorpus.car).toEqual({
      n: 2,
      nDigits: 4,
      durationMs: 4000,
      substitutions: 1,
      deletions: 0,
      insertions: 0,
      digitErrorRate: 0.25,
      stringAccuracy: 0.5,
    });
    expect(bySpeaker.bob).toMatchObject({ n: 1, digitErrorRate: 0, stringAccuracy: 1 });
  });

  it("has no error rate where no digit is spoken, and counts what is made up", () => {
    expect(buildStringReport([row("", "40"), row("", "")])).toMatchObject({
      nDigits: 0,
      insertions: 2,
      digitErrorRate: null,
      stringAccuracy: 0.5,
    });
  });

  it("goes above 1 where more is made up than was spoken", () => {
    expect(buildStringReport([row("1", "1234")]).digitErrorRate).toBe(3);
  });

  it("has no figures without recordings, and lists what failed", () => {
    const failed = [{ path: "b.wav", code: "audio-empty", message: "no bytes" } as const];
    expect(buildStringReport([], failed)).toEqual({
      n: 0,
      nDigits: 0,
      durationMs: 0,
      substitutions: 0,
      deletions: 0,
      insertions: 0,
      digitErrorRate: null,
      stringAccuracy: null,
      byCorpus: {},
      bySpeaker: {},
      failed: { n: 1, files: failed },
    });
  });

  it("groups names that objects know something by", () => {
    const { bySpeaker } = buildStringReport([row("1", "1", { speaker: "constructor" })]);
    expect(bySpeaker).toEqual({ constructor: expect.objectContaining({ n: 1 }) });
  });
});
