import { describe, expect, it } from "vitest";
import { toCsv, toJson } from "./export-history.ts";
import type { HistoryEntry } from "./history.ts";

function entry(id: number, name: string, changes: Partial<HistoryEntry> = {}): HistoryEntry {
  const probs = new Array<number>(10).fill(0.05);
  return {
    id,
    name,
    origin: "file",
    time: new Date(0),
    digit: 3,
    topDigit: 3,
    confidence: 0.05,
    noneProb: 0.5,
    none: null,
    ms: 1.2345,
    probs,
    wav: new Blob(),
    ...changes,
  };
}

describe("toCsv", () => {
  it("has a header, the oldest answer first, and an empty cell where no digit was heard", () => {
    const text = toCsv([entry(2, "b.wav", { digit: null, none: "silence" }), entry(1, "a.wav")]);
    const [header, ...rows] = text.split("\r\n");
    expect(header?.split(",")).toHaveLength(18);
    expect(rows[0]).toMatch(/^1970-01-01T00:00:00.000Z,a\.wav,file,3,0\.05,,1\.23,0\.05,/);
    expect(rows[1]).toMatch(/,b\.wav,file,,0\.05,silence,/);
    expect(text.endsWith("\r\n")).toBe(true);
  });

  it("quotes names with commas, quotes and line ends", () => {
    expect(toCsv([entry(1, 'a, "b"\n.wav')])).toContain(',"a, ""b""\n.wav",');
  });

  it("lets no name be run as a formula by a spreadsheet", () => {
    expect(toCsv([entry(1, "=1+1")])).toContain(",'=1+1,");
  });
});

describe("toJson", () => {
  it("lists the answers, the oldest first", () => {
    const answers = JSON.parse(toJson([entry(2, "b"), entry(1, "a")])) as { name: string; probs: number[] }[];
    expect(answers.map(({ name }) => name)).toEqual(["a", "b"]);
    expect(answers[0]!.probs).toHaveLength(10);
  });
});
