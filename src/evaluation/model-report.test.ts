import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeModelReport } from "../../test/support/made-up-report.ts";
import type { ModelInfo } from "../model/model-metadata.ts";
import {
  digitTestFigures,
  leftOutFigures,
  MOST_SPEAKERS_LISTED,
  readModelReport,
  writeModelReport,
} from "./model-report.ts";
import { formatModelReport } from "./model-report-text.ts";
import { buildReport, type EvaluationRow } from "./report.ts";
import { reliabilitySvg } from "./robustness-svg.ts";

const info: ModelInfo = {
  architecture: "compact",
  threshold: 0.6,
  trainingData: "",
  training: {},
  accuracy: {},
  labels: [],
  sampleRate: 8000,
  parameterCount: 1,
};
const report = makeModelReport(Uint8Array.of(1, 2, 3), info);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "model-report-test-"));
});
afterEach(() => rm(folder, { recursive: true }));

const row = (change: Partial<EvaluationRow>): EvaluationRow => ({
  label: 3,
  topDigit: 3,
  digit: 3,
  confidence: 0.9,
  speaker: "ann",
  ...change,
});

describe("digitTestFigures", () => {
  it("tells right digits, answers and right answers apart", () => {
    const figures = digitTestFigures([
      row({}),
      row({ digit: null }),
      row({ topDigit: 5, digit: 5 }),
      row({ topDigit: 5, digit: null }),
    ]);
    expect(figures).toMatchObject({ n: 4, accuracy: 0.5, accepted: 0.5, acceptedRight: 0.25, nSpeakers: 1 });
    expect(figures.recall[3]).toBe(0.5);
    expect(figures.recall[4]).toBeNull();
    expect(figures.confusion[3]![5]).toBe(2);
  });

  it("measures how far confidence is from the share of right digits", () => {
    const figures = digitTestFigures([row({ confidence: 0.9 }), row({ confidence: 0.9, topDigit: 1 })]);
    expect(figures.calibrationError).toBeCloseTo(0.4, 9);
    expect(figures.reliability.filter(({ n }) => n > 0)).toEqual([
      expect.objectContaining({ n: 2, accuracy: 0.5 }),
    ]);
  });

  it("lists speakers only where they are few", () => {
    const many = Array.from({ length: MOST_SPEAKERS_LISTED + 1 }, (_, i) => row({ speaker: `s${i}` }));
    expect(digitTestFigures(many).bySpeaker).toBeUndefined();
    expect(digitTestFigures(many.slice(1)).bySpeaker).toHaveProperty("s5", { n: 1, accuracy: 1 });
  });
});

describe("leftOutFigures", () => {
  it("takes the mean over speakers, whatever the number of their clips", () => {
    const rows = [row({}), row({ topDigit: 1 }), row({ speaker: "bob" }), row({ speaker: "bob" })];
    expect(leftOutFigures(buildReport([...rows, row({ topDigit: 2 })]))).toEqual({
      mean: (1 / 3 + 1) / 2,
      worst: 1 / 3,
      bySpeaker: { ann: 1 / 3, bob: 1 },
    });
  });
});

describe("a report's file", () => {
  it("is read as it was written", async () => {
    const path = join(folder, "compact.report.json");
    await writeModelReport(path, report);
    expect(await readModelReport(path)).toEqual(JSON.parse(JSON.stringify(report)));
    expect(await readdir(folder)).toEqual(["compact.report.json"]);
  });

  it("names the model file by its digest", () => {
    // printf '\1\2\3' | sha256sum
    expect(report.model).toEqual({
      architecture: "compact",
      threshold: 0.6,
      bytes: 3,
      sha256: "039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81",
    });
  });

  it.each([
    ["no JSON", "{"],
    ["another JSON", "null"],
    ["another layout", JSON.stringify({ ...report, version: 2 })],
    ["a report without robustness", JSON.stringify({ ...report, robustness: undefined })],
    ["a test that nobody knows", JSON.stringify({ ...report, digits: { mine: {} } })],
  ])("is not taken for one when it holds %s", async (_title, text) => {
    const path = join(folder, "report.json");
    await writeFile(path, text);
    await expect(readModelReport(path)).rejects.toMatchObject({
      code: "file-unreadable",
      message: expect.stringMatching(/report\.json.*spoken-digits robustness --report/),
    });
  });

  it("says when it is not there, and when it cannot be written", async () => {
    await expect(readModelReport(join(folder, "x.json"))).rejects.toThrow(/x\.json: there is none/);
    await expect(writeModelReport(join(folder, "no", "x.json"), report)).rejects.toMatchObject({
      code: "file-unreadable",
    });
    expect(await readFile(join(folder, "x.json")).catch(() => "none")).toBe("none");
  });
});

describe("formatModelReport", () => {
  const text = formatModelReport(report);

  it("has a line a test, a list, a kind and a condition", () => {
    expect(text).toMatch(/speech-commands-validation +200 +40 +99\.50 % +99\.50 % +99\.00 %/);
    expect(text).toMatch(/unheard-words +400 +30 +7\.50 % +Speech Commands, words that training never hears/);
    expect(text).toMatch(/noise +1000 +4 +0\.40 %/);
    expect(text).toMatch(/rain +1000 +4 +0\.40 %/);
    expect(text).toMatch(/worst +95\.00 %/);
    expect(text).toMatch(/coloured noise +10 dB +96\.5 %/);
    expect(text.endsWith("\n")).toBe(true);
  });

  it("leaves out what was not measured", () => {
    const { leftOutSpeakers: _, ...rest } = report;
    const noise = { n: 0, answered: 0, hopMs: 250, byKind: {} };
    const less = formatModelReport({ ...rest, rejection: { ...rest.rejection, noise } });
    expect(less).not.toContain("left out");
    expect(less).toMatch(/noise +0 +0 +-/);
  });
});

describe("reliabilitySvg", () => {
  it("draws a line for each test against the diagonal", () => {
    const reliability = report.digits["fsdd-official"]!.reliability;
    const svg = reliabilitySvg({ "fsdd-official": reliability });
    for (const name of ["fsdd-official", "confidence = share right"]) expect(svg).toContain(name);
    expect(svg).not.toContain("NaN");
  });
});
