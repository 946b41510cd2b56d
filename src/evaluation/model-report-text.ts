import { DIGIT_TESTS, type DigitTestName, WORD_TESTS, type WordTestName } from "./held-out-material.ts";
import type { DigitTestFigures, LeftOutFigures, ModelReport } from "./model-report.ts";
import type { RejectionFigures, RejectionPart } from "./rejection.ts";
import { formatRobustness } from "./robustness-text.ts";
import { type Alignment, formatTable } from "./text-table.ts";

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
    titled("Digits", digitTable(digits)),
    ...(leftOutSpeakers ? [titled("Speakers left out of training", leftOutTable(leftOutSpeakers))] : []),
    titled("False accepts", rejectionTable(words, { noise, silence })),
    titled(`Windows of noise, one each ${noise.hopMs} ms, by kind`, kindTable(noise)),
    titled("Silence, by kind", kindTable(silence)),
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
    "answered",
    "answered right",
    "calibration error",
  ];
  const rows = Object.entries(digits).map(([name, figures]) => [name, ...digitCells(figures)]);
  return table(header, rows);
}

function digitCells(figures: DigitTestFigures): string[] {
  const { n, nSpeakers, accuracy, accepted, acceptedRight, calibrationError } = figures;
  return [
    String(n),
    String(nSpeakers),
    ...[accuracy, accepted, acceptedRight].map(percent),
    calibrationError.toFixed(4),
  ];
}

function leftOutTable({ mean, worst, bySpeaker }: LeftOutFigures): string {
  const rows = Object.entries({ ...bySpeaker, mean, worst });
  return table(
    ["speaker", "best right"],
    rows.map(([name, share]) => [name, percent(share)]),
  );
}

function rejectionTable(
  words: ModelReport["rejection"]["words"],
  others: Record<string, RejectionPart>,
): string {
  const named = Object.entries<RejectionFigures>({ ...words, ...others });
  const rows = named.map(([name, figures]) => [name, ...rejectionCells(figures), describe(name)]);
  return table(["", "clips", "answered", "", ""], rows, ["left", "right", "right", "right", "left"]);
}

function describe(name: string): string {
  return name in WORD_TESTS ? WORD_TESTS[name as WordTestName] : "";
}

function kindTable({ byKind }: RejectionPart): string {
  const rows = Object.entries(byKind).map(([kind, figures]) => [kind, ...rejectionCells(figures)]);
  return table(["", "clips", "answered", ""], rows);
}

function rejectionCells({ n, answered }: RejectionFigures): string[] {
  return [String(n), String(answered), n === 0 ? "-" : percent(answered / n)];
}

function table(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  alignments: readonly Alignment[] = header.map((_, column) => (column === 0 ? "left" : "right")),
): string {
  return formatTable([header, ...rows], alignments);
}

function titled(title: string, body: string): string {
  return `${title}\n${body}`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}
