import { DIGIT_TESTS, type DigitTestName, WORD_TESTS, type WordTestName } from "./held-out-material.ts";
import type { DigitTestFigures, LeftOutFigures, ModelReport } from "./model-report.ts";
import type { RejectionFigures, RejectionPart } from "./rejection.ts";
import { formatRobustness } from "./robustness-text.ts";
import { formatTable, percent } from "./text-table.ts";

/**
 * A model report as text for a terminal: digits by test, what is no digit, then every condition of the robustness report.
 *
 * @returns Lines of plain text without colours, the last one ended by a line feed.
 */
export function formatModelReport(report: ModelReport): string {
  const { model, digits, leftOutSpeakers, rejection, robustness } = report;
  const { words, noise, silence } = rejection;
  const damaged = Object.entries(robustness).map(
    ([name, figures]) => `${DIGIT_TESTS[name as DigitTestName]}\n${formatRobustness(figures)}`,
  );
  const sections = [
    `${model.architecture}, threshold ${model.threshold}, ${model.bytes} bytes, SHA-256 ${model.sha256}`,
    `Digits\n${digitTable(digits)}`,
    ...(leftOutSpeakers ? [`Speakers left out of training\n${leftOutTable(leftOutSpeakers)}`] : []),
    `False accepts\n${rejectionTable(words, { noise, silence })}`,
    `Windows of noise, one each ${noise.hopMs} ms, by kind\n${kindTable(noise)}`,
    `Silence, by kind\n${kindTable(silence)}`,
    ...damaged,
  ];
  return `${sections.join("\n\n").trimEnd()}\n`;
}

function digitTable(digits: ModelReport["digits"]): string {
  const header = [
    "test",
    "clips",
    "speakers",
    "best right",
    "accepted",
    "accepted right",
    "calibration error",
  ];
  const rows = Object.entries(digits).map(([name, figures]) => [name, ...digitCells(figures)]);
  return formatTable([header, ...rows]);
}

function digitCells(figures: DigitTestFigures): string[] {
  const { n, nSpeakers, accuracy, accepted, acceptedRight, calibrationError } = figures;
  return [
    String(n),
    String(nSpeakers),
    ...[accuracy, accepted, acceptedRight].map((share) => percent(share)),
    calibrationError.toFixed(4),
  ];
}

function leftOutTable({ mean, worst, bySpeaker }: LeftOutFigures): string {
  const rows = Object.entries({ ...bySpeaker, mean, worst });
  return formatTable([["speaker", "best right"], ...rows.map(([name, share]) => [name, percent(share)])]);
}

function rejectionTable(
  words: ModelReport["rejection"]["words"],
  others: Record<string, RejectionPart>,
): string {
  const named = Object.entries<RejectionFigures>({ ...words, ...others });
  const rows = named.map(([name, figures]) => [name, ...rejectionCells(figures), describe(name)]);
  return formatTable(
    [["", "clips", "accepted", "", ""], ...rows],
    ["left", "right", "right", "right", "left"],
  );
}

function describe(name: string): string {
  return name in WORD_TESTS ? WORD_TESTS[name as WordTestName] : "";
}

function kindTable({ byKind }: RejectionPart): string {
  const rows = Object.entries(byKind).map(([kind, figures]) => [kind, ...rejectionCells(figures)]);
  return formatTable([["", "clips", "accepted", ""], ...rows]);
}

function rejectionCells({ n, answered }: RejectionFigures): string[] {
  return [String(n), String(answered), n === 0 ? "-" : percent(answered / n)];
}
