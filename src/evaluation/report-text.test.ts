import { describe, expect, it } from "vitest";
import { buildReport, buildStringReport, type EvaluationRow, type StringRow } from "./report.ts";
import { formatReport, formatStringReport } from "./report-text.ts";

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

const STRING_ROWS: StringRow[] = [
  { path: "a.wav", digits: "0451", heard: "0451", speaker: "ann", corpus: "home", durationMs: 3000 },
  { path: "b.wav", digits: "33", heard: "3", speaker: "bob", corpus: "home", durationMs: 1000 },
  { path: "rain.wav", digits: "", heard: "8", speaker: "unknown", corpus: "noise", durationMs: 5000 },
];

describe("formatStringReport", () => {
  it("shows figures over all, per corpus and per speaker, and what was heard wrong", () => {
    const failed = [{ path: "c.wav", code: "audio-empty", message: "the audio holds no bytes" } as const];
    expect(formatStringReport(buildStringReport(STRING_ROWS, failed), STRING_ROWS)).toBe(`\
3 recordings heard, 1 file failed

Strings: 3, right 33.33 %
Digits: 6, error rate 33.33 % (0 substituted, 1 deleted, 1 inserted)

Per corpus
  corpus  strings    right  digits  error rate  substituted  deleted  inserted
  home          2  50.00 %       6     16.67 %            0        1         0
  noise         1   0.00 %       0           -            0        0         1

Per speaker
  speaker  strings     right  digits  error rate  substituted  deleted  inserted
  ann            1  100.00 %       4      0.00 %            0        0         0
  bob            1    0.00 %       2     50.00 %            0        1         0
  unknown        1    0.00 %       0           -            0        0         1

Heard wrong: 2 recordings
  spoken  heard  recording
  33      3      b.wav
  -       8      rain.wav

Failed: 1 file
  c.wav: audio-empty: the audio holds no bytes
`);
  });

  it("shows the first twenty of many that were heard wrong", () => {
    const rows = Array.from({ length: 21 }, (_, i) => ({ ...STRING_ROWS[1]!, path: `${i}.wav` }));
    const text = formatStringReport(buildStringReport(rows), rows);
    expect(text).toContain("Heard wrong: 21 recordings, the first 20\n");
    expect(text).toContain("19.wav");
    expect(text).not.toContain("20.wav");
  });

  it("says that nothing was heard where every file failed", () => {
    const failed = [{ path: "a\x1b[2J.wav", code: "file-unreadable", message: "gone" } as const];
    expect(formatStringReport(buildStringReport([], failed), [])).toBe(
      "0 recordings heard, 1 file failed\n\nFailed: 1 file\n  a?[2J.wav: file-unreadable: gone\n",
    );
  });
});
