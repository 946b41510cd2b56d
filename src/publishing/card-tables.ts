import {
  DIGIT_TESTS,
  type DigitTestName,
  WORD_TESTS,
  type WordTestName,
} from "../evaluation/held-out-material.ts";
import type { DigitTestFigures, LeftOutFigures, ModelReport } from "../evaluation/model-report.ts";
import type { RejectionFigures, RejectionPart } from "../evaluation/rejection.ts";
import type { RobustnessReport } from "../evaluation/robustness.ts";
import { formatSetting } from "../evaluation/robustness-text.ts";

/**
 * A table in Markdown.
 *
 * @param header One cell a column.
 * @param rows As many cells each. Bars in them are escaped.
 * @param options.nLeft How many columns, from the first on, hold text and are set left; the others are set right. Default: 1.
 * @returns Lines without a line feed at the end.
 */
export function markdownTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  options: { nLeft?: number } = {},
): string {
  const rule = header.map((_, column) => (column < (options.nLeft ?? 1) ? "---" : "--:"));
  return [header, rule, ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`)
    .join("\n");
}

/** A share as a percentage, for example `97.5 %`. @param share 0..1. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** Digits as they are, one line a test. @param digits Of a model report. */
export function digitTable(digits: ModelReport["digits"]): string {
  const rows = entriesOf<DigitTestName, DigitTestFigures>(digits).map(([test, figures]) => [
    DIGIT_TESTS[test],
    String(figures.nSpeakers),
    String(figures.n),
    percent(figures.accuracy),
    percent(figures.accepted),
    percent(figures.acceptedRight),
    figures.calibrationError.toFixed(3),
  ]);
  const header = [
    "test",
    "speakers",
    "clips",
    "best digit right",
    "accepted",
    "accepted and right",
    "calibration error",
  ];
  return markdownTable(header, rows);
}

/**
 * Digits by speaker, a table for each test with few speakers.
 *
 * @param digits Of a model report.
 * @returns Empty where there is no such test.
 */
export function speakerTables(digits: ModelReport["digits"]): string {
  const tables = entriesOf<DigitTestName, DigitTestFigures>(digits).flatMap(([test, { bySpeaker }]) => {
    if (!bySpeaker) return [];
    const rows = Object.entries(bySpeaker).map(([speaker, { n, accuracy }]) => [
      speaker,
      String(n),
      percent(accuracy),
    ]);
    return [`${DIGIT_TESTS[test]}:\n\n${markdownTable(["speaker", "clips", "best digit right"], rows)}`];
  });
  return tables.join("\n\n");
}

/** Each digit's recall, one line a test. @param digits Of a model report. */
export function recallTable(digits: ModelReport["digits"]): string {
  const rows = entriesOf<DigitTestName, DigitTestFigures>(digits).map(([test, { recall }]) => [
    DIGIT_TESTS[test],
    ...recall.map((share) => (share === null ? "-" : percent(share))),
  ]);
  return markdownTable(["test", ..."0123456789"], rows);
}

/** Trainings of the same recipe without a speaker, one line each. @param leftOut Of a model report. */
export function leftOutTable(leftOut: LeftOutFigures): string {
  const { bySpeaker, mean, worst } = leftOut;
  const rows = Object.entries(bySpeaker).map(([speaker, share]) => [speaker, percent(share)]);
  return markdownTable(
    ["speaker left out", "best digit right"],
    [...rows, ["**mean**", `**${percent(mean)}**`], ["**worst**", `**${percent(worst)}**`]],
  );
}

/** What is no digit, one line a list. @param rejection Of a model report. */
export function rejectionTable(rejection: ModelReport["rejection"]): string {
  const { words, noise, silence } = rejection;
  const ofWords = entriesOf<WordTestName, RejectionPart>(words).map(([name, figures]) => [
    WORD_TESTS[name],
    ...rejectionCells(figures),
  ]);
  const rows = [
    ...ofWords,
    [`recorded noise, windows of one second, one each ${noise.hopMs} ms`, ...rejectionCells(noise)],
    ["silence: digital, dither, converter noise, a quiet room, hum", ...rejectionCells(silence)],
  ];
  return markdownTable(["what it is", "clips", "false accepts"], rows);
}

function rejectionCells({ n, answered }: RejectionFigures): string[] {
  return [String(n), n === 0 ? "-" : `${answered} (${((100 * answered) / n).toFixed(2)} %)`];
}

/** Damaged digits, one line a condition. @param report Of one test. */
export function robustnessTable(report: RobustnessReport): string {
  const rows = report.rows.map((row) => [
    [row.group, formatSetting(row)].filter((part) => part !== "").join(", "),
    percent(row.plain.accuracy),
    percent(row.plain.accepted),
    percent(row.denoised.accuracy),
    percent(row.denoised.accepted),
  ]);
  return markdownTable(
    ["condition", "best digit right", "accepted", "noise reduced: right", "accepted"],
    rows,
  );
}

function entriesOf<Name extends string, Value>(record: Partial<Record<Name, Value>>): [Name, Value][] {
  return Object.entries(record) as [Name, Value][];
}
