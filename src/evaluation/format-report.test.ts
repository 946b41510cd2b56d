import { describe, expect, it } from "vitest";
import { formatReport } from "./format-report.ts";
import { buildReport, type EvaluationRow } from "./report.ts";

const ROWS: EvaluationRow[] = [
  { label: 0, topDigit: 0, digit: 0, speaker: "ann", corpus: "home" },
  { label: 0, topDigit: 8, digit: 8, speaker: "bartholomew", corpus: "car" },
  { label: 8, topDigit: 8, digit: null, speaker: "ann", corpus: "car" },
  { label: "none", topDigit: 4, digit: null, corpus: "home" },
  { label: "none", topDigit: 4, digit: 4, corpus: "street" },
];

describe("formatReport", () => {
  it("sets every section as aligned columns", () => {
    const failed = [{ path: "x.wav", code: "audio-empty", message: "the audio holds no bytes" }] as const;
    expect(formatReport(buildReport(ROWS, failed))).toBe(`5 clips classified, 1 file failed

Digits: 3 clips, accuracy 66.67 %, accepted 66.67 %

Per digit
  digit  precision    recall       F1  clips
  0       100.00 %   50.00 %  66.67 %      2
  1              -         -        -      0
  2              -         -        -      0
  3              -         -        -      0
  4              -         -        -      0
  5              -         -        -      0
  6              -         -        -      0
  7              -         -        -      0
  8        50.00 %  100.00 %  66.67 %      1
  9              -         -        -      0

Confusion (row: spoken, column: predicted)
     0  1  2  3  4  5  6  7  8  9
  0  1  .  .  .  .  .  .  .  1  .
  1  .  .  .  .  .  .  .  .  .  .
  2  .  .  .  .  .  .  .  .  .  .
  3  .  .  .  .  .  .  .  .  .  .
  4  .  .  .  .  .  .  .  .  .  .
  5  .  .  .  .  .  .  .  .  .  .
  6  .  .  .  .  .  .  .  .  .  .
  7  .  .  .  .  .  .  .  .  .  .
  8  .  .  .  .  .  .  .  .  1  .
  9  .  .  .  .  .  .  .  .  .  .

Per speaker
  speaker      clips  accuracy
  ann              2  100.00 %
  bartholomew      1    0.00 %

Per corpus
  corpus  clips  accuracy  accepted
  car         2   50.00 %   50.00 %
  home        1  100.00 %  100.00 %

No digit: 2 clips, false accepts 50.00 %
  corpus  clips  false accepts
  home        1         0.00 %
  street      1       100.00 %

Failed: 1 file
  x.wav: audio-empty: the audio holds no bytes
`);
  });

  it("leaves out what was not measured", () => {
    expect(formatReport(buildReport([]))).toBe("0 clips classified, 0 files failed\n");
    expect(formatReport(buildReport(ROWS.slice(0, 3)))).not.toMatch(/No digit|Failed:/);
    expect(formatReport(buildReport(ROWS.slice(3)))).not.toMatch(/Digits:|Confusion/);
  });

  it("lets no control character of a name reach the terminal", () => {
    const evil = "\u001b[2Jann\n\u009b31m";
    const report = buildReport(
      [{ ...ROWS[0]!, speaker: evil, corpus: evil }],
      [{ path: evil, code: "audio-empty", message: evil }],
    );
    expect(formatReport(report).replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
    expect(formatReport(report)).toContain("?[2Jann??31m");
  });
});
