import { describe, expect, it } from "vitest";
import { buildStringReport, type StringRow } from "./string-report.ts";
import { formatStringReport } from "./string-report-text.ts";

const ROWS: StringRow[] = [
  { path: "a.wav", digits: "0451", heard: "0451", speaker: "ann", corpus: "home", durationMs: 3000 },
  { path: "b.wav", digits: "33", heard: "3", speaker: "bob", corpus: "home", durationMs: 1000 },
  { path: "rain.wav", digits: "", heard: "8", speaker: "unknown", corpus: "noise", durationMs: 5000 },
];

describe("formatStringReport", () => {
  it("shows figures over all, per corpus and per speaker, and what was heard wrong", () => {
    const failed = [{ path: "c.wav", code: "audio-empty", message: "the audio holds no bytes" } as const];
    expect(formatStringReport(buildStringReport(ROWS, failed), ROWS)).toBe(`\
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
    const rows = Array.from({ length: 21 }, (_, i) => ({ ...ROWS[1]!, path: `${i}.wav` }));
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
