import { describe, expect, it } from "vitest";
import type { SpokenDigit, Utterance } from "../engine/utterance.ts";
import { toCsv, toJson } from "./export-history.ts";
import type { HistoryEntry } from "./history.ts";

const PLACE: SpokenDigit = { digit: 3, startMs: 0, endMs: 400, confidence: 0.05, rivals: [] };

function entry(id: number, name: string, changes: Partial<Utterance> = {}): HistoryEntry {
  const probs = new Array<number>(10).fill(0.05);
  const logMel = { data: new Float32Array(0), nMels: 0, nFrames: 0 };
  const prediction = {
    digit: 3,
    topDigit: 3,
    confidence: 0.05,
    noneProb: 0.5,
    none: null,
    ms: 1,
    probs,
    logMel,
  };
  const utterance = {
    digits: [PLACE],
    alternatives: [],
    none: null,
    prediction,
    ms: 1.2345,
    provisional: false,
    ...changes,
  };
  return { id, name, origin: "file", time: new Date(0), utterance, wav: new Blob() };
}

describe("toCsv", () => {
  it("has a header, the oldest answer first, and an empty cell where no digit was heard", () => {
    const silent = { digits: [{ ...PLACE, digit: null }], none: "silence" as const };
    const text = toCsv([entry(2, "b.wav", silent), entry(1, "a.wav")]);
    const [header, ...rows] = text.split("\r\n");
    expect(header?.split(",")).toHaveLength(19);
    expect(rows[0]).toMatch(/^1970-01-01T00:00:00.000Z,a\.wav,file,3,,0\.05,,1\.23,0\.05,/);
    expect(rows[1]).toMatch(/,b\.wav,file,,,0\.05,silence,/);
    expect(text.endsWith("\r\n")).toBe(true);
  });

  it("has a number as one cell, and what the reader said of it", () => {
    const digits = [PLACE, { ...PLACE, digit: 0, label: 6 }];
    expect(toCsv([entry(1, "a", { digits, prediction: null })])).toContain(",a,file,36,36,0.05,,1.23,,,");
  });

  it("has no confidence where every digit was deleted", () => {
    expect(toCsv([entry(1, "a", { digits: [], prediction: null })])).toContain(",a,file,,,,,1.23,,,");
  });

  it("quotes names with commas, quotes and line ends", () => {
    expect(toCsv([entry(1, 'a, "b"\n.wav')])).toContain(',"a, ""b""\n.wav",');
  });

  it("lets no name be run as a formula by a spreadsheet", () => {
    expect(toCsv([entry(1, "=1+1")])).toContain(",'=1+1,");
  });
});

describe("toJson", () => {
  it("lists the answers, the oldest first, with the place of each digit", () => {
    const answers = JSON.parse(toJson([entry(2, "b"), entry(1, "a")])) as Record<string, unknown>[];
    expect(answers.map(({ name }) => name)).toEqual(["a", "b"]);
    expect(answers[0]!.probs).toHaveLength(10);
    expect(answers[0]!.places).toEqual([{ digit: 3, confidence: 0.05, startMs: 0, endMs: 400 }]);
  });
});
